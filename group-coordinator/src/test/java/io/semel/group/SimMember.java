package io.semel.group;

import io.semel.group.assign.Assignment;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A consumer in the walk of mixed groups: what it says it owns is what it would be reading. It may lose
 * answers, be slow, fall silent, leave, or die and come back.
 */
abstract class SimMember {
    final String groupId;
    final String instanceId;
    final String host;
    final Random random;
    SortedSet<String> topics;
    String memberId = "";
    Assignment owned = Assignment.NONE;
    boolean alive;
    private int lives;

    SimMember(String groupId, String instanceId, String host, Random random) {
        this.groupId = groupId;
        this.instanceId = instanceId;
        this.host = host;
        this.random = random;
        topics = new TreeSet<>();
    }

    /** A new process: it knows nothing. */
    void start(SortedSet<String> subscription) {
        alive = true;
        lives++;
        topics = new TreeSet<>(subscription);
        owned = Assignment.NONE;
        reset();
    }

    String nextId() {
        return host + "-" + lives + "-" + random.nextInt(1_000_000);
    }

    /** It dies without a word. */
    void crash() {
        alive = false;
        owned = Assignment.NONE;
    }

    /** A step of its life: takes an answer in, or asks. {@code loses} says that an answer does not arrive. */
    abstract void act(Room room, boolean loses);

    /** It leaves, in the words of its protocol. */
    abstract void leave(Room room);

    abstract void reset();

    /** Whatever it waited for will not be answered: the room is gone. */
    abstract void forgetAsk();
}

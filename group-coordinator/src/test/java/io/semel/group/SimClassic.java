package io.semel.group;

import io.semel.group.GroupCommand.Heartbeat;
import io.semel.group.GroupCommand.Join;
import io.semel.group.GroupCommand.Leave;
import io.semel.group.GroupCommand.LeavingMember;
import io.semel.group.GroupCommand.Sync;
import io.semel.group.GroupReply.Beat;
import io.semel.group.GroupReply.Joined;
import io.semel.group.GroupReply.JoinedMember;
import io.semel.group.GroupReply.MemberIdRequired;
import io.semel.group.GroupReply.Rejected;
import io.semel.group.GroupReply.Synced;
import io.semel.group.Room.Ask;
import io.semel.group.assign.Assignment;
import io.semel.group.assign.RangeAssignor;
import io.semel.group.assign.Subscriber;
import io.semel.group.assign.TopicFacts;
import io.semel.wire.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A consumer of the classic protocol with the range assignor: gives up everything before it joins. A leader
 * joins again when the topics are others.
 */
final class SimClassic extends SimMember {
    private static final int SESSION_MS = 10_000;
    private static final int REBALANCE_MS = 20_000;

    private enum State { JOINING, SYNCING, READING }

    private State state = State.JOINING;
    private int generation;
    private FixedTopics ledWith;
    private FixedTopics ledWithLast = FixedTopics.NONE;
    private FixedTopics syncedWith;
    private Ask ask;

    SimClassic(String groupId, String instanceId, String host, Random random) {
        super(groupId, instanceId, host, random);
    }

    /** A static member comes back as it was: in a stable group nobody asks what it subscribes to now. */
    @Override
    void start(SortedSet<String> subscription) {
        super.start(instanceId == null || topics.isEmpty() ? subscription : topics);
    }

    @Override
    void reset() {
        memberId = "";
        rejoin();
    }

    private void rejoin() {
        owned = Assignment.NONE;
        state = State.JOINING;
        ledWith = null;
        ask = null;
    }

    @Override
    void forgetAsk() {
        ask = null;
        if (state == State.SYNCING) rejoin();
    }

    @Override
    void act(Room room, boolean loses) {
        if (!alive) return;
        if (ask == null) {
            if (ledWith != null && ledWith != room.topics) rejoin();
            askAgain(room);
            return;
        }
        if (ask.waits()) return;
        GroupReply reply = ask.reply;
        ask = null;
        if (loses) {
            forgetAsk();
            return;
        }
        switch (state) {
            case JOINING -> hearJoin(room, reply);
            case SYNCING -> hearSync(room, reply);
            case READING -> hearBeat(((Beat) reply).error());
        }
    }

    private void askAgain(Room room) {
        ask = switch (state) {
            case JOINING -> room.ask(new Join(groupId, memberId, nextId(), instanceId, host, "/" + host,
                    SESSION_MS, REBALANCE_MS, "consumer", List.of(new Protocol("range",
                    Room.subscription(topics.toArray(String[]::new)))), true, true, room.topics,
                    room.ticket()));
            case READING -> room.ask(new Heartbeat(groupId, generation, memberId, instanceId));
            case SYNCING -> throw new AssertionError("a sync is asked when the join is answered");
        };
    }

    private void hearJoin(Room room, GroupReply reply) {
        if (reply instanceof MemberIdRequired required) {
            memberId = required.memberId();
        } else if (reply instanceof Joined joined) {
            memberId = joined.memberId();
            generation = joined.generation();
            state = State.SYNCING;
            syncedWith = room.topics;
            if (!joined.members().isEmpty()) lead(joined, room.topics);
            ask = room.ask(new Sync(groupId, generation, memberId, instanceId, "consumer", "range",
                    joined.members().isEmpty() ? Map.of() : assign(room, joined.members()), room.topics));
        } else {
            refused(((Rejected) reply).error());
        }
    }

    /**
     * A static leader that comes back assigns nothing. Kafka's client then misses what has changed while it
     * was away (KIP-814); this one does not, or nobody would ever notice.
     */
    private void lead(Joined joined, FixedTopics topics) {
        if (!joined.skipAssignment()) ledWithLast = topics;
        ledWith = ledWithLast;
    }

    private void hearSync(Room room, GroupReply reply) {
        if (reply instanceof Synced synced) {
            owned = EmbeddedProtocol.assigned(synced.assignment(), meant(room.topics));
            state = State.READING;
        } else {
            refused(((Rejected) reply).error());
        }
    }

    /** Assignments are by name: a topic that was made again since it asked for its own is not meant. */
    private FixedTopics meant(FixedTopics now) {
        FixedTopics meant = now;
        for (String topic : topics) {
            TopicFacts before = syncedWith.named(topic);
            TopicFacts after = now.named(topic);
            boolean again = before != null && after != null && !before.id().equals(after.id());
            if (again) meant = meant.without(topic);
        }
        return meant;
    }

    private void hearBeat(ErrorCode error) {
        if (error != ErrorCode.NONE) refused(error);
    }

    private void refused(ErrorCode error) {
        switch (error) {
            case REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION -> rejoin();
            case UNKNOWN_MEMBER_ID -> reset();
            case FENCED_INSTANCE_ID -> crash();
            case NOT_COORDINATOR -> {
                if (state == State.SYNCING) rejoin();
            }
            default -> throw new AssertionError(state + " was answered " + error);
        }
    }

    private static Map<String, byte[]> assign(Room room, List<JoinedMember> members) {
        List<Subscriber> subscribers = new ArrayList<>();
        SortedMap<UUID, Integer> counts = new TreeMap<>();
        for (JoinedMember member : members) {
            TreeSet<UUID> ids = new TreeSet<>();
            for (String topic : EmbeddedProtocol.subscribed(member.metadata()).topics()) {
                TopicFacts facts = room.topics.named(topic);
                if (facts == null) continue;
                ids.add(facts.id());
                counts.put(facts.id(), facts.partitions());
            }
            subscribers.add(new Subscriber(member.memberId(), member.groupInstanceId(), ids,
                    Assignment.NONE));
        }
        Map<String, byte[]> assignments = new TreeMap<>();
        new RangeAssignor().assign(subscribers, counts).forEach((memberId, assigned) ->
                assignments.put(memberId, EmbeddedProtocol.assignment(assigned, room.topics, (short) 1)));
        return assignments;
    }

    @Override
    void leave(Room room) {
        if (!alive) return;
        owned = Assignment.NONE;
        alive = false;
        room.ask(new Leave(groupId, List.of(new LeavingMember(memberId, instanceId, null))));
    }
}

package io.semel.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.group.GroupCommand.CommitOffsets;
import io.semel.group.GroupCommand.DescribeGroup;
import io.semel.group.GroupCommand.FetchOffsets;
import io.semel.group.GroupReply.Committed;
import io.semel.group.GroupReply.Described;
import io.semel.group.GroupReply.DescribedMember;
import io.semel.group.GroupReply.Fetched;
import io.semel.group.GroupReply.FetchedOffset;
import io.semel.group.Room.Ask;
import io.semel.group.SimConsumer.State;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A random life of two groups: consumers come, go, fall silent and commit; forces are late; the room crashes.
 * Checks as it goes.
 */
final class GroupWalk implements SimConsumer.Witness {
    private static final int STEPS = 600;
    private static final List<String> GROUPS = List.of("alpha", "beta");

    /** A commit whose answer is outstanding. */
    private record Outstanding(Ask ask, long at) {
    }

    private final Random random;
    private final List<SimConsumer> consumers = new ArrayList<>();
    private final OffsetModel model = new OffsetModel();
    private final TreeMap<Long, Long> digestAt = new TreeMap<>();
    private final Map<String, String> nonceOf = new TreeMap<>();
    private final Map<String, Integer> assignedGeneration = new TreeMap<>();
    private final List<Outstanding> outstanding = new ArrayList<>();
    private Room room;
    private long committed;
    private int crashes;
    private int assignments;

    GroupWalk(long seed) {
        this(seed, false);
    }

    /** @param leaking the saboteur: replies leave before what they rest on is durable */
    GroupWalk(long seed, boolean leaking) {
        random = new Random(seed);
        int delayMs = random.nextInt(3) == 0 ? 2_000 : 0;
        // A group that is swept away begins to count anew; here every generation is to have its own number.
        GroupLimits limits = GroupLimits.defaults().withInitialRebalanceDelayMs(delayMs);
        room = new Room(limits.withOffsetsSweepMs(10_000_000), new RecordJournal(), 1_000_000, leaking);
        room.forces = false;
        int count = 2 + random.nextInt(5);
        for (int index = 0; index < count; index++) {
            String instanceId = random.nextInt(4) == 0 ? "static-" + index : null;
            consumers.add(new SimConsumer(GROUPS.get(index % 2), instanceId, "host-" + index, random, this));
        }
        digestAt.put(0L, room.shard.digest());
    }

    int crashes() {
        return crashes;
    }

    int assignments() {
        return assignments;
    }

    void run() {
        for (int step = 0; step < STEPS; step++) {
            step();
            digestAt.put(room.journal.endOffset(), room.shard.digest());
            afterStep();
        }
        heal();
    }

    private void step() {
        SimConsumer consumer = consumers.get(random.nextInt(consumers.size()));
        int dice = random.nextInt(100);
        if (dice < 60) consumer.act(room);
        else if (dice < 66) commit(consumer);
        else if (dice < 70) commitInTransaction();
        else if (dice < 74) mark();
        else if (dice < 77) fetchAndCheck();
        else if (dice < 91) room.force();
        else if (dice < 92) crash();
        else if (dice < 94) consumer.loseConnection(room);
        else if (dice < 95) consumer.die();
        else if (dice < 97) consumer.restart();
        else if (dice < 98 && consumer.state == State.STABLE) consumer.leave(room);
        else if (consumer.state == State.STABLE) consumer.changeSubscription(room);
        room.pass(random.nextInt(random.nextInt(50) == 0 ? 12_000 : 300));
    }

    private void afterStep() {
        for (Outstanding each : outstanding) {
            if (!each.ask.waits() && each.ask.reply instanceof Committed reply
                    && reply.partitions().get(0).error() == ErrorCode.NONE) {
                assertTrue(each.at < room.journal.durableOffset(),
                        "a commit was answered before it was durable");
            }
        }
        outstanding.removeIf(each -> !each.ask.waits());
        int waiting = 0;
        for (ClassicGroup group : room.shard.table().groups().values()) waiting += group.waitingCount();
        assertEquals(waiting, room.host.parkedCount(), "parked for something that will not come");
    }

    // Offsets

    private void commit(SimConsumer consumer) {
        if (consumer.generation < 0 || consumer.state == State.DEAD) return;
        int generation = random.nextInt(8) == 0 ? consumer.generation - 1 : consumer.generation;
        commit(consumer.groupId, consumer.memberId, generation, consumer.instanceId, -1);
    }

    private void commitInTransaction() {
        commit(GROUPS.get(random.nextInt(2)), "", -1, null, 100 + random.nextInt(3));
    }

    private void commit(String groupId, String memberId, int generation, String instanceId, long producerId) {
        TopicPartition partition = new TopicPartition("topic", random.nextInt(3));
        long value = ++committed;
        long at = room.journal.endOffset();
        Ask ask = room.ask(new CommitOffsets(groupId, memberId, generation, instanceId,
                List.of(Room.offsetOf(partition, value)), producerId, (short) 0));
        boolean written = room.journal.endOffset() > at;
        if (!written) return;
        if (producerId < 0) {
            int newest = assignedGeneration.getOrDefault(groupId, -1);
            assertTrue(generation >= newest, "a commit of generation " + generation + " was taken after "
                    + newest + " was assigned");
        }
        model.committed(at, groupId, partition, producerId, value);
        outstanding.add(new Outstanding(ask, at));
    }

    private void mark() {
        long producerId = 100 + random.nextInt(3);
        boolean commit = random.nextInt(3) > 0;
        long at = room.journal.endOffset();
        room.mark(producerId, commit);
        model.marked(at, producerId, commit);
    }

    private void fetchAndCheck() {
        for (String groupId : GROUPS) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int partition = 0; partition < 3; partition++) {
                partitions.add(new TopicPartition("topic", partition));
            }
            Ask plain = room.ask(new FetchOffsets(groupId, null, -1, partitions, false));
            Ask stable = room.ask(new FetchOffsets(groupId, null, -1, partitions, true));
            room.force();
            for (int index = 0; index < partitions.size(); index++) {
                check(groupId, partitions.get(index), plain, stable, index);
            }
        }
    }

    private void check(String groupId, TopicPartition partition, Ask plain, Ask stable, int index) {
        FetchedOffset seen = plain.as(Fetched.class).partitions().get(index);
        assertEquals(model.expected(groupId, partition), seen.offset(), "I11 offset of " + groupId + " "
                + partition);
        ErrorCode error = stable.as(Fetched.class).partitions().get(index).error();
        boolean pending = model.isPending(groupId, partition);
        assertEquals(pending ? ErrorCode.UNSTABLE_OFFSET_COMMIT : ErrorCode.NONE, error, "stability of "
                + partition);
    }

    // Generations

    /** All assignments of a generation come from one leader's sync, each for whom it was meant. */
    @Override
    public void assigned(String groupId, int generation, String name, String assignment) {
        assignments++;
        String[] parts = assignment.split(" ");
        assertEquals(2, parts.length, "member " + name + " of generation " + generation
                + " was left without an assignment");
        assertEquals(name, parts[1], "an assignment for somebody else");
        String before = nonceOf.putIfAbsent(groupId + " " + generation, parts[0]);
        assertTrue(before == null || before.equals(parts[0]), "generation " + generation + " of " + groupId
                + " was assigned twice");
        assignedGeneration.merge(groupId, generation, Math::max);
    }

    // Crashes and healing

    private void crash() {
        List<Long> boundaries = new ArrayList<>(digestAt.tailMap(room.journal.durableOffset()).keySet());
        long survives = boundaries.get(random.nextInt(boundaries.size()));
        Room next = room.crash(survives);
        next.forces = false;
        assertEquals(digestAt.get(survives), next.shard.digest(), "I2 digest at " + survives);
        assertEquals(0, room.host.parkedCount(), "somebody waits in a room that is gone");
        digestAt.tailMap(survives, false).clear();
        model.lose(survives);
        room = next;
        crashes++;
    }

    /** Nobody fails any more: every group of living consumers becomes stable, soon, and stays so. */
    private void heal() {
        room.forces = true;
        room.force();
        for (int round = 0; round < 300; round++) {
            for (SimConsumer consumer : consumers) consumer.act(room);
            room.pass(300);
            afterStep();
        }
        Map<String, Integer> before = new TreeMap<>(assignedGeneration);
        for (int round = 0; round < 100; round++) {
            for (SimConsumer consumer : consumers) consumer.act(room);
            room.pass(300);
        }
        assertEquals(0, room.host.parkedCount(), "somebody still waits");
        assertEquals(before, assignedGeneration, "groups go on rebalancing");
        for (String groupId : GROUPS) assertEquals(alive(groupId), members(groupId), "members of " + groupId);
        for (SimConsumer consumer : consumers) {
            if (consumer.state == State.DEAD) continue;
            assertEquals(State.STABLE, consumer.state, "consumer " + consumer.name());
            assertEquals(assignedGeneration.get(consumer.groupId), consumer.generation, "generation of "
                    + consumer.name());
        }
        fetchAndCheck();
    }

    private Set<String> alive(String groupId) {
        Set<String> ids = new TreeSet<>();
        for (SimConsumer each : consumers) {
            if (each.groupId.equals(groupId) && each.state != State.DEAD) ids.add(each.memberId);
        }
        return ids;
    }

    private Set<String> members(String groupId) {
        Set<String> ids = new TreeSet<>();
        Described described = room.ask(new DescribeGroup(groupId)).as(Described.class);
        for (DescribedMember each : described.members()) ids.add(each.memberId());
        return ids;
    }
}

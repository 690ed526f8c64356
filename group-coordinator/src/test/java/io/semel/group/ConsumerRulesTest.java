package io.semel.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.group.ConsumerLimits.MigrationPolicy;
import io.semel.group.GroupCommand.CommitOffsets;
import io.semel.group.GroupCommand.ConsumerBeat;
import io.semel.group.GroupCommand.DescribeConsumers;
import io.semel.group.GroupCommand.FetchOffsets;
import io.semel.group.GroupCommand.OffsetToCommit;
import io.semel.group.GroupReply.Committed;
import io.semel.group.GroupReply.ConsumersDescribed;
import io.semel.group.GroupReply.Deleted;
import io.semel.group.GroupReply.Fetched;
import io.semel.group.GroupReply.OffsetsDeleted;
import io.semel.group.GroupReply.Reconciled;
import io.semel.group.GroupReply.Refused;
import io.semel.group.Room.Ask;
import io.semel.group.assign.Assignment;
import io.semel.wire.error.ErrorCode;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ConsumerRulesTest {
    private static final int SESSION_MS = ConsumerLimits.defaults().sessionTimeoutMs();
    private static final UUID TOPIC = FixedTopics.idOf("topic", 0);
    private final Room room = new Room();

    private static Assignment of(int... partitions) {
        Assignment.Draft draft = new Assignment.Draft();
        for (int partition : partitions) draft.add(TOPIC, partition);
        return draft.done();
    }

    private ConsumerBeat whole(String memberId, int epoch, String instanceId, Assignment owned) {
        return new ConsumerBeat(Room.GROUP, memberId, epoch, instanceId, null, Room.REBALANCE_MS,
                new TreeSet<>(List.of("topic")), null, null, owned, "client", "/host", room.topics);
    }

    private Reconciled join(String memberId) {
        return room.ask(whole(memberId, 0, null, Assignment.NONE)).as(Reconciled.class);
    }

    private Reconciled joinStatic(String memberId) {
        return room.ask(whole(memberId, 0, "one", Assignment.NONE)).as(Reconciled.class);
    }

    private Ask beat(String memberId, int epoch, Assignment owned) {
        return room.ask(new ConsumerBeat(Room.GROUP, memberId, epoch, null, null, -1, null, null, null, owned,
                "client", "/host", room.topics));
    }

    private static ErrorCode errorOf(Ask ask) {
        return ask.as(Refused.class).error();
    }

    @Test
    void aMemberAloneGetsEverythingAtOnce() {
        Reconciled joined = join("a");

        assertEquals(1, joined.epoch());
        assertEquals(of(0, 1, 2, 3), joined.assigned());
        assertNull(beat("a", 1, null).as(Reconciled.class).assigned());
    }

    @Test
    void partitionsAreGivenUpBeforeTheyAreTaken() {
        join("a");
        Reconciled second = join("b");
        assertEquals(2, second.epoch());
        assertTrue(second.assigned().isEmpty());

        Reconciled asked = beat("a", 1, null).as(Reconciled.class);
        assertEquals(1, asked.epoch());
        assertEquals(of(0, 1), asked.assigned());
        assertNull(beat("b", 2, null).as(Reconciled.class).assigned());
        assertEquals(1, beat("a", 1, of(0, 1, 2)).as(Reconciled.class).epoch());
        assertNull(beat("b", 2, null).as(Reconciled.class).assigned());

        assertEquals(2, beat("a", 1, of(0, 1)).as(Reconciled.class).epoch());
        assertEquals(of(2, 3), beat("b", 2, null).as(Reconciled.class).assigned());
    }

    @Test
    void epochsFence() {
        join("a");
        assertEquals(ErrorCode.FENCED_MEMBER_EPOCH, errorOf(beat("a", 2, null)));
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, errorOf(beat("nobody", 1, null)));
        room.topics = room.topics.with("topic", 5);
        assertEquals(2, beat("a", 1, null).as(Reconciled.class).epoch());

        assertEquals(ErrorCode.FENCED_MEMBER_EPOCH, errorOf(beat("a", 1, null)));
        assertEquals(ErrorCode.FENCED_MEMBER_EPOCH, errorOf(beat("a", 1, of(9))));
        assertEquals(2, beat("a", 1, of(0, 1)).as(Reconciled.class).epoch(), "the answer was lost");
        assertEquals(2, join("a").epoch(), "it may always begin again");
        assertEquals(ErrorCode.GROUP_ID_NOT_FOUND, errorOf(new Room().ask(whole("a", 3, null, null))));
    }

    @Test
    void whoIsSilentOrKeepsWhatItMustGiveUpIsOut() {
        join("a");
        join("b");
        beat("a", 1, null);
        room.pass(Room.REBALANCE_MS - 1);
        assertEquals(1, beat("a", 1, of(0, 1, 2, 3)).as(Reconciled.class).epoch());
        beat("b", 2, null);
        room.pass(1);
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, errorOf(beat("a", 1, null)));
        assertEquals(of(0, 1, 2, 3), beat("b", 2, null).as(Reconciled.class).assigned());

        room.pass(SESSION_MS);
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, errorOf(beat("b", 3, null)));
        assertEquals("Empty", described().state());
    }

    @Test
    void aReloadedGroupWaitsAWholeSessionForItsMembers() {
        join("a");
        Room next = room.crash();
        next.pass(SESSION_MS - 1);

        assertTrue(next.ask(whole("a", 1, null, of(0))).reply instanceof Reconciled);
        next.pass(SESSION_MS);
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, errorOf(next.ask(whole("a", 1, null, of(0)))));
    }

    @Test
    void staticMembersComeBackToTheirPartitions() {
        joinStatic("a1");
        assertEquals(ErrorCode.UNRELEASED_INSTANCE_ID,
                errorOf(room.ask(whole("a2", 0, "one", Assignment.NONE))));
        room.ask(new ConsumerBeat(Room.GROUP, "a1", Standing.LEFT_FOR_NOW, "one", null, -1, null, null, null,
                null, "client", "/host", room.topics));
        Reconciled back = joinStatic("a2");

        assertEquals(1, back.epoch());
        assertEquals(of(0, 1, 2, 3), back.assigned());
        assertEquals(ErrorCode.FENCED_INSTANCE_ID, errorOf(room.ask(whole("a1", 1, "one", null))));
        assertEquals(1, described().members().size());
    }

    @Test
    void refusesWhatIsNotWellFormed() {
        List<ConsumerBeat> wrong = List.of(whole("", 0, null, Assignment.NONE),
                whole("a", -3, null, null), whole("a", -2, null, null), whole("a", 0, "", Assignment.NONE),
                whole("a", 0, null, null), whole("a", 0, null, of(1)),
                new ConsumerBeat(Room.GROUP, "a", 0, null, null, -1, new TreeSet<>(), null, null,
                        Assignment.NONE, "c", "h", room.topics),
                new ConsumerBeat(Room.GROUP, "a", 0, null, null, 9, null, "", null, Assignment.NONE, "c", "h",
                        room.topics));
        for (ConsumerBeat beat : wrong) {
            assertEquals(ErrorCode.INVALID_REQUEST, errorOf(room.ask(beat)), beat.toString());
        }
        assertEquals(ErrorCode.UNSUPPORTED_ASSIGNOR, errorOf(room.ask(new ConsumerBeat(Room.GROUP, "a", 0,
                null, null, 9, new TreeSet<>(), null, "nice", Assignment.NONE, "c", "h", room.topics))));
    }

    @Test
    void aGroupHasABound() {
        Room small = new Room(GroupLimits.defaults().withConsumers(
                new ConsumerLimits(SESSION_MS, 1_000, 1, MigrationPolicy.BIDIRECTIONAL)));
        small.ask(whole("a", 0, null, Assignment.NONE));

        assertEquals(ErrorCode.GROUP_MAX_SIZE_REACHED,
                errorOf(small.ask(whole("b", 0, null, Assignment.NONE))));
        assertTrue(small.ask(whole("a", 0, null, Assignment.NONE)).reply instanceof Reconciled);
    }

    @Test
    void commitsAreFencedByEpochAndPartition() {
        join("a");
        room.topics = room.topics.with("topic", 5);
        beat("a", 1, null);

        assertEquals(ErrorCode.NONE, commit("a", 2, 4, -1));
        assertEquals(ErrorCode.NONE, commit("a", 1, 3, -1), "held since epoch 1");
        assertEquals(ErrorCode.STALE_MEMBER_EPOCH, commit("a", 1, 4, -1), "held since epoch 2 only");
        assertEquals(ErrorCode.STALE_MEMBER_EPOCH, commit("a", 3, 3, -1));
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, commit("b", 2, 3, -1));
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, commit("", -1, 3, -1), "there are members");
        assertEquals(ErrorCode.NONE, commit("", -1, 3, 7), "old transactional clients tell no member");
        assertEquals(ErrorCode.STALE_MEMBER_EPOCH, commit("a", 1, 4, 7));
        assertEquals(ErrorCode.NONE, fetch("a", 2));
        assertEquals(ErrorCode.STALE_MEMBER_EPOCH, fetch("a", 1));
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, fetch("b", 2));
        assertEquals(ErrorCode.NONE, fetch(null, -1));
    }

    /** Simulation, seed 3345 at 132fc9a: two members copied one record. */
    @Test
    void nobodyCommitsForWhatAnotherHoldsThoughItsEpochHasNotMovedOn() {
        join("a");
        join("b");
        beat("a", 1, null);
        join("c");
        join("d");
        Reconciled stillOld = beat("a", 1, of(0, 1)).as(Reconciled.class);
        Reconciled taken = beat("b", 2, null).as(Reconciled.class);
        int gone = of(3).equals(taken.assigned()) ? 3 : 2;

        assertEquals(1, stillOld.epoch());
        assertEquals(of(gone), taken.assigned());
        assertEquals(ErrorCode.STALE_MEMBER_EPOCH, commit("a", 1, gone, 7));
        assertEquals(ErrorCode.STALE_MEMBER_EPOCH, commit("a", 1, gone, -1));
        assertEquals(ErrorCode.NONE, commit("a", 1, 0, 7), "its own");
        assertEquals(ErrorCode.NONE, commit("b", taken.epoch(), gone, 7), "the holder's");
    }

    private ErrorCode commit(String memberId, int epoch, int partition, long producerId) {
        return room.ask(new CommitOffsets(Room.GROUP, memberId, epoch, null,
                List.of(new OffsetToCommit(Room.partition(partition), 5, -1, "", TOPIC)), producerId,
                (short) 0)).as(Committed.class).partitions().get(0).error();
    }

    private ErrorCode fetch(String memberId, int epoch) {
        return room.ask(new FetchOffsets(Room.GROUP, memberId, epoch, null, false)).as(Fetched.class).error();
    }

    @Test
    void isDeletedWhenItIsEmptyOnly() {
        join("a");
        commit("a", 1, 0, -1);
        assertEquals(ErrorCode.NON_EMPTY_GROUP, delete());
        assertEquals(ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC, room.ask(new GroupCommand.DeleteOffsets(Room.GROUP,
                List.of(Room.partition(0)))).as(OffsetsDeleted.class).partitions().get(0).error());
        beat("a", -1, null);
        assertEquals(ErrorCode.NONE, delete());

        assertEquals(ErrorCode.GROUP_ID_NOT_FOUND, errorOf(room.ask(new DescribeConsumers(Room.GROUP))));
        assertEquals(-1, room.fetch(0, false).offset());
        assertEquals(new Room().shard.digest(), room.crash().shard.digest());
    }

    private ErrorCode delete() {
        return room.ask(new GroupCommand.DeleteGroup(Room.GROUP)).as(Deleted.class).error();
    }

    @Test
    void offsetsExpireFromWhenTheGroupBecameEmpty() {
        long retentionMs = GroupLimits.defaults().offsetsRetentionMs();
        join("a");
        commit("a", 1, 0, -1);
        for (long passed = 0; passed < retentionMs; passed += SESSION_MS - 1) {
            room.pass(SESSION_MS - 1);
            beat("a", 1, null);
        }
        beat("a", -1, null);
        room.pass(retentionMs - 1_200_000);
        assertEquals(5, room.fetch(0, false).offset());
        room.pass(2_400_000);
        assertEquals(-1, room.fetch(0, false).offset());
        assertEquals(ErrorCode.GROUP_ID_NOT_FOUND, errorOf(room.ask(new DescribeConsumers(Room.GROUP))));
    }

    @Test
    void anExpressionFollowsTheTopics() {
        ConsumerBeat beat = new ConsumerBeat(Room.GROUP, "a", 0, null, null, 9, null, "to.*", null,
                Assignment.NONE, "c", "h", room.topics);
        assertEquals(4, room.ask(beat).as(Reconciled.class).assigned().size());
        room.topics = room.topics.with("tomorrow", 2).with("yesterday", 7);
        assertEquals(6, beat("a", 1, null).as(Reconciled.class).assigned().size());
        room.topics = room.topics.without("topic");
        assertEquals(2, beat("a", 2, null).as(Reconciled.class).assigned().size());

        Room next = room.crash();
        assertEquals(room.shard.digest(), next.shard.digest());
        next.ask(new ConsumerBeat(Room.GROUP, "a", -1, null, null, -1, null, null, null, null, "c", "h",
                room.topics));
        assertTrue(next.shard.table().consumerGroup(Room.GROUP).expressions().isEmpty());
    }

    @Test
    void changesItsProtocolOnlyAsFarAsThePolicyGoes() {
        for (MigrationPolicy policy : List.of(MigrationPolicy.DISABLED, MigrationPolicy.DOWNGRADE)) {
            Room strict = new Room(GroupLimits.defaults().withConsumers(
                    new ConsumerLimits(SESSION_MS, 1_000, 10, policy)));
            strict.stable("classic");
            assertEquals(ErrorCode.GROUP_ID_NOT_FOUND,
                    errorOf(strict.ask(whole("a", 0, null, Assignment.NONE))));
            assertEquals("Stable", strict.state());
        }
        room.stable("classic");
        assertEquals(ErrorCode.GROUP_ID_NOT_FOUND, errorOf(room.ask(whole("a", 0, null, Assignment.NONE))),
                "its assignment cannot be read");
    }

    private ConsumersDescribed described() {
        return room.ask(new DescribeConsumers(Room.GROUP)).as(ConsumersDescribed.class);
    }
}

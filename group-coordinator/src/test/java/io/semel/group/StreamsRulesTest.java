package io.semel.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.group.GroupCommand.BeatStreams;
import io.semel.group.GroupCommand.CommitOffsets;
import io.semel.group.GroupCommand.ConsumerBeat;
import io.semel.group.GroupCommand.OffsetToCommit;
import io.semel.group.GroupReply.Refused;
import io.semel.group.GroupReply.StreamsReconciled;
import io.semel.group.GroupReply.StreamsShown;
import io.semel.group.assign.Assignment;
import io.semel.group.streams.Endpoint;
import io.semel.group.streams.Share;
import io.semel.group.streams.StreamsAnswer;
import io.semel.group.streams.StreamsBeat;
import io.semel.group.streams.StreamsDescribed;
import io.semel.group.streams.StreamsLimits;
import io.semel.group.streams.StreamsStatus.Code;
import io.semel.group.streams.TaskId;
import io.semel.group.streams.Tasks;
import io.semel.group.streams.Topologies;
import io.semel.group.streams.Topology;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The streams protocol (KIP-1071) in its room (checklist row 62). */
class StreamsRulesTest {
    private static final String GROUP = Room.GROUP;
    private static final Topology PLAIN = Topologies.plain("topic");

    private Room room = new Room();

    @Test
    void theFirstHasAllAndGivesUpWhatTheSecondIsToHave() {
        StreamsAnswer first = join("a");
        assertEquals(tasks(0, 1, 2, 3), first.assigned().active());

        StreamsAnswer second = join("b");
        assertEquals(Tasks.NONE, second.assigned().active());
        StreamsAnswer asked = beat("a", first.epoch(), null);
        assertEquals(tasks(0, 1), asked.assigned().active());
        assertEquals(first.epoch(), asked.epoch());
        assertNull(beat("b", second.epoch(), null).assigned());

        StreamsAnswer gave = beat("a", first.epoch(), active(0, 1));
        assertEquals(second.epoch(), gave.epoch());
        assertEquals(tasks(2, 3), beat("b", second.epoch(), null).assigned().active());
        assertEquals("Stable", described().state());
    }

    @Test
    void anAnswerThatWasLostIsToldAgain() {
        StreamsAnswer first = join("a");
        join("b");
        leave("b");
        StreamsAnswer lost = beat("a", first.epoch(), null);
        assertNotEquals(first.epoch(), lost.epoch());

        StreamsAnswer again = beat("a", first.epoch(), active(0));

        assertEquals(lost.epoch(), again.epoch());
        assertEquals(tasks(0, 1, 2, 3), again.assigned().active());
    }

    @Test
    void anEpochThatIsNotItsOwnFencesAMember() {
        StreamsAnswer joined = join("a");

        assertRefused(ErrorCode.FENCED_MEMBER_EPOCH, ask("a", joined.epoch() + 1, null, null));
        assertRefused(ErrorCode.FENCED_MEMBER_EPOCH, ask("a", joined.epoch() - 1, null, active(0, 9)));
        assertRefused(ErrorCode.UNKNOWN_MEMBER_ID, ask("b", joined.epoch(), null, null));
        room.pass(45_001);
        assertRefused(ErrorCode.UNKNOWN_MEMBER_ID, ask("a", joined.epoch(), null, null));
        assertEquals("Empty", described().state());
    }

    @Test
    void aMemberThatDoesNotGiveUpInTimeIsOut() {
        StreamsAnswer first = join("a");
        join("b");
        for (int second = 0; second < 31; second += 10) {
            ask("a", first.epoch(), null, null);
            ask("b", epochOf("b"), null, null);
            room.pass(10_000);
        }

        assertEquals(List.of("b"), described().members().stream().map(member -> member.memberId()).toList());
    }

    @Test
    void tasksWaitForTheInitialDelayAndForNothingElse() {
        room = new Room(GroupLimits.defaults().withStreams(StreamsLimits.defaults().with(0, 3_000)));

        StreamsAnswer first = join("a");
        assertEquals(List.of(Code.ASSIGNMENT_DELAYED), codes(first));
        assertEquals(1, first.epoch());
        StreamsAnswer second = join("b");
        assertTrue(second.assigned().isEmpty());
        assertEquals("Assigning", described().state());
        room.pass(3_000);

        assertEquals(tasks(0, 2), beat("a", 1, null).assigned().active());
        assertEquals(tasks(1, 3), beat("b", 1, null).assigned().active());
    }

    @Test
    void topicsThatDoNotFitAreTaken() {
        room.topics = FixedTopics.NONE.with("lines", 2);
        StreamsAnswer missing = joinWith("a", Topologies.wordCount(), null);
        assertEquals(List.of(Code.MISSING_INTERNAL_TOPICS), codes(missing));
        assertEquals(2, missing.missing().size());
        assertTrue(missing.assigned().isEmpty());
        assertEquals("NotReady", described().state());

        room.topics = room.topics.with("app-words", 2).with("app-counts-changelog", 2);
        StreamsAnswer ready = beat("a", missing.epoch(), null);
        assertEquals(4, ready.assigned().active().ids().size());
        assertEquals(List.of(), ready.statuses());

        room.topics = room.topics.without("lines");
        StreamsAnswer gone = beat("a", ready.epoch(), null);
        assertEquals(List.of(Code.MISSING_SOURCE_TOPICS), codes(gone));
        assertTrue(gone.assigned().isEmpty());
    }

    @Test
    void anotherTopologyIsTakenOnceNobodyRunsTheOldOne() {
        join("a");
        Topology other = Topologies.plain("other");
        assertRefused(ErrorCode.INVALID_REQUEST, ask("b", 0, other, Share.NONE));

        leave("a");
        room.topics = room.topics.with("other", 1);

        assertEquals(1, joinWith("b", other, null).assigned().active().ids().size());
    }

    @Test
    void anOlderTopologyIsToldToBeStale() {
        Topology newer = new Topology(3, PLAIN.subtopologies());
        joinWith("a", newer, null);

        assertEquals(List.of(Code.STALE_TOPOLOGY), codes(join("b")));
    }

    @Test
    void whatIsNotBuiltIsRefusedAsKafkaDoes() {
        StreamsBeat plain = beatOf("a", 0, PLAIN, Share.NONE);
        StreamsBeat named = new StreamsBeat(plain.groupId(), plain.memberId(), 0, 0, "instance", null, 30_000,
                PLAIN, Share.NONE, false, "p", null, null, false, false, "", "", room.topics);
        StreamsBeat offsets = new StreamsBeat(plain.groupId(), plain.memberId(), 0, 0, null, null, 30_000,
                PLAIN, Share.NONE, false, "p", null, null, true, false, "", "", room.topics);

        for (StreamsBeat beat : List.of(named, offsets)) {
            assertRefused(ErrorCode.INVALID_REQUEST, room.ask(new BeatStreams(beat)));
        }
        assertRefused(ErrorCode.INVALID_REQUEST, ask("a", -2, null, null));
        assertRefused(ErrorCode.GROUP_ID_NOT_FOUND, ask("a", 5, null, null));
    }

    @Test
    void commitsAreFencedByEpochAndByOwner() {
        StreamsAnswer first = join("a");
        assertEquals(ErrorCode.NONE, commit("a", first.epoch(), 3));
        assertEquals(ErrorCode.STALE_MEMBER_EPOCH, commit("a", first.epoch() + 1, 3));
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, commit("z", first.epoch(), 3));
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, commit("", -1, 3));

        StreamsAnswer second = join("b");
        beat("a", first.epoch(), null);
        beat("a", first.epoch(), active(0, 1));
        beat("b", second.epoch(), null);

        assertEquals(ErrorCode.NONE, commit("a", first.epoch(), 0));
        assertEquals(ErrorCode.STALE_MEMBER_EPOCH, commit("a", first.epoch(), 3));
        assertEquals(ErrorCode.STALE_MEMBER_EPOCH, commit("a", second.epoch(), 3));
        assertEquals(ErrorCode.NONE, commit("b", second.epoch(), 3));
    }

    @Test
    void aShutdownThatOneAsksForIsToldToAllUntilTheyHaveLeft() {
        join("a");
        StreamsAnswer second = join("b");
        StreamsBeat asks = new StreamsBeat(GROUP, "b", second.epoch(), 0, null, null, -1, null, null, false,
                null, null, null, false, true, "", "", room.topics);
        assertEquals(List.of(Code.SHUTDOWN_APPLICATION),
                codes(room.ask(new BeatStreams(asks)).as(StreamsReconciled.class).answer()));

        StreamsAnswer told = beat("a", epochOf("a"), null);
        assertEquals(List.of(Code.SHUTDOWN_APPLICATION), codes(told));
        assertTrue(told.statuses().get(0).detail().contains("member b"));

        leave("a");
        leave("b");
        assertEquals(List.of(), codes(join("c")));
    }

    @Test
    void processesAreToldWhereOthersCanBeAsked() {
        StreamsAnswer first = joinWith("a", PLAIN, new Endpoint("a", 1));
        assertEquals(4, first.endpoints().get(0).active().get("topic").size());
        assertNull(beat("a", first.epoch(), first.endpointEpoch(), null).endpoints());

        joinWith("b", PLAIN, new Endpoint("b", 2));
        StreamsAnswer next = beat("a", first.epoch(), first.endpointEpoch(), null);

        assertEquals(2, next.endpoints().size());
        assertEquals(new TreeSet<>(List.of(0, 1)), next.endpoints().get(0).active().get("topic"));
    }

    @Test
    void isListedDeletedAndKeepsOthersOut() {
        StreamsAnswer joined = join("a");
        GroupReply.ListedGroup listed = room.ask(new GroupCommand.ListGroups()).as(GroupReply.Listed.class)
                .groups().get(0);
        assertEquals(List.of("streams", "Streams", "Stable"),
                List.of(listed.protocolType(), listed.type(), listed.state()));
        assertEquals(new GroupReply.Rejected(ErrorCode.INCONSISTENT_GROUP_PROTOCOL),
                room.joinNew("classic").reply);
        assertRefused(ErrorCode.GROUP_ID_NOT_FOUND, room.ask(new ConsumerBeat(GROUP, "m", 0, null, null,
                1_000, new TreeSet<>(List.of("topic")), null, null, Assignment.NONE, "", "", room.topics)));
        assertEquals(ErrorCode.NON_EMPTY_GROUP, delete());

        commit("a", joined.epoch(), 0);
        leave("a");
        assertEquals(ErrorCode.NONE, delete());
        room = room.crash();
        assertEquals(new GroupShard(room.limits).digest(), room.shard.digest());
        assertEquals(ErrorCode.GROUP_ID_NOT_FOUND, delete());
    }

    @Test
    void takesThePlaceOfAClassicGroupThatIsEmptyAndGivesItBack() {
        room.stable("x");
        assertRefused(ErrorCode.GROUP_ID_NOT_FOUND, ask("a", 0, PLAIN, Share.NONE));
        room.commit("x", 1, null, 7);
        room.leave("x");

        join("a");
        assertEquals(7, room.fetch(0, false).offset());
        leave("a");
        assertTrue(room.joinNew("y").as(GroupReply.Joined.class).generation() > 0);
        assertEquals(7, room.fetch(0, false).offset());
    }

    @Test
    void comesBackFromTheJournalAndGoesOn() {
        StreamsAnswer first = join("a");
        join("b");
        beat("a", first.epoch(), null);
        StreamsDescribed before = described();

        room = room.crash();

        assertEquals(before, described());
        assertEquals("Stable", settled().state());
        room.pass(45_001);
        assertEquals("Empty", described().state());
    }

    // As members speak

    private StreamsDescribed settled() {
        for (int round = 0; round < 3; round++) {
            beat("a", epochOf("a"), active(0, 1));
            beat("b", epochOf("b"), null);
        }
        return described();
    }

    private StreamsAnswer join(String memberId) {
        return joinWith(memberId, PLAIN, null);
    }

    private StreamsAnswer joinWith(String memberId, Topology topology, Endpoint endpoint) {
        return room.ask(new BeatStreams(new StreamsBeat(GROUP, memberId, 0, -1, null, null, 30_000, topology,
                Share.NONE, false, "process of " + memberId, endpoint, List.of(), false, false, "client",
                "/host", room.topics))).as(StreamsReconciled.class).answer();
    }

    private StreamsBeat beatOf(String memberId, int epoch, Topology topology, Share owned) {
        return new StreamsBeat(GROUP, memberId, epoch, -1, null, null, topology == null ? -1 : 30_000,
                topology, owned, false, topology == null ? null : "process of " + memberId, null, null, false,
                false, "client", "/host", room.topics);
    }

    private Room.Ask ask(String memberId, int epoch, Topology topology, Share owned) {
        return room.ask(new BeatStreams(beatOf(memberId, epoch, topology, owned)));
    }

    private StreamsAnswer beat(String memberId, int epoch, Share owned) {
        return beat(memberId, epoch, -1, owned);
    }

    private StreamsAnswer beat(String memberId, int epoch, int endpointEpoch, Share owned) {
        return room.ask(new BeatStreams(new StreamsBeat(GROUP, memberId, epoch, endpointEpoch, null, null, -1,
                null, owned, false, null, null, null, false, false, "client", "/host", room.topics)))
                .as(StreamsReconciled.class).answer();
    }

    private void leave(String memberId) {
        ask(memberId, -1, null, null);
    }

    private ErrorCode commit(String memberId, int epoch, int partition) {
        OffsetToCommit offset = new OffsetToCommit(new TopicPartition("topic", partition), 5, -1, "", null);
        return room.ask(new CommitOffsets(GROUP, memberId, epoch, null, List.of(offset), -1, (short) -1))
                .as(GroupReply.Committed.class).partitions().get(0).error();
    }

    private ErrorCode delete() {
        return room.ask(new GroupCommand.DeleteGroup(GROUP)).as(GroupReply.Deleted.class).error();
    }

    private StreamsDescribed described() {
        return room.ask(new GroupCommand.DescribeStreams(GROUP, room.topics)).as(StreamsShown.class).group();
    }

    private int epochOf(String memberId) {
        return described().members().stream().filter(member -> member.memberId().equals(memberId)).findFirst()
                .orElseThrow().epoch();
    }

    private static void assertRefused(ErrorCode error, Room.Ask ask) {
        assertEquals(error, ask.as(Refused.class).error(), ask.reply.toString());
    }

    private static List<Code> codes(StreamsAnswer answer) {
        return answer.statuses().stream().map(status -> status.code()).toList();
    }

    private static Tasks tasks(int... partitions) {
        List<TaskId> ids = new ArrayList<>();
        for (int partition : partitions) ids.add(new TaskId("0", partition));
        return Tasks.of(ids);
    }

    private static Share active(int... partitions) {
        return new Share(tasks(partitions), Tasks.NONE, Tasks.NONE);
    }
}

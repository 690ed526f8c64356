package io.semel.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.group.GroupCommand.CommitOffsets;
import io.semel.group.GroupCommand.DeleteGroup;
import io.semel.group.GroupCommand.DeleteOffsets;
import io.semel.group.GroupCommand.FetchOffsets;
import io.semel.group.GroupCommand.ForgetTopic;
import io.semel.group.GroupCommand.OffsetToCommit;
import io.semel.group.GroupReply.Committed;
import io.semel.group.GroupReply.Deleted;
import io.semel.group.GroupReply.Fetched;
import io.semel.group.GroupReply.FetchedOffset;
import io.semel.group.GroupReply.OffsetsDeleted;
import io.semel.group.Room.Ask;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** FEATURES rows 46 to 52 and G4. */
class OffsetRulesTest {
    private static final long DAY_MS = 24L * 60 * 60 * 1000;

    private final Room room = new Room();

    @Test
    void keepsOffsetLeaderEpochMetadataAndTopicId() {
        UUID topicId = new UUID(7, 9);
        OffsetToCommit offset = new OffsetToCommit(Room.partition(0), 42, 6, "héllo", topicId);

        room.ask(new CommitOffsets(Room.GROUP, "", -1, null, List.of(offset), -1, (short) -1));

        assertEquals(new FetchedOffset(Room.partition(0), 42, 6, "héllo", topicId, ErrorCode.NONE),
                room.fetch(0, true));
        assertEquals(new FetchedOffset(Room.partition(1), -1, -1, "", null, ErrorCode.NONE),
                room.fetch(1, true));
        assertEquals(new FetchedOffset(Room.partition(0), 42, 6, "héllo", topicId, ErrorCode.NONE),
                room.crash().fetch(0, true));
    }

    @Test
    void answersACommitOnlyWhenItIsDurable() {
        room.forces = false;

        Ask commit = room.commit("", -1, null, 5);
        Ask fetch = room.ask(new FetchOffsets(Room.GROUP, null, -1, null, false));

        assertNull(commit.reply);
        assertNull(fetch.reply);
        room.force();
        assertEquals(ErrorCode.NONE, errorOf(commit));
        assertEquals(1, fetch.as(Fetched.class).partitions().size());
    }

    @Test
    void takesMembersCommitsOfThisGenerationOnly() {
        int generation = room.stable("a", "b");

        assertEquals(ErrorCode.NONE, errorOf(room.commit("b", generation, null, 1)));
        assertEquals(ErrorCode.ILLEGAL_GENERATION, errorOf(room.commit("b", generation - 1, null, 2)));
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, errorOf(room.commit("stranger", generation, null, 3)));
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, errorOf(room.commit("", -1, null, 4)));
        assertEquals(1, room.fetch(0, true).offset());
    }

    @Test
    void takesCommitsWhileARoundIsOnButNotWhileTheAssignmentIsMissing() {
        room.stable("a");
        room.joinNew("b");
        Ask before = room.commit("a", 1, null, 1);
        room.rejoin("a");

        Ask between = room.commit("a", 2, null, 2);

        assertEquals(ErrorCode.NONE, errorOf(before));
        assertEquals(ErrorCode.REBALANCE_IN_PROGRESS, errorOf(between));
    }

    @Test
    void takesAnybodysCommitForAGroupWithoutMembers() {
        assertEquals(ErrorCode.NONE, errorOf(room.commit("", -1, null, 1)));
        assertEquals(ErrorCode.GROUP_ID_NOT_FOUND, errorOf(new Room().commit("a", 3, null, 1)));
        room.stable("a");
        room.leave("a");
        assertEquals(ErrorCode.NONE, errorOf(room.commit("", -1, null, 2)));
        assertEquals(2, room.fetch(0, false).offset());
    }

    @Test
    void refusesMetadataThatIsTooLongForThatPartitionOnly() {
        OffsetToCommit tooLong = new OffsetToCommit(Room.partition(0), 1, -1, "x".repeat(4_097), null);
        OffsetToCommit longest = new OffsetToCommit(Room.partition(1), 2, -1, "x".repeat(4_096), null);

        Ask ask = room.ask(new CommitOffsets(Room.GROUP, "", -1, null, List.of(tooLong, longest), -1,
                (short) -1));

        assertEquals(ErrorCode.OFFSET_METADATA_TOO_LARGE,
                ask.as(Committed.class).partitions().get(0).error());
        assertEquals(ErrorCode.NONE, ask.as(Committed.class).partitions().get(1).error());
        assertEquals(-1, room.fetch(0, false).offset());
        assertEquals(2, room.fetch(1, false).offset());
    }

    @Test
    void aCommitShowsThatTheMemberIsAlive() {
        int generation = room.stable("a");

        for (int commits = 0; commits < 5; commits++) {
            room.pass(Room.SESSION_MS - 1);
            room.commit("a", generation, null, commits);
        }

        assertEquals("Stable", room.state());
    }

    // In transactions

    @Test
    void showsATransactionsOffsetsExactlyWhenItsMarkerCommits() {
        room.commit("", -1, null, 1);
        room.commitInTransaction(7, 0, 10);

        assertEquals(1, room.fetch(0, false).offset());
        assertEquals(ErrorCode.UNSTABLE_OFFSET_COMMIT, room.fetch(0, true).error());
        assertEquals(-1, room.fetch(0, true).offset());

        room.mark(7, true);

        assertEquals(10, room.fetch(0, true).offset());
    }

    @Test
    void dropsATransactionsOffsetsWhenItsMarkerAborts() {
        room.commit("", -1, null, 1);
        room.commitInTransaction(7, 0, 10);

        room.mark(7, false);

        assertEquals(1, room.fetch(0, true).offset());
    }

    @Test
    void heedsOnlyTheMarkerOfTheProducer() {
        room.commitInTransaction(7, 0, 10);
        room.commitInTransaction(8, 1, 20);

        room.mark(8, true);

        assertEquals(ErrorCode.UNSTABLE_OFFSET_COMMIT, room.fetch(0, true).error());
        assertEquals(20, room.fetch(1, true).offset());
    }

    @Test
    void letsALaterPlainCommitWinOverAnEarlierOneInATransaction() {
        room.commitInTransaction(7, 0, 10);
        room.commit("", -1, null, 20);

        room.mark(7, true);

        assertEquals(20, room.fetch(0, true).offset());
    }

    @Test
    void letsALaterCommitInATransactionWinOverAnEarlierPlainOne() {
        room.commit("", -1, null, 20);
        room.commitInTransaction(7, 0, 10);

        room.mark(7, true);

        assertEquals(10, room.fetch(0, true).offset());
    }

    @Test
    void keepsPendingOffsetsThroughACrash() {
        room.commitInTransaction(7, 0, 10);

        Room next = room.crash();

        assertEquals(ErrorCode.UNSTABLE_OFFSET_COMMIT, next.fetch(0, true).error());
        next.mark(7, true);
        assertEquals(10, next.fetch(0, true).offset());
        assertEquals(next.shard.digest(), next.crash().shard.digest());
    }

    @Test
    void fencesCommitsInTransactionsByMemberAndGeneration() {
        int generation = room.stable("a");

        assertEquals(ErrorCode.NONE, errorOf(inTransaction("a", generation, null)));
        assertEquals(ErrorCode.ILLEGAL_GENERATION, errorOf(inTransaction("a", generation - 1, null)));
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, errorOf(inTransaction("b", generation, null)));
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, errorOf(inTransaction("a", generation, "nobody")));
    }

    @Test
    void takesACommitInATransactionThatTellsNoMember() {
        room.stable("a");

        assertEquals(ErrorCode.NONE, errorOf(inTransaction("", -1, null)));
    }

    @Test
    void keepsMetadataInATransaction() {
        room.commitInTransaction(7, 0, 10);
        room.mark(7, true);

        assertEquals("at 10", room.fetch(0, true).metadata());
        assertEquals(3, room.fetch(0, true).leaderEpoch());
    }

    // Deletion

    @Test
    void deletesAGroupWithItsOffsetsAndThoseOfOpenTransactions() {
        room.stable("a");
        room.commit("a", 1, null, 5);
        room.commitInTransaction(7, 0, 10);
        room.commitInTransaction(7, 1, 11);
        Ask tooEarly = room.ask(new DeleteGroup(Room.GROUP));
        room.leave("a");

        Ask deleted = room.ask(new DeleteGroup(Room.GROUP));
        room.mark(7, true);

        assertEquals(ErrorCode.NON_EMPTY_GROUP, tooEarly.as(Deleted.class).error());
        assertEquals(ErrorCode.NONE, deleted.as(Deleted.class).error());
        assertEquals("Dead", room.state());
        assertEquals(-1, room.fetch(0, true).offset());
        assertEquals(-1, room.fetch(1, true).offset());
        assertEquals(ErrorCode.GROUP_ID_NOT_FOUND,
                room.ask(new DeleteGroup(Room.GROUP)).as(Deleted.class).error());
        assertEquals(new GroupShard(room.limits).digest(), room.crash().shard.digest());
    }

    @Test
    void deletesOffsetsOfTopicsNobodySubscribesTo() {
        int generation = room.stable("a");
        TopicPartition old = new TopicPartition("old", 0);
        room.ask(new CommitOffsets(Room.GROUP, "a", generation, null, List.of(Room.offsetOf(old, 9),
                Room.offsetOf(Room.partition(0), 5)), -1, (short) -1));

        OffsetsDeleted deleted = room.ask(new DeleteOffsets(Room.GROUP, List.of(old, Room.partition(0))))
                .as(OffsetsDeleted.class);

        assertEquals(ErrorCode.NONE, deleted.error());
        assertEquals(ErrorCode.NONE, deleted.partitions().get(0).error());
        assertEquals(ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC, deleted.partitions().get(1).error());
        Fetched left = room.ask(new FetchOffsets(Room.GROUP, null, -1, null, false)).as(Fetched.class);
        assertEquals(List.of(Room.partition(0)),
                left.partitions().stream().map(FetchedOffset::partition).toList());
    }

    @Test
    void deletesPendingOffsetsToo() {
        room.commitInTransaction(7, 0, 10);

        room.ask(new DeleteOffsets(Room.GROUP, List.of(Room.partition(0))));
        room.mark(7, true);

        assertEquals(-1, room.fetch(0, true).offset());
        assertEquals("Dead", room.state());
    }

    @Test
    void forgetsTheOffsetsOfATopicThatIsGone() {
        room.commit("", -1, null, 5);
        room.commitInTransaction(7, 1, 10);

        room.ask(new ForgetTopic("topic"));
        room.mark(7, true);

        assertEquals("Dead", room.state());
    }

    // Expiry

    @Test
    void expiresOffsetsSevenDaysAfterTheGroupBecameEmpty() {
        int generation = room.stable("a");
        room.commit("a", generation, null, 5);
        keepAlive(generation, 30);
        room.leave("a");

        room.pass(7 * DAY_MS - 1_200_000);
        long before = room.fetch(0, false).offset();
        room.pass(1_900_000);

        assertEquals(5, before);
        assertEquals(-1, room.fetch(0, false).offset());
        assertEquals("Dead", room.state());
        assertEquals(new GroupShard(room.limits).digest(), room.crash().shard.digest());
    }

    @Test
    void expiresNothingWhileTheGroupHasMembersThatSubscribe() {
        int generation = room.stable("a");
        room.commit("a", generation, null, 5);
        room.ask(new CommitOffsets(Room.GROUP, "a", generation, null,
                List.of(Room.offsetOf(new TopicPartition("old", 0), 9)), -1, (short) -1));

        keepAlive(generation, 8L * 24 * 60);

        List<FetchedOffset> left = room.ask(new FetchOffsets(Room.GROUP, null, -1, null, false))
                .as(Fetched.class).partitions();
        assertEquals(List.of(Room.partition(0)), left.stream().map(FetchedOffset::partition).toList());
    }

    @Test
    void expiresNothingWhileATransactionHasAnOffsetPending() {
        room.commit("", -1, null, 5);
        room.commitInTransaction(7, 0, 10);

        room.pass(9 * DAY_MS);
        assertEquals(5, room.fetch(0, false).offset());
        room.mark(7, false);
        room.pass(1_200_000);

        assertEquals("Dead", room.state());
    }

    @Test
    void keepsWhatWasSetInAGroupThatHasLongBeenEmpty() {
        int generation = room.stable("a");
        room.commit("a", generation, null, 5);
        room.leave("a");
        room.pass(6 * DAY_MS);
        room.commit("", -1, null, 6);

        room.pass(6 * DAY_MS);
        long kept = room.fetch(0, false).offset();
        room.pass(2 * DAY_MS);

        assertEquals(6, kept);
        assertEquals("Dead", room.state());
    }

    @Test
    void countsRetentionFromTheCommitForAGroupThatNeverHadMembers() {
        room.commit("", -1, null, 5);
        room.pass(6 * DAY_MS);
        room.ask(new CommitOffsets(Room.GROUP, "", -1, null, List.of(Room.offsetOf(Room.partition(1), 6)), -1,
                (short) -1));

        room.pass(2 * DAY_MS);

        assertEquals(-1, room.fetch(0, false).offset());
        assertEquals(6, room.fetch(1, false).offset());
    }

    @Test
    void looksThroughManyGroupsAFewAtATime() {
        for (int group = 0; group < 500; group++) {
            room.ask(new CommitOffsets("group-" + group, "", -1, null,
                    List.of(Room.offsetOf(Room.partition(0), 1)), -1, (short) -1));
        }

        room.pass(8 * DAY_MS);

        assertTrue(room.ask(new GroupCommand.ListGroups()).as(GroupReply.Listed.class).groups().isEmpty());
    }

    @Test
    void removesAnEmptyGroupWithoutOffsetsAfterAWhile() {
        room.stable("a");
        room.leave("a");

        room.pass(1_000);
        String soon = room.state();
        room.pass(1_300_000);

        assertEquals("Empty", soon);
        assertEquals("Dead", room.state());
    }

    private void keepAlive(int generation, long minutes) {
        long untilMs = room.nowMs + minutes * 60_000;
        while (room.nowMs < untilMs) {
            room.pass(Room.SESSION_MS - 1);
            room.beat("a", generation);
        }
    }

    private Ask inTransaction(String memberId, int generation, String instanceId) {
        return room.ask(new CommitOffsets(Room.GROUP, memberId, generation, instanceId,
                List.of(Room.offsetOf(Room.partition(0), 1)), 7, (short) 0));
    }

    private static ErrorCode errorOf(Ask commit) {
        return commit.as(Committed.class).partitions().get(0).error();
    }

    @Test
    void answersManyPartitionsInTheOrderAsked() {
        List<TopicPartition> asked = List.of(Room.partition(3), Room.partition(1), Room.partition(2));

        Fetched fetched = room.ask(new FetchOffsets(Room.GROUP, null, -1, asked, true)).as(Fetched.class);

        assertEquals(asked, fetched.partitions().stream().map(FetchedOffset::partition).toList());
        assertEquals(Map.of(), Map.copyOf(room.shard.table().groups()));
    }
}

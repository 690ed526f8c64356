package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.it.client.EngineUnderTest;
import java.util.List;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A group's offset that is committed in a transaction, beside what else happens to it (rows 50 to 52). */
@Tag("against-kafka")
class OffsetsInTransactionsTest {
    private static EngineUnderTest engine;
    private static int stories;

    private Verbs verbs;
    private String topic;
    private String group;
    private Transacting transacting;
    private Pid producer;

    @BeforeAll
    static void startEngine() {
        engine = EngineUnderTest.inProcess();
    }

    @AfterAll
    static void stopEngine() {
        engine.close();
    }

    @BeforeEach
    void aTransaction() {
        verbs = new Verbs(engine.bootstrap());
        topic = "offsets-" + stories++;
        group = "group of " + topic;
        verbs.createTopic(topic);
        transacting = new Transacting(verbs, "id of " + topic);
        producer = transacting.init(5);
    }

    @AfterEach
    void hangUp() {
        verbs.close();
    }

    private void commitInTransaction(long offset) {
        assertEquals(Errors.NONE, transacting.commitOffset(5, producer, group, topic, offset));
    }

    private void commitPlainly(long offset) {
        OffsetCommitRequestData request = new OffsetCommitRequestData().setGroupId(group)
                .setGenerationIdOrMemberEpoch(-1).setMemberId("");
        request.topics().add(new OffsetCommitRequestTopic().setName(topic).setPartitions(List.of(
                new OffsetCommitRequestPartition().setPartitionIndex(0).setCommittedOffset(offset)
                        .setCommittedMetadata("plain"))));
        OffsetCommitResponseData answer = verbs.raw.ask(ApiKeys.OFFSET_COMMIT, 8, request);
        assertEquals(Errors.NONE,
                Errors.forCode(answer.topics().get(0).partitions().get(0).errorCode()));
    }

    private String committed() {
        var found = Transacting.offset(verbs, group, topic, true);
        assertEquals(Errors.NONE, Errors.forCode(found.errorCode()));
        return found.committedOffset() + " " + found.metadata();
    }

    @Test @DisplayName("FEATURES 50: of two commits the one whose record stands behind the other counts")
    void aLaterPlainCommitWinsOverAnEarlierOneInATransaction() {
        commitInTransaction(5);
        commitPlainly(7);
        assertEquals(Errors.UNSTABLE_OFFSET_COMMIT,
                Errors.forCode(Transacting.offset(verbs, group, topic, true).errorCode()));
        assertEquals(7, Transacting.offset(verbs, group, topic, false).committedOffset());

        transacting.ended(producer, true);

        assertEquals("7 plain", committed());
    }

    @Test @DisplayName("FEATURES 50, 52: the later one in a transaction counts, with its metadata")
    void aLaterCommitInATransactionWinsOverAnEarlierPlainOne() {
        commitPlainly(7);
        commitInTransaction(5);

        transacting.ended(producer, true);

        assertEquals("5 by id of " + topic, committed());
    }

    @Test
    void anAbortLeavesThePlainOne() {
        commitPlainly(7);
        commitInTransaction(5);

        transacting.ended(producer, false);

        assertEquals("7 plain", committed());
    }

    @Test @DisplayName("FEATURES 51: deleting the group cancels what a transaction was about to commit")
    void aDeletedGroupTakesPendingOffsetsWithIt() {
        commitPlainly(7);
        commitInTransaction(5);

        DeleteGroupsResponseData deleted = verbs.raw.ask(ApiKeys.DELETE_GROUPS, 2,
                new DeleteGroupsRequestData().setGroupsNames(List.of(group)));
        assertEquals(Errors.NONE, Errors.forCode(deleted.results().find(group).errorCode()));
        transacting.ended(producer, true);

        assertEquals("-1 ", committed());
    }
}

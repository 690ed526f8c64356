package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.client.EngineUnderTest;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Transactions as librdkafka and kafkajs speak them (FEATURES rows 16 to 22, 26, 28, 30, 46, 47; KIP-98,
 * KIP-890 part 1).
 */
@Tag("against-kafka")
class VersionOneFlowTest {
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
    void newTransactionalIdAndTopic() {
        verbs = new Verbs(engine.bootstrap());
        topic = "version-one-" + stories++;
        group = "group of " + topic;
        verbs.createTopic(topic);
        transacting = new Transacting(verbs, "id of " + topic);
        producer = transacting.init(1);
    }

    @AfterEach
    void hangUp() {
        verbs.close();
    }

    @ParameterizedTest(name = "as {0}: InitProducerId {1}, AddPartitionsToTxn {2}, Produce {3}, EndTxn {5}")
    @CsvSource({"kafkajs, 1, 1, 7, 1, 1", "librdkafka, 4, 0, 10, 3, 1", "the oldest, 0, 0, 3, 0, 0",
        "Java before 4.0, 5, 3, 11, 4, 4"})
    void aTransactionOfSeveralPartitionsAndOffsetsIsSeenAtItsCommitOnly(String client, int init, int add,
            int produce, int commitOffset, int end) {
        String second = topic + "-second";
        verbs.createTopic(second);
        Pid mine = transacting.init(init);
        assertEquals(Map.of(topic, Errors.NONE, second, Errors.NONE),
                transacting.add(add, mine, List.of(topic, second)));
        assertEquals(Errors.NONE, transacting.produce(produce, topic, mine.transactional(0, 2)));
        assertEquals(Errors.NONE, transacting.produce(produce, topic, mine.transactional(2, 1)));
        assertEquals(Errors.NONE, transacting.produce(produce, second, mine.transactional(0, 5)));
        assertEquals(Errors.NONE, transacting.addGroup(Math.min(add, 3), mine, group));
        assertEquals(Errors.NONE, transacting.commitOffset(commitOffset, mine, group, topic, 77));
        assertEquals(0, verbs.stableEnd(topic));
        assertEquals(3, verbs.end(topic));
        assertEquals(0, verbs.stableEnd(second));
        assertEquals(Errors.UNSTABLE_OFFSET_COMMIT, errorOfOffset(true));
        assertEquals(Errors.NONE, errorOfOffset(false));
        assertEquals(-1, Transacting.offset(verbs, group, topic, false).committedOffset());

        assertEquals(Errors.NONE, transacting.errorOfEnd(end, mine, true));

        assertEquals(4, verbs.stableEnd(topic), "three records and a marker");
        assertEquals(6, verbs.stableEnd(second));
        var offset = Transacting.offset(verbs, group, topic, true);
        assertEquals(Errors.NONE, Errors.forCode(offset.errorCode()));
        assertEquals(77, offset.committedOffset());
        assertEquals("by id of " + topic, offset.metadata());
        assertEquals(mine.epoch(), transacting.describe().producerEpoch(),
                "version 1 does not raise the epoch");
    }

    private Errors errorOfOffset(boolean requireStable) {
        return Errors.forCode(Transacting.offset(verbs, group, topic, requireStable).errorCode());
    }

    @Test
    void anAbortIsSeenByReadersOfUncommittedRecordsOnly() {
        transacting.add(0, producer, topic);
        transacting.produce(7, topic, producer.transactional(0, 3));
        transacting.addGroup(0, producer, group);
        transacting.commitOffset(3, producer, group, topic, 5);

        assertEquals(Errors.NONE, transacting.errorOfEnd(1, producer, false));

        PartitionData committed = verbs.fetching().committed().from(topic, 0, 0).one();
        assertEquals(1, committed.abortedTransactions().size());
        assertEquals(producer.id(), committed.abortedTransactions().get(0).producerId());
        assertEquals(0, committed.abortedTransactions().get(0).firstOffset());
        assertEquals(2, Fetching.batches(verbs.fetching().from(topic, 0, 0).one()).size(),
                "the records and the marker");
        assertEquals(Errors.NONE, errorOfOffset(true));
        assertEquals(-1, Transacting.offset(verbs, group, topic, true).committedOffset());
    }

    @Test
    void produceWithoutAddedPartitionIsRefused() {
        assertEquals(Errors.INVALID_TXN_STATE, transacting.produce(7, topic, producer.transactional(0, 1)));
        assertEquals(Errors.INVALID_TXN_STATE, transacting.produce(10, topic, producer.transactional(0, 1)));
        assertEquals(Errors.TRANSACTION_ABORTABLE,
                transacting.produce(11, topic, producer.transactional(0, 1)));
        assertEquals(0, verbs.end(topic));

        transacting.add(3, producer, topic);
        assertEquals(Errors.NONE, transacting.produce(11, topic, producer.transactional(0, 1)));
    }

    @Test
    void offsetsWithoutAddedGroupAreRefused() {
        assertEquals(Errors.INVALID_TXN_STATE, transacting.commitOffset(3, producer, group, topic, 1));
        assertEquals(Errors.TRANSACTION_ABORTABLE, transacting.commitOffset(4, producer, group, topic, 1));
        assertEquals(Errors.NONE, errorOfOffset(true));
    }

    @Test
    void aPartitionOfTheLastTransactionIsToBeAddedAgain() {
        transacting.add(0, producer, topic);
        assertEquals(Errors.NONE, transacting.produce(7, topic, producer.transactional(0, 1)));
        transacting.errorOfEnd(1, producer, true);

        assertEquals(Errors.INVALID_TXN_STATE, transacting.produce(7, topic, producer.transactional(1, 1)));

        transacting.add(0, producer, topic);
        assertEquals(Errors.NONE, transacting.produce(7, topic, producer.transactional(1, 1)));
        assertEquals(Errors.NONE, transacting.errorOfEnd(1, producer, true));
        assertEquals(4, verbs.stableEnd(topic));
    }

    @Test
    @DisabledIfSystemProperty(named = "semel.against", matches = "kafka",
            disabledReason = "the repeat of a batch is INVALID_TXN_STATE once its transaction ended")
    void aDuplicateAfterTheEndIsAnsweredAndOpensNothing() {
        transacting.add(0, producer, topic);
        assertEquals(0, verbs.accepted(verbs.produce(7, "id of " + topic, topic, 0,
                producer.transactional(0, 2))));
        assertEquals(Errors.NONE, transacting.errorOfEnd(1, producer, true));

        assertEquals(0, verbs.accepted(verbs.produce(7, "id of " + topic, topic, 0,
                producer.transactional(0, 2))));

        assertEquals(3, verbs.end(topic));
        assertEquals(3, verbs.stableEnd(topic));
        assertEquals("CompleteCommit", transacting.describe().transactionState());
    }

    @Test
    void whoReconnectsForEveryRequestIsServed() {
        try (Verbs second = new Verbs(engine.bootstrap())) {
            new Transacting(second, "id of " + topic).add(0, producer, topic);
        }
        assertEquals(Errors.NONE, transacting.produce(7, topic, producer.transactional(0, 1)));
        try (Verbs third = new Verbs(engine.bootstrap())) {
            Transacting reconnected = new Transacting(third, "id of " + topic);
            assertEquals(Errors.NONE, reconnected.addGroup(0, producer, group));
            assertEquals(Errors.NONE, reconnected.commitOffset(3, producer, group, topic, 3));
        }
        try (Verbs fourth = new Verbs(engine.bootstrap())) {
            assertEquals(Errors.NONE,
                    new Transacting(fourth, "id of " + topic).errorOfEnd(1, producer, true));
        }
        assertEquals(2, verbs.stableEnd(topic));
        assertEquals(3, Transacting.offset(verbs, group, topic, true).committedOffset());
    }

    @Test
    void endingNothingIsRefused() {
        assertEquals(Errors.INVALID_TXN_STATE, transacting.errorOfEnd(1, producer, true));
        assertEquals(Errors.INVALID_TXN_STATE, transacting.errorOfEnd(1, producer, false));
        assertEquals(0, verbs.end(topic));
    }

    @Test
    void aRepeatedEndIsAnsweredTheSameAndTheOtherIsRefused() {
        transacting.add(0, producer, topic);
        transacting.produce(7, topic, producer.transactional(0, 1));
        assertEquals(Errors.NONE, transacting.errorOfEnd(1, producer, true));

        assertEquals(Errors.NONE, transacting.errorOfEnd(1, producer, true));
        assertEquals(Errors.NONE, transacting.errorOfEnd(3, producer, true));
        assertEquals(Errors.INVALID_TXN_STATE, transacting.errorOfEnd(1, producer, false));

        assertEquals(2, verbs.end(topic), "one marker");
    }

    @Test
    void addingAnUnknownTopicAddsNone() {
        Map<String, Errors> answers = transacting.add(3, producer, List.of(topic, "nowhere"));

        assertEquals(Map.of(topic, Errors.OPERATION_NOT_ATTEMPTED, "nowhere",
                Errors.UNKNOWN_TOPIC_OR_PARTITION), answers);
        assertEquals("Empty", transacting.describe().transactionState());
        assertEquals(Errors.INVALID_TXN_STATE, transacting.produce(7, topic, producer.transactional(0, 1)));
    }

    @Test
    void strangersAreRefused() {
        Pid stranger = new Pid(producer.id() + 1_000_000, (short) 0);
        Pid newer = producer.epoch(producer.epoch() + 1);

        assertEquals(Map.of(topic, Errors.INVALID_PRODUCER_ID_MAPPING),
                transacting.add(3, stranger, List.of(topic)));
        assertEquals(Map.of(topic, Errors.PRODUCER_FENCED), transacting.add(3, newer, List.of(topic)));
        assertEquals(Map.of(topic, Errors.INVALID_PRODUCER_EPOCH), transacting.add(1, newer, List.of(topic)));
        assertEquals(Errors.INVALID_PRODUCER_ID_MAPPING, transacting.addGroup(3, stranger, group));
        assertEquals(Errors.PRODUCER_FENCED, transacting.addGroup(2, newer, group));
        assertEquals(Errors.INVALID_PRODUCER_EPOCH, transacting.addGroup(1, newer, group));
        assertEquals(Errors.INVALID_PRODUCER_ID_MAPPING, transacting.errorOfEnd(3, stranger, true));
        assertEquals(Errors.PRODUCER_FENCED, transacting.errorOfEnd(2, newer, true));
        assertEquals(Errors.INVALID_PRODUCER_EPOCH, transacting.errorOfEnd(1, newer, true));
    }

    @Test
    void aNewProducerOfTheIdAbortsWhatIsOpenAndFencesTheOldOne() {
        transacting.add(0, producer, topic);
        transacting.produce(7, topic, producer.transactional(0, 2));

        Pid next = transacting.init(1);

        assertEquals(producer.id(), next.id());
        assertTrue(next.epoch() > producer.epoch());
        assertEquals(3, verbs.stableEnd(topic), "aborted when it is answered");
        assertEquals(Errors.INVALID_PRODUCER_EPOCH,
                transacting.produce(7, topic, producer.transactional(2, 1)));
        assertEquals(Errors.INVALID_PRODUCER_EPOCH, transacting.errorOfEnd(1, producer, true));
        assertEquals(Map.of(topic, Errors.PRODUCER_FENCED), transacting.add(2, producer, List.of(topic)));
        assertEquals(1, verbs.fetching().committed().from(topic, 0, 0).one().abortedTransactions().size());
    }

    @Test
    void aBatchOutsideTheTransactionThatIsOpenIsRefused() {
        transacting.add(0, producer, topic);
        transacting.produce(7, topic, producer.transactional(0, 1));

        assertEquals(Errors.INVALID_TXN_STATE, transacting.produce(7, topic, producer.batch(1, 1)));
        assertEquals(Errors.INVALID_TXN_STATE, verbs.errorOfProduce(topic, producer.batch(1, 1)));
        assertEquals(1, verbs.end(topic));
    }

    @Test
    void aTransactionalBatchNeedsATransactionalId() {
        Errors before = verbs.errorOfProduce(topic, producer.transactional(0, 1));
        transacting.add(0, producer, topic);
        transacting.produce(7, topic, producer.transactional(0, 1));
        Errors open = verbs.errorOfProduce(topic, producer.transactional(1, 1));

        assertEquals(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, before);
        assertEquals(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, open);
        assertEquals(1, verbs.end(topic));
    }

    @Test
    void whatNobodyMayAskOfInitProducerIdIsRefused() {
        assertEquals(Errors.INVALID_REQUEST, errorOfInit("", 1000, -1, -1));
        assertEquals(Errors.INVALID_TRANSACTION_TIMEOUT, errorOfInit("bounds", 0, -1, -1));
        assertEquals(Errors.INVALID_TRANSACTION_TIMEOUT, errorOfInit("bounds", -5, -1, -1));
        assertEquals(Errors.INVALID_TRANSACTION_TIMEOUT, errorOfInit("bounds", 900_001, -1, -1));
        assertEquals(Errors.INVALID_REQUEST, errorOfInit("bounds", 1000, 5, -1));
        assertEquals(Errors.INVALID_REQUEST, errorOfInit("bounds", 1000, -1, 5));
        assertEquals(Errors.PRODUCER_FENCED,
                errorOfInit("id of " + topic, 1000, producer.id(), producer.epoch() + 7));
        assertEquals(Errors.NONE, errorOfInit("id of " + topic, 1000, producer.id(), producer.epoch()));
    }

    private Errors errorOfInit(String transactionalId, int timeoutMs, long producerId, int epoch) {
        InitProducerIdRequestData request = new InitProducerIdRequestData()
                .setTransactionalId(transactionalId)
                .setTransactionTimeoutMs(timeoutMs).setProducerId(producerId).setProducerEpoch((short) epoch);
        InitProducerIdResponseData answer = verbs.raw.ask(ApiKeys.INIT_PRODUCER_ID, 4, request);
        return Errors.forCode(answer.errorCode());
    }
}

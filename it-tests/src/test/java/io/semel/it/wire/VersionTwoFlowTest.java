package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.it.client.BrokerProcess;
import io.semel.it.client.EngineUnderTest;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Transactions as Java clients speak them since 4.0 (FEATURES rows 23 to 25, 27, 46, 47; KIP-890 part 2). */
@Tag("against-kafka")
class VersionTwoFlowTest {
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
        topic = "version-two-" + stories++;
        group = "group of " + topic;
        verbs.createTopic(topic);
        transacting = new Transacting(verbs, "id of " + topic);
        producer = transacting.init(5);
    }

    @AfterEach
    void hangUp() {
        verbs.close();
    }

    private Errors produce(Pid sender, int sequence, int count) {
        return transacting.produce(12, topic, sender.transactional(sequence, count));
    }

    @Test
    void aBatchEnlistsItsPartition() {
        assertEquals(Errors.NONE, produce(producer, 0, 2));

        TransactionState open = transacting.describe();
        assertEquals("Ongoing", open.transactionState());
        assertEquals(List.of(0), open.topics().find(topic).partitions());
        assertEquals(0, verbs.stableEnd(topic));
        assertEquals(2, verbs.end(topic));
    }

    @Test
    void aTransactionsOffsetsAreSeenAtItsCommitOnly() {
        assertEquals(Errors.NONE, produce(producer, 0, 2));
        assertEquals(Errors.NONE, transacting.commitOffset(5, producer, group, topic, 12));
        assertEquals(Errors.UNSTABLE_OFFSET_COMMIT,
                Errors.forCode(Transacting.offset(verbs, group, topic, true).errorCode()));
        assertEquals(-1, Transacting.offset(verbs, group, topic, false).committedOffset());

        transacting.ended(producer, true);

        assertEquals(12, Transacting.offset(verbs, group, topic, true).committedOffset());
        assertEquals(3, verbs.stableEnd(topic));
    }

    @Test
    void everyEndRaisesTheEpochAndSequencesBeginAgain() {
        assertEquals(Errors.NONE, produce(producer, 0, 3));
        Pid second = transacting.ended(producer, true);
        assertEquals(producer.epoch(producer.epoch() + 1), second);
        assertEquals(Errors.NONE, produce(second, 0, 1));
        Pid third = transacting.ended(second, false);
        assertEquals(producer.epoch(producer.epoch() + 2), third);

        assertEquals(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, produce(third, 1, 1));
        assertEquals(Errors.NONE, produce(third, 0, 1));
        transacting.ended(third, true);

        assertEquals(8, verbs.stableEnd(topic));
        var aborted = verbs.fetching().committed().from(topic, 0, 0).one().abortedTransactions();
        assertEquals(1, aborted.size());
        assertEquals(4, aborted.get(0).firstOffset());
    }

    @Test
    void aProducerWithoutStateBeginsAtZero() {
        assertEquals(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, produce(producer, 3, 1));
        assertEquals(0, verbs.end(topic));
        assertEquals(Errors.NONE, produce(producer, 0, 1));
    }

    @Test
    void aRepeatedEndIsAnsweredTheSame() {
        produce(producer, 0, 1);
        Pid next = transacting.ended(producer, true);

        assertEquals(next, transacting.ended(producer, true));
        assertEquals(next, transacting.ended(producer, true));
        assertEquals(Errors.INVALID_TXN_STATE, transacting.errorOfEnd(5, producer, false));
        assertEquals(2, verbs.end(topic), "one marker");
        assertEquals(Errors.NONE, produce(next, 0, 1));
    }

    @Test
    void aLateBatchOfAnEndedTransactionIsFenced() {
        produce(producer, 0, 1);
        Pid next = transacting.ended(producer, true);

        assertEquals(Errors.INVALID_PRODUCER_EPOCH, produce(producer, 1, 1));
        assertEquals(Errors.INVALID_PRODUCER_EPOCH,
                transacting.produce(11, topic, producer.transactional(1, 1)));
        assertEquals(Errors.INVALID_PRODUCER_EPOCH, transacting.commitOffset(5, producer, group, topic, 1));
        assertEquals(2, verbs.end(topic));

        assertEquals(Errors.NONE, produce(next, 0, 1));
        assertEquals(Errors.INVALID_PRODUCER_EPOCH, produce(producer, 1, 1));
        assertEquals(3, verbs.end(topic));
    }

    @Test
    void aLateBatchForAPartitionTheTransactionNeverTouchedIsFencedToo() {
        String other = topic + "-other";
        verbs.createTopic(other);
        produce(producer, 0, 1);
        Pid next = transacting.ended(producer, true);

        assertEquals(Errors.INVALID_PRODUCER_EPOCH,
                transacting.produce(12, other, producer.transactional(0, 1)));

        assertEquals(0, verbs.end(other));
        assertEquals(0, transacting.describe().topics().size());
        assertEquals(Errors.NONE, transacting.produce(12, other, next.transactional(0, 1)));
    }

    @Test
    void aDelayedEndOfTheLastTransactionCannotTouchTheNext() {
        produce(producer, 0, 1);
        Pid next = transacting.ended(producer, true);
        produce(next, 0, 2);

        assertEquals(Errors.PRODUCER_FENCED, transacting.errorOfEnd(5, producer, true));
        assertEquals(Errors.PRODUCER_FENCED, transacting.errorOfEnd(5, producer, false));

        assertEquals("Ongoing", transacting.describe().transactionState());
        assertEquals(2, verbs.stableEnd(topic));
        transacting.ended(next, true);
        assertEquals(5, verbs.stableEnd(topic));
    }

    @Test
    void anEmptyAbortRaisesTheEpochAndAnEmptyCommitIsRefused() {
        Errors early = EngineUnderTest.isKafka() ? Errors.INVALID_TXN_STATE : Errors.CONCURRENT_TRANSACTIONS;
        assertEquals(early, transacting.errorOfEnd(5, producer, true));
        assertEquals(Errors.INVALID_TXN_STATE, transacting.errorOfEnd(5, producer, true));

        Pid second = transacting.ended(producer, false);
        Pid third = transacting.ended(second, false);

        assertEquals(producer.epoch(producer.epoch() + 1), second);
        assertEquals(second.epoch(second.epoch() + 1), third);
        assertEquals(third, transacting.ended(second, false), "a repeat");
        assertEquals(Errors.NONE, produce(third, 0, 1));
        transacting.ended(third, true);
        assertEquals(early, transacting.errorOfEnd(5, third.epoch(third.epoch() + 1), true));
        assertEquals(2, verbs.stableEnd(topic));
    }

    @Test
    void strangersAreRefused() {
        Pid stranger = new Pid(producer.id() + 1_000_000, (short) 0);
        EndTxnResponseData refused = transacting.end(5, stranger, true);

        assertEquals(Errors.INVALID_PRODUCER_ID_MAPPING, Errors.forCode(refused.errorCode()));
        assertEquals(Errors.PRODUCER_FENCED,
                transacting.errorOfEnd(5, producer.epoch(producer.epoch() + 1), true));
        assertEquals(Errors.INVALID_PRODUCER_ID_MAPPING, produce(stranger, 0, 1));
        assertEquals(Errors.INVALID_PRODUCER_EPOCH, produce(producer.epoch(producer.epoch() + 1), 0, 1));
        assertEquals(Errors.INVALID_PRODUCER_ID_MAPPING,
                new Transacting(verbs, "never initialised").produce(12, topic, producer.transactional(0, 1)));
        assertEquals(0, verbs.end(topic));
        assertEquals(Errors.NONE, produce(producer, 0, 1));
    }

    @Test
    void batchesUnderWayTogetherKeepTheirOrderWhileTheFirstEnlists() {
        for (int sequence = 0; sequence < 5; sequence++) {
            verbs.raw.post(ApiKeys.PRODUCE, 12, Verbs.produceRequest("id of " + topic, -1, topic, 0,
                    producer.transactional(sequence, 1)));
        }

        for (int sequence = 0; sequence < 5; sequence++) {
            ProduceResponseData answer = verbs.raw.receive(ApiKeys.PRODUCE, 12);
            assertEquals(sequence, verbs.accepted(Verbs.only(answer)));
        }
        transacting.ended(producer, true);
        assertEquals(6, verbs.stableEnd(topic));
    }

    @Test
    void anOpenTransactionGoesOnAfterTheProcessIsKilled(@TempDir Path directory) {
        try (BrokerProcess broker = BrokerProcess.start(directory)) {
            Pid survivor;
            try (Verbs before = new Verbs(broker.bootstrap())) {
                before.createTopic("open");
                Transacting first = new Transacting(before, "survivor");
                survivor = first.ended(first.init(5), false);
                assertEquals(Errors.NONE, first.produce(12, "open", survivor.transactional(0, 2)));
                assertEquals(Errors.NONE, first.commitOffset(5, survivor, "survivors", "open", 9));
            }

            broker.killAndRestart();

            try (Verbs after = new Verbs(broker.bootstrap())) {
                after.awaitLeader("open", 0);
                Transacting second = new Transacting(after, "survivor");
                assertEquals("Ongoing", second.describe().transactionState());
                assertEquals(0, after.stableEnd("open"));
                assertEquals(Errors.UNSTABLE_OFFSET_COMMIT,
                        Errors.forCode(Transacting.offset(after, "survivors", "open", true).errorCode()));
                assertEquals(0, after.accepted(after.produce(12, "survivor", "open", 0,
                        survivor.transactional(0, 2))));
                assertEquals(Errors.NONE, second.produce(12, "open", survivor.transactional(2, 1)));
                Pid next = second.ended(survivor, true);
                assertEquals(4, after.stableEnd("open"));
                assertEquals(9, Transacting.offset(after, "survivors", "open", true).committedOffset());
                broker.killAndRestart();
                try (Verbs last = new Verbs(broker.bootstrap())) {
                    last.awaitLeader("open", 0);
                    assertEquals(4, last.stableEnd("open"));
                    assertEquals(next, new Transacting(last, "survivor").ended(survivor, true), "a repeat");
                    assertEquals(9, Transacting.offset(last, "survivors", "open", true).committedOffset());
                }
            }
        }
    }

    @Test
    @DisabledIfSystemProperty(named = "semel.against", matches = "kafka",
            disabledReason = "answers an end before its markers are written")
    void theEndIsDurableAndVisibleWhenItIsAnswered() {
        int transactions = 30;
        Pid now = producer;
        for (int count = 1; count <= transactions; count++) {
            assertEquals(Errors.NONE, produce(now, 0, 1));
            now = transacting.ended(now, count % 3 != 0);
            try (Verbs other = new Verbs(engine.bootstrap())) {
                assertEquals(2L * count, other.stableEnd(topic));
            }
        }
    }
}

package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.semel.it.client.BrokerProcess;
import io.semel.it.client.EngineUnderTest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sequences, epochs and duplicates of one producer on one partition (FEATURES rows 1 to 8; KIP-98, KIP-360;
 * I3, I4).
 */
@Tag("against-kafka")
class IdempotentProduceTest {
    private static final int LAST_SEQUENCE = Integer.MAX_VALUE;

    private static EngineUnderTest engine;
    private static int topics;

    private Verbs verbs;
    private String topic;
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
    void newProducerOnANewTopic() {
        verbs = new Verbs(engine.bootstrap());
        topic = "sequences-" + topics++;
        verbs.createTopic(topic);
        producer = verbs.newProducer();
    }

    @AfterEach
    void hangUp() {
        verbs.close();
    }

    @Test
    void everyProducerGetsAnIdOfItsOwn() {
        TreeSet<Long> ids = new TreeSet<>();

        for (int version = 0; version <= 5; version++) ids.add(verbs.newProducer(version, null).id());

        assertEquals(6, ids.size());
    }

    @Test
    void aDuplicateIsAnsweredWithItsFirstOffsetAndNotWritten() {
        assertEquals(0, verbs.accepted(verbs.produce(topic, producer.batch(0, 3))));
        assertEquals(3, verbs.accepted(verbs.produce(topic, producer.batch(3, 2))));

        long again = verbs.accepted(verbs.produce(topic, producer.batch(0, 3)));

        assertEquals(0, again);
        assertEquals(5, verbs.end(topic));
        assertEquals(5, verbs.accepted(verbs.produce(topic, producer.batch(5, 1))));
    }

    @Test
    void fiveBatchesAreRememberedAndTheSixthOldestIsOutOfOrder() {
        for (int batch = 0; batch < 6; batch++) {
            verbs.accepted(verbs.produce(topic, producer.batch(2 * batch, 2)));
        }

        for (int batch = 1; batch < 6; batch++) {
            assertEquals(2 * batch, verbs.accepted(verbs.produce(topic, producer.batch(2 * batch, 2))));
        }
        Errors forgotten = verbs.errorOfProduce(topic, producer.batch(0, 2));

        assertEquals(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, forgotten);
        assertEquals(12, verbs.end(topic));
    }

    @Test
    void aPartOfARememberedBatchIsNoDuplicate() {
        verbs.accepted(verbs.produce(topic, producer.batch(0, 4)));

        assertEquals(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, verbs.errorOfProduce(topic, producer.batch(0, 3)));
        assertEquals(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, verbs.errorOfProduce(topic, producer.batch(1, 3)));
        assertEquals(4, verbs.end(topic));
    }

    @Test
    void aGapIsOutOfOrderAndFillingItIsNot() {
        verbs.accepted(verbs.produce(topic, producer.batch(0, 1)));

        assertEquals(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, verbs.errorOfProduce(topic, producer.batch(2, 1)));
        assertEquals(1, verbs.accepted(verbs.produce(topic, producer.batch(1, 1))));
        assertEquals(2, verbs.accepted(verbs.produce(topic, producer.batch(2, 1))));
    }

    @Test
    void sequencesWrapAroundBetweenBatches() {
        verbs.accepted(verbs.produce(topic, producer.batch(LAST_SEQUENCE, 1)));

        assertEquals(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, verbs.errorOfProduce(topic, producer.batch(1, 1)));
        assertEquals(1, verbs.accepted(verbs.produce(topic, producer.batch(0, 2))));
        assertEquals(3, verbs.accepted(verbs.produce(topic, producer.batch(2, 1))));
        assertEquals(0, verbs.accepted(verbs.produce(topic, producer.batch(LAST_SEQUENCE, 1))),
                "a duplicate");
        assertEquals(4, verbs.end(topic));
    }

    @Test
    void sequencesWrapAroundInsideABatch() {
        verbs.accepted(verbs.produce(topic, producer.batch(LAST_SEQUENCE - 1, 5)));

        assertEquals(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, verbs.errorOfProduce(topic, producer.batch(4, 1)));
        assertEquals(5, verbs.accepted(verbs.produce(topic, producer.batch(3, 1))));
        assertEquals(0, verbs.accepted(verbs.produce(topic, producer.batch(LAST_SEQUENCE - 1, 5))),
                "a duplicate");
        assertEquals(6, verbs.end(topic));
    }

    @Test
    void anOldEpochIsFencedAndANewOneBeginsAtZero() {
        Pid newer = producer.epoch(1);
        verbs.accepted(verbs.produce(topic, producer.batch(0, 2)));

        assertEquals(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, verbs.errorOfProduce(topic, newer.batch(2, 1)));
        assertEquals(2, verbs.accepted(verbs.produce(topic, newer.batch(0, 1))));
        assertEquals(Errors.INVALID_PRODUCER_EPOCH, verbs.errorOfProduce(topic, producer.batch(2, 1)));
        assertEquals(Errors.INVALID_PRODUCER_EPOCH, verbs.errorOfProduce(topic, producer.batch(0, 2)));
        assertEquals(3, verbs.end(topic));
    }

    @Test
    void eachPartitionCountsForItself() {
        verbs.createTopic("two-" + topic, 2, Map.of());

        assertEquals(0, verbs.accepted(verbs.produce(9, null, "two-" + topic, 0, producer.batch(0, 1))));
        assertEquals(0, verbs.accepted(verbs.produce(9, null, "two-" + topic, 1, producer.batch(0, 2))));
        assertEquals(1, verbs.accepted(verbs.produce(9, null, "two-" + topic, 0, producer.batch(1, 1))));
        assertEquals(2, verbs.accepted(verbs.produce(9, null, "two-" + topic, 1, producer.batch(2, 1))));
    }

    @Test
    void producersThatKeepNoSequenceWriteAsOftenAsTheySend() {
        ByteBuffer batch = Pid.NONE.batch(0, 2);

        for (int time = 0; time < 7; time++) {
            assertEquals(2 * time, verbs.accepted(verbs.produce(topic, batch)));
        }
    }

    /** Apache Kafka writes down the last one only, which is what it has when it has recovered. */
    @Test
    void allFiveAreStillRememberedWhenTheProcessIsKilled(@TempDir Path directory) {
        try (BrokerProcess broker = BrokerProcess.start(directory)) {
            Pid survivor;
            try (Verbs before = new Verbs(broker.bootstrap())) {
                before.createTopic("killed");
                survivor = before.newProducer();
                for (int batch = 0; batch < 7; batch++) {
                    before.accepted(before.produce("killed", survivor.batch(2 * batch, 2)));
                }
            }

            broker.killAndRestart();

            try (Verbs after = new Verbs(broker.bootstrap())) {
                after.awaitLeader("killed", 0);
                for (int batch = EngineUnderTest.isKafka() ? 6 : 2; batch < 7; batch++) {
                    assertEquals(2 * batch,
                            after.accepted(after.produce("killed", survivor.batch(2 * batch, 2))));
                }
                assertEquals(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER,
                        after.errorOfProduce("killed", survivor.batch(2, 2)));
                assertEquals(14, after.end("killed"));
                assertEquals(14, after.accepted(after.produce("killed", survivor.batch(14, 1))));
                assertNotEquals(survivor.id(), after.newProducer().id());
            }
        }
    }
}

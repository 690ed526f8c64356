package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.client.EngineUnderTest;
import io.semel.wire.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How much a fetch brings and when it is answered (FEATURES row P2). */
@Tag("against-kafka")
class FetchRulesTest {
    private static final int BATCHES = 10;
    /** Long enough that an answer before it was not waited for, short enough to wait for. */
    private static final int WAIT_MS = 400;
    private static final int LONG_WAIT_MS = 15_000;

    private static EngineUnderTest engine;
    private static int topics;

    private Verbs verbs;
    private String topic;
    private Uuid topicId;
    private int batchSize;

    @BeforeAll
    static void startEngine() {
        engine = EngineUnderTest.inProcess();
    }

    @AfterAll
    static void stopEngine() {
        engine.close();
    }

    @BeforeEach
    void tenBatchesOfTwoRecords() {
        verbs = new Verbs(engine.bootstrap());
        topic = "fetching-" + topics++;
        topicId = verbs.createTopic(topic, 2, Map.of());
        ByteBuffer batch = batch();
        batchSize = batch.remaining();
        for (int partition = 0; partition < 2; partition++) {
            for (int count = 0; count < BATCHES; count++) {
                verbs.accepted(verbs.produce(9, null, topic, partition, batch));
            }
        }
    }

    @AfterEach
    void hangUp() {
        verbs.close();
    }

    private static ByteBuffer batch() {
        return Pid.NONE.builder(0, 0).add(Pid.TIME_MS, null, new byte[400])
                .add(Pid.TIME_MS, null, new byte[400]).build();
    }

    private static Errors errorOf(PartitionData partition) {
        return Errors.forCode(partition.errorCode());
    }

    private List<BatchHeader> bringsWithAtMost(int total, int partition) {
        return Fetching.batches(verbs.fetching().bytesMax(total, partition).from(topic, 0, 4).one());
    }

    @Test
    void bringsNoMoreBytesThanAskedForButOneBatchAtLeast() {
        assertEquals(8, bringsWithAtMost(1 << 20, 1 << 20).size());
        assertEquals(3, bringsWithAtMost(1 << 20, 3 * batchSize).size());
        assertEquals(3, bringsWithAtMost(3 * batchSize, 1 << 20).size());
        assertEquals(2, bringsWithAtMost(3 * batchSize - 1, 1 << 20).size());
        assertEquals(2, bringsWithAtMost(1 << 20, 3 * batchSize - 1).size());
        assertEquals(1, bringsWithAtMost(1, 1 << 20).size());
        assertEquals(1, bringsWithAtMost(1 << 20, 1).size());
        assertEquals(1, bringsWithAtMost(0, 0).size());
        assertEquals(4, bringsWithAtMost(1, 1).get(0).baseOffset());
    }

    @Test
    void theLimitHoldsForAllPartitionsTogetherAndTheFirstBatchForOne() {
        FetchResponseData wide =
                verbs.fetching().bytesMax(4 * batchSize, 1 << 20).from(topic, 0, 0).from(topic, 1, 0).all();
        FetchResponseData narrow =
                verbs.fetching().bytesMax(1, 1 << 20).from(topic, 1, 0).from(topic, 0, 0).all();

        int total = 0;
        for (PartitionData answered : Fetching.partitions(wide)) total += Fetching.batches(answered).size();
        assertEquals(4, total);
        assertEquals(1, Fetching.batches(Fetching.partitions(narrow).get(0)).size());
        assertEquals(0, Fetching.batches(Fetching.partitions(narrow).get(1)).size());
        assertEquals(1, Fetching.partitions(narrow).get(0).partitionIndex());
        assertEquals(20, Fetching.partitions(narrow).get(1).highWatermark());
    }

    @Test
    void aBatchAboveTheLimitOfItsPartitionIsNoReasonToStopAnEarlierOne() {
        ByteBuffer large = Pid.NONE.builder(0, 0).add(Pid.TIME_MS, null, new byte[100_000]).build();
        verbs.accepted(verbs.produce(9, null, topic, 1, large));

        FetchResponseData found =
                verbs.fetching().bytesMax(50_000, 20_000).from(topic, 0, 0).from(topic, 1, 20).all();

        assertEquals(BATCHES, Fetching.batches(Fetching.of(found, topic, 0)).size());
        assertEquals(0, Fetching.batches(Fetching.of(found, topic, 1)).size());
        PartitionData alone = verbs.fetching().bytesMax(50_000, 20_000).from(topic, 1, 20).one();
        assertEquals(1, Fetching.batches(alone).size());
    }

    @Test
    void answersAtOnceWhenThereIsEnough() {
        long beganNanos = System.nanoTime();

        PartitionData found = verbs.fetching().waiting(LONG_WAIT_MS, 10 * batchSize).from(topic, 0, 0).one();

        assertEquals(BATCHES, Fetching.batches(found).size());
        assertTrue(msSince(beganNanos) < LONG_WAIT_MS / 2);
    }

    @Test
    void answersWithWhatThereIsWhenTheTimeIsUp() {
        long beganNanos = System.nanoTime();
        PartitionData atTheEnd = verbs.fetching().waiting(WAIT_MS, 1).from(topic, 0, 20).one();
        long emptyMs = msSince(beganNanos);
        PartitionData tooLittle = verbs.fetching().waiting(WAIT_MS, 1 << 20).from(topic, 0, 18).one();
        long bothMs = msSince(beganNanos);

        assertEquals(Errors.NONE, errorOf(atTheEnd));
        assertEquals(0, Fetching.batches(atTheEnd).size());
        assertEquals(20, atTheEnd.highWatermark());
        assertEquals(1, Fetching.batches(tooLittle).size());
        assertTrue(emptyMs >= WAIT_MS - 20 && bothMs >= 2 * WAIT_MS - 40, emptyMs + " ms, " + bothMs + " ms");
        assertTrue(bothMs < LONG_WAIT_MS, bothMs + " ms");
    }

    private static long msSince(long beganNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
    }

    @Test
    void isWokenByWhatIsWrittenOnceItIsEnough() {
        long beganNanos = System.nanoTime();
        try (Verbs writer = new Verbs(engine.bootstrap())) {
            Fetching parked = verbs.fetching().waiting(LONG_WAIT_MS, 3 * batchSize).from(topic, 0, 20)
                    .from(topic, 1, 20).post();
            writer.accepted(writer.produce(9, null, topic, 1, batch()));
            writer.accepted(writer.produce(9, null, topic, 0, batch()));
            writer.accepted(writer.produce(9, null, topic, 1, batch()));

            FetchResponseData found = parked.receive();

            assertEquals(1, Fetching.batches(Fetching.of(found, topic, 0)).size());
            assertEquals(2, Fetching.batches(Fetching.of(found, topic, 1)).size());
            assertTrue(msSince(beganNanos) < LONG_WAIT_MS / 2);
        }
    }

    @Test
    void aWaitingFetchHoldsBackTheLaterAnswersOfItsConnectionOnly() {
        try (Verbs other = new Verbs(engine.bootstrap())) {
            Fetching parked = verbs.fetching().waiting(WAIT_MS, 1).from(topic, 0, 20).post();

            long beganNanos = System.nanoTime();
            other.end(topic);
            assertTrue(msSince(beganNanos) < LONG_WAIT_MS);
            assertEquals(0, Fetching.batches(Fetching.one(parked.receive())).size());
            assertEquals(20, verbs.end(topic));
        }
    }

    @Test
    void offsetsOutsideTheLogAreOutOfRangeAndItsEndIsNot() {
        assertEquals(Errors.NONE, errorOf(verbs.fetching().from(topic, 0, 20).one()));
        for (long offset : new long[] {21, -1, -7, Long.MAX_VALUE}) {
            PartitionData refused = verbs.fetching().waiting(LONG_WAIT_MS, 1).from(topic, 0, offset).one();
            assertEquals(Errors.OFFSET_OUT_OF_RANGE, errorOf(refused), "at " + offset);
            assertEquals(0, Fetching.batches(refused).size());
        }
    }

    /** Apache Kafka waits for the rest before it tells. */
    @Test
    void whatIsNotThereIsToldAtOnceAndTheRestIsBrought() {
        long beganNanos = System.nanoTime();
        FetchResponseData byName = verbs.fetching()
                .waiting(EngineUnderTest.isKafka() ? WAIT_MS : LONG_WAIT_MS, 1 << 20)
                .from("nowhere", 0, 0).from(topic, 2, 0).from(topic, 0, 18).all();

        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION,
                errorOf(Fetching.of(byName, "nowhere", 0)));
        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, errorOf(Fetching.of(byName, topic, 2)));
        assertEquals(1, Fetching.batches(Fetching.of(byName, topic, 0)).size());
        assertTrue(msSince(beganNanos) < LONG_WAIT_MS / 2);
    }

    @Test
    void topicsAreNamedByIdFromVersionThirteenOn() {
        for (int version = 13; version <= 18; version++) {
            Uuid nobodys = new Uuid(1, version);
            FetchResponseData found = verbs.fetching().version(version).fromId(topicId, 0, 18)
                    .fromId(nobodys, 0, 0).fromId(topicId, 5, 0).all();

            assertEquals(1, Fetching.batches(Fetching.of(found, topicId, 0)).size());
            assertEquals(Errors.UNKNOWN_TOPIC_ID, errorOf(Fetching.of(found, nobodys, 0)));
            assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, errorOf(Fetching.of(found, topicId, 5)));
        }
    }

    @Test
    void everyOlderVersionIsServedToo() {
        for (int version = 4; version <= 12; version++) {
            PartitionData found = verbs.fetching().version(version).from(topic, 1, 19).one();

            assertEquals(Errors.NONE, errorOf(found));
            assertEquals(18, Fetching.batches(found).get(0).baseOffset());
            assertEquals(20, found.lastStableOffset());
            assertNull(found.abortedTransactions());
        }
    }

    @Test
    void aLeaderEpochThatIsYetToComeIsUnknown() {
        assertEquals(Errors.NONE, errorOf(verbs.fetching().underEpoch(0, topic, 0, 0).one()));
        assertEquals(Errors.UNKNOWN_LEADER_EPOCH, errorOf(verbs.fetching().underEpoch(1, topic, 0, 0).one()));
        ListOffsetsPartition latest = new ListOffsetsPartition().setTimestamp(Verbs.LATEST);
        assertEquals(20, verbs.offsetAt(latest.setCurrentLeaderEpoch(0), topic, false).offset());
        assertEquals(Errors.UNKNOWN_LEADER_EPOCH,
                Errors.forCode(verbs.offsetAt(latest.setCurrentLeaderEpoch(1), topic, false).errorCode()));
    }

    @Test
    void aSessionThatIsNotKnownIsToldSo() {
        FetchResponseData refused = verbs.fetching().inSession(77, 3).from(topic, 0, 0).all();
        FetchResponseData asked = verbs.fetching().inSession(0, 0).from(topic, 0, 0).all();

        assertEquals(Errors.FETCH_SESSION_ID_NOT_FOUND, Errors.forCode(refused.errorCode()));
        assertEquals(BATCHES, Fetching.batches(Fetching.one(asked)).size());
    }
}

package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.client.EngineUnderTest;
import io.semel.wire.batch.BatchHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Interleaved transactions over many segments: what is told of the aborted ones, and again without the index
 * (rows 41, 42).
 */
@Tag("against-kafka")
class AbortedRangesOverSegmentsTest {
    private static final int PRODUCERS = 4;
    private static final int STEPS = 60;
    private static final String TOPIC = "segments";

    /** An aborted transaction as the story knows it. */
    private record Aborted(long producerId, long firstOffset, long markerOffset) {
    }

    private final long seed = Long.getLong("semel.seed", 42);
    private final Random random = new Random(seed);
    private final List<Aborted> aborted = new ArrayList<>();
    private final Pid[] producers = new Pid[PRODUCERS];
    private final long[] openSince = new long[PRODUCERS];
    private final int[] sequences = new int[PRODUCERS];

    /** Apache Kafka misses an index of offsets only, and takes a missing .txnindex alone for an empty one. */
    @Test
    void theAbortedRangesAreExactAndComeBackWithoutTheirIndex() {
        try (EngineUnderTest engine = EngineUnderTest.inProcess()) {
            try (Verbs verbs = new Verbs(engine.bootstrap())) {
                verbs.createTopic(TOPIC, 1, Map.of("segment.bytes", "1048576"));
                writeTheStory(verbs);
                assertExact(verbs);
            }
            assertTrue(engine.filesOf(TOPIC + "-0", ".log").size() >= 4, "there are segments");
            assertFalse(engine.filesOf(TOPIC + "-0", ".txnindex").isEmpty(), "there is an index to delete");

            engine.restartWithout(TOPIC + "-0", EngineUnderTest.isKafka() ? List.of(".txnindex", ".index")
                    : List.of(".txnindex"));

            try (Verbs verbs = new Verbs(engine.bootstrap())) {
                verbs.awaitLeader(TOPIC, 0);
                assertExact(verbs);
            }
        }
    }

    private void writeTheStory(Verbs verbs) {
        Transacting[] transacting = new Transacting[PRODUCERS];
        for (int index = 0; index < PRODUCERS; index++) {
            transacting[index] = new Transacting(verbs, "producer " + index);
            producers[index] = transacting[index].init(5);
            openSince[index] = -1;
        }
        for (int step = 0; step < STEPS; step++) {
            int index = random.nextInt(PRODUCERS);
            if (openSince[index] >= 0 && random.nextInt(3) == 0) end(transacting[index], index, verbs);
            else write(transacting[index], index, verbs);
        }
        for (int index = 0; index < PRODUCERS; index++) {
            if (openSince[index] >= 0) end(transacting[index], index, verbs);
        }
    }

    private void write(Transacting transacting, int index, Verbs verbs) {
        long offset = verbs.end(TOPIC);
        var batch = producers[index].builder(sequences[index], 1).transactional(true)
                .add(Pid.TIME_MS, null, new byte[100_000]).build();
        assertEquals(Errors.NONE, transacting.produce(12, TOPIC, batch));
        sequences[index] += 2;
        if (openSince[index] < 0) openSince[index] = offset;
    }

    private void end(Transacting transacting, int index, Verbs verbs) {
        boolean commit = random.nextInt(3) == 0;
        long marker = verbs.end(TOPIC);
        if (!commit) aborted.add(new Aborted(producers[index].id(), openSince[index], marker));
        producers[index] = transacting.ended(producers[index], commit);
        sequences[index] = 0;
        openSince[index] = -1;
    }

    /**
     * From every offset, whole and in small pieces: all ranges that touch what is brought, and no other.
     * Apache Kafka tells of some that begin behind it.
     */
    private void assertExact(Verbs verbs) {
        long end = verbs.stableEnd(TOPIC);
        assertEquals(verbs.end(TOPIC), end, "nothing is open");
        for (int offset = 0; offset < end; offset++) {
            for (int bytesMax : new int[] {1, 250_000, 64 << 20}) {
                PartitionData found =
                        verbs.fetching().committed().bytesMax(bytesMax, bytesMax).from(TOPIC, 0, offset)
                        .one();
                List<BatchHeader> batches = Fetching.batches(found);
                assertExact(offset, batches.get(batches.size() - 1).nextOffset(), found);
            }
        }
    }

    private void assertExact(long from, long to, PartitionData found) {
        TreeSet<String> expected = new TreeSet<>();
        TreeSet<String> behind = new TreeSet<>();
        for (Aborted one : aborted) {
            if (one.markerOffset < from) continue;
            (one.firstOffset < to ? expected : behind).add(one.producerId + " from " + one.firstOffset);
        }
        TreeSet<String> told = new TreeSet<>();
        found.abortedTransactions().forEach(one -> told.add(one.producerId() + " from " + one.firstOffset()));
        int count = told.size();
        if (EngineUnderTest.isKafka()) told.removeAll(behind);
        assertEquals(expected, told, () -> "from " + from + " to " + to + ", seed " + seed);
        assertEquals(count, found.abortedTransactions().size(), "none is told twice");
    }
}

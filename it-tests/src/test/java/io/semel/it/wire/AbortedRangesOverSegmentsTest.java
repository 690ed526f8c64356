package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.Engine;
import io.semel.broker.config.EngineConfig;
import io.semel.wire.batch.BatchHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Interleaved transactions over many segments: what is told of the aborted ones, and again without the index
 * (rows 41, 42).
 */
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

    @Test
    void theAbortedRangesAreExactAndComeBackWithoutTheirIndex(@TempDir Path directory) throws IOException {
        try (Engine engine = start(directory); Verbs verbs = new Verbs(engine.bootstrap())) {
            verbs.createTopic(TOPIC, 1, Map.of("segment.bytes", "1048576"));
            writeTheStory(verbs);
            assertExact(verbs);
        }
        assertTrue(files(directory, ".log").size() >= 4, () -> files(directory, ".log").toString());
        List<Path> indexes = files(directory, ".txnindex");
        assertTrue(!indexes.isEmpty(), "there is an index to delete");

        for (Path index : indexes) Files.delete(index);

        try (Engine engine = start(directory); Verbs verbs = new Verbs(engine.bootstrap())) {
            assertExact(verbs);
        }
    }

    private static Engine start(Path directory) {
        return Engine.start(EngineConfig.in(directory, "127.0.0.1", 0));
    }

    private static List<Path> files(Path directory, String suffix) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.getParent().endsWith(TOPIC + "-0"))
                    .filter(file -> file.toString().endsWith(suffix)).toList();
        } catch (IOException failure) {
            throw new AssertionError(failure);
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

    /** From every offset, whole and in small pieces: all ranges that touch what is brought, and no other. */
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
        for (Aborted one : aborted) {
            boolean touches = one.markerOffset >= from && one.firstOffset < to;
            if (touches) expected.add(one.producerId + " from " + one.firstOffset);
        }
        TreeSet<String> told = new TreeSet<>();
        found.abortedTransactions().forEach(one -> told.add(one.producerId() + " from " + one.firstOffset()));
        assertEquals(expected, told, () -> "from " + from + " to " + to + ", seed " + seed);
        assertEquals(told.size(), found.abortedTransactions().size(), "none is told twice");
    }
}

package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.world.DiskFailure;
import io.semel.log.disk.FileDisk;
import io.semel.log.disk.IndexKind;
import io.semel.wire.batch.BatchSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the real disk, whose open files the operating system counts. */
class OpenSegmentsTest {
    private static final int OPEN_MAX = 3;
    private static final LogConfig CONFIG = LogConfig.defaults().withSegmentBytes(2_000)
            .withIndexIntervalBytes(100);

    @TempDir
    private Path directory;
    private FileDisk disk;
    private final OpenSegments open = new OpenSegments(OPEN_MAX);
    private final Random random = new Random(5);
    private final List<PartitionLog> logs = new ArrayList<>();
    private final List<PartitionLog> pressed = new ArrayList<>();
    private final List<List<byte[]>> written = new ArrayList<>();

    @BeforeEach
    void openLogs() {
        disk = new FileDisk(directory, IndexKind.JDK);
        for (int number = 0; number < 20; number++) {
            logs.add(open("t-" + number, 0, false));
            written.add(new ArrayList<>());
        }
    }

    private PartitionLog open(String name, long recoveryPoint, boolean clean) {
        Tests.Opening opening = Tests.opening(recoveryPoint, clean);
        opening.openSegments = open;
        PartitionLog log = PartitionLog.open(disk, name, CONFIG, opening);
        log.onPressed(() -> pressed.add(log));
        return log;
    }

    private void append(int number) {
        ByteBuffer batch = Tests.batch(1, 100, 1_000 + written.get(number).size(), random);
        logs.get(number).append(batch, 0);
        written.get(number).add(Tests.bytes(batch));
    }

    private void force(PartitionLog log) {
        PartitionLog.Forcing force = log.beginForce();
        force.run();
        log.markDurable(force.offset());
    }

    private void assertReads(int number, int index) {
        List<BatchSlice> slices = logs.get(number).read(index, Long.MAX_VALUE, 1, true);
        assertArrayEquals(written.get(number).get(index), Tests.take(slices));
    }

    /** Of the logs: their files and indexes, and nothing of what the JVM or another test has open. */
    private long filesOpen() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.filter(entry -> isOurs(entry)).count();
        }
    }

    private boolean isOurs(Path entry) {
        try {
            return Files.readSymbolicLink(entry).startsWith(directory);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    @Test
    void manyLogsOfALaneShareAFewFiles() throws IOException {
        for (int round = 0; round < 60; round++) {
            for (int number = 0; number < logs.size(); number++) {
                append(number);
                force(logs.get(number));
                assertReads(number, random.nextInt(written.get(number).size()));
            }
        }

        if (Files.isDirectory(Path.of("/proc/self/fd"))) {
            assertTrue(filesOpen() <= OPEN_MAX, filesOpen() + " files are open");
        }
        for (int number = 0; number < logs.size(); number++) {
            assertTrue(logs.get(number).segmentBases().size() > 2);
            for (int index = 0; index < written.get(number).size(); index++) assertReads(number, index);
        }
    }

    @Test
    void unforcedWritesKeepTheirFileOpenAndAskToBeForced() throws IOException {
        for (int number = 0; number < logs.size(); number++) append(number);
        assertTrue(pressed.size() >= OPEN_MAX, "asked: " + pressed.size());

        List.copyOf(logs).forEach(this::force);
        for (int round = 0; round < 3; round++) assertReads(round, 0);

        for (int number = 0; number < logs.size(); number++) assertReads(number, 0);
        if (Files.isDirectory(Path.of("/proc/self/fd"))) assertTrue(filesOpen() <= OPEN_MAX);
    }

    @Test
    void aLogThatWasClosedCleanlyOpensWithNothingOpen() throws IOException {
        for (int number = 0; number < logs.size(); number++) {
            for (int index = 0; index < 30; index++) append(number);
            logs.get(number).leaveLane();
            logs.get(number).close(true);
        }

        logs.replaceAll(log -> open(log.directory(), log.endOffset(), true));

        if (Files.isDirectory(Path.of("/proc/self/fd"))) assertEquals(0, filesOpen());
        for (int number = 0; number < logs.size(); number++) assertReads(number, 29);
    }

    @Test
    void aFileThatSomebodyRemovedWhileItRestedIsDamageAndNotANewOne() throws IOException {
        append(0);
        force(logs.get(0));
        for (int number = 1; number < logs.size(); number++) {
            append(number);
            force(logs.get(number));
        }
        Files.delete(directory.resolve("t-0/00000000000000000000.log"));

        assertThrows(DiskFailure.class, () -> append(0));
        assertThrows(DiskFailure.class, () -> assertReads(0, 0));
    }

    @Test
    void aSliceStaysReadableWhenItsSegmentRests() {
        append(0);
        force(logs.get(0));
        List<BatchSlice> held = logs.get(0).read(0, Long.MAX_VALUE, 1, true);

        for (int number = 1; number < logs.size(); number++) {
            append(number);
            force(logs.get(number));
        }

        assertArrayEquals(written.get(0).get(0), Tests.take(held));
    }
}

package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.log.disk.FileDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionLogTest {
    @TempDir
    Path root;

    private final Random random = new Random(7);
    private FileDisk disk;

    @BeforeEach
    void disk() {
        disk = new FileDisk(root);
    }

    @Test
    void hasNoFilesBeforeItsFirstBatch() {
        PartitionLog log = open(LogConfig.defaults(), Tests.opening(0, false));

        log.beginForce().run();
        log.close(true);

        assertTrue(disk.list("").isEmpty());
        assertNull(log.read(0, Long.MAX_VALUE, 1000, true));
    }

    @Test
    void givesBackWhatWasAppendedStampedWithItsOffset() {
        PartitionLog log = open(LogConfig.defaults(), Tests.opening(0, false));
        ByteBuffer first = Tests.batch(3, 10, 1000, random);
        ByteBuffer second = Tests.batch(2, 10, 2000, random);

        long firstBase = log.append(first, 5);
        long secondBase = log.append(second, 5);

        assertEquals(0, firstBase);
        assertEquals(3, secondBase);
        assertEquals(5, log.endOffset());
        assertArrayEquals(Tests.bytes(second), Tests.take(log.read(4, 5, 1000, false)));
        assertEquals(first.remaining() + second.remaining(), Tests.take(log.read(0, 5, 1000, false)).length);
        assertEquals(3, second.getLong(0));
    }

    @Test
    void rollsAndReadsAcrossSegments() {
        PartitionLog log = open(LogConfig.defaults().withSegmentBytes(1000), Tests.opening(0, false));
        List<Long> rolls = new ArrayList<>();
        log.onRoll(rolls::add);

        for (int index = 0; index < 30; index++) log.append(Tests.batch(2, 40, index, random), index);

        assertEquals(log.segmentBases().subList(1, log.segmentBases().size()), rolls);
        assertTrue(rolls.size() > 3, rolls::toString);
        assertEquals(log.sizeInBytes(), Tests.take(log.read(0, 60, 1 << 20, false)).length);
    }

    @Test
    void opensCleanlyWithoutCheckingAnything() {
        PartitionLog log = open(LogConfig.defaults().withSegmentBytes(1000), Tests.opening(0, false));
        for (int index = 0; index < 30; index++) log.append(Tests.batch(2, 40, index, random), index);
        log.close(true);

        Tests.Opening opening = Tests.opening(log.recoveryPoint(), true);
        PartitionLog again = open(LogConfig.defaults().withSegmentBytes(1000), opening);

        assertEquals(60, again.endOffset());
        assertEquals(0, again.recovered().checkedBytes());
        assertEquals(30, opening.folded.size());
        assertEquals(60, again.append(Tests.batch(1, 10, 5, random), 5));
        assertFalse(again.recovered().cutBytes() > 0);
    }

    private PartitionLog open(LogConfig config, LogOpening opening) {
        return PartitionLog.open(disk, "topic-0", config, opening);
    }
}

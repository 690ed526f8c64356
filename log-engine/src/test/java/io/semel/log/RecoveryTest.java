package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.DiskFile;
import io.semel.sim.SimWorld;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecoveryTest {
    private static final LogConfig CONFIG = LogConfig.defaults().withSegmentBytes(2000)
            .withIndexIntervalBytes(200);
    private static final String DIRECTORY = "topic-0";

    private final Random random = new Random(11);
    private final List<byte[]> batches = new ArrayList<>();
    private Disk disk;
    private List<Long> bases;

    /** Two records a batch, 190 bytes or so; three segments and more. */
    @BeforeEach
    void aLogOfThirtyBatches() {
        disk = new SimWorld(3, 1).disk();
        PartitionLog log = open(0, false);
        for (int index = 0; index < 30; index++) {
            ByteBuffer batch = Tests.batch(2, 50, 1000 + 10 * index, random);
            log.append(batch, 0);
            batches.add(Tests.bytes(batch));
        }
        bases = log.segmentBases();
        log.close(true);
        assertTrue(bases.size() >= 3, bases::toString);
    }

    @Test
    void cutsATailTornAtAnyByteOfTheLastTwoBatches() {
        String last = path(bases.get(bases.size() - 1), "log");
        byte[] content = SmallFile.read(disk, last);
        int twoBatches = batches.get(29).length + batches.get(28).length;
        for (int size = content.length - 1; size >= content.length - twoBatches; size--) {
            replace(last, Arrays.copyOf(content, size));

            PartitionLog log = open(20, false);

            int kept = size >= content.length - batches.get(29).length ? 29 : 28;
            assertEquals(kept * 2L, log.endOffset(), "torn at " + size);
            assertReads(log, kept);
            assertEquals(size == content.length - batches.get(29).length
                    || size == content.length - twoBatches,
                    log.recovered().cut() == null);
            log.close(false);
        }
    }

    @Test
    void cutsABatchWithAnyByteChangedAboveTheRecoveryPoint() {
        String last = path(bases.get(bases.size() - 1), "log");
        byte[] content = SmallFile.read(disk, last);
        int start = content.length - batches.get(29).length;
        for (int at = start; at < content.length; at++) {
            boolean stampedField = at - start >= 12 && at - start < 16;
            byte[] damaged = content.clone();
            damaged[at] ^= 0x10;
            replace(last, damaged);

            PartitionLog log = open(20, false);

            assertEquals(stampedField ? 60 : 58, log.endOffset(), "byte " + (at - start) + " of the batch");
            log.close(false);
        }
    }

    @Test
    void cutsZerosAndGarbageBehindTheEnd() {
        String last = path(bases.get(bases.size() - 1), "log");
        byte[] content = SmallFile.read(disk, last);
        for (int round = 0; round < 40; round++) {
            byte[] longer = Arrays.copyOf(content, content.length + 1 + random.nextInt(500));
            if (round % 2 == 1) {
                for (int at = content.length; at < longer.length; at++) longer[at] = (byte) random.nextInt();
            }
            replace(last, longer);

            PartitionLog log = open(60, false);

            assertEquals(60, log.endOffset());
            assertNotNull(log.recovered().cut());
            assertEquals(longer.length - content.length, log.recovered().cutBytes());
            assertReads(log, 30);
            assertEquals(60, log.append(Tests.batch(1, 10, 5000, random), 0));
            log.close(false);
        }
    }

    @Test
    void cutsAWholeOldBatchThatStandsWhereANewOneIsDue() {
        String last = path(bases.get(bases.size() - 1), "log");
        byte[] content = SmallFile.read(disk, last);
        byte[] longer = Arrays.copyOf(content, content.length + batches.get(3).length);
        System.arraycopy(batches.get(3), 0, longer, content.length, batches.get(3).length);
        replace(last, longer);

        PartitionLog log = open(60, false);

        assertEquals(60, log.endOffset());
    }

    @Test
    void refusesDamageBelowTheRecoveryPointAndNamesIt() {
        long middle = bases.get(bases.size() - 1);
        damage(path(middle, "log"), 16, (byte) 9);

        DiskFailure failure = assertThrows(DiskFailure.class, () -> open(60, false));

        assertTrue(failure.getMessage().contains(path(middle, "log")), failure.getMessage());
        assertTrue(failure.getMessage().contains("position 0"), failure.getMessage());
        assertTrue(failure.getMessage().contains("offset " + middle), failure.getMessage());
    }

    @Test
    void refusesALogThatEndsBelowTheRecoveryPoint() {
        String last = path(bases.get(bases.size() - 1), "log");
        byte[] content = SmallFile.read(disk, last);
        replace(last, Arrays.copyOf(content, content.length - batches.get(29).length));

        DiskFailure failure = assertThrows(DiskFailure.class, () -> open(60, false));
        DiskFailure cleanFailure = assertThrows(DiskFailure.class, () -> open(60, true));

        assertTrue(failure.getMessage().contains("offset 58"), failure.getMessage());
        assertTrue(failure.getMessage().contains("offset 60"), failure.getMessage());
        assertEquals(failure.getMessage(), cleanFailure.getMessage());
    }

    @Test
    void refusesALastSegmentThatIsGoneAndATruncatedMiddleOne() {
        disk.delete(path(bases.get(bases.size() - 1), "log"));
        assertThrows(DiskFailure.class, () -> open(60, false));

        replace(path(bases.get(0), "log"), new byte[0]);
        DiskFailure empty = assertThrows(DiskFailure.class, () -> open(bases.get(1), false));
        assertTrue(empty.getMessage().contains("empty"), empty.getMessage());
    }

    @Test
    void beginsAtTheStartWhicheverNamesBelowItAPowerCutBroughtBack() {
        int names = bases.size() + 1;
        for (int kept = 0; kept < 1 << names; kept++) {
            batches.clear();
            aLogOfThirtyBatches();
            PartitionLog emptied = open(60, true);
            emptied.endActive();
            bases = emptied.segmentBases();
            emptied.close(false);
            for (int index = 0; index < names; index++) {
                if ((kept & 1 << index) == 0) disk.delete(path(bases.get(index), "log"));
            }

            PartitionLog log = open(60, false, 60);

            boolean goesOn = kept >> names - 2 == 1;
            long firstBase = goesOn ? bases.get(names - 2) : 60;
            assertEquals(firstBase, log.firstBase(), "kept " + Integer.toBinaryString(kept));
            assertEquals(60, log.startOffset());
            assertEquals(60, log.append(Tests.batch(2, 50, 5000, random), 0));
            for (long base : bases) {
                if (base != 60) assertEquals(base == firstBase, disk.exists(path(base, "log")));
            }
            log.close(true);
            assertEquals(62, open(62, true, 60).endOffset());
        }
    }

    @Test
    void refusesALogThatLacksWhatLiesBetweenItsStartAndTheRecoveryPoint() {
        disk.delete(path(bases.get(bases.size() - 1), "log"));

        DiskFailure failure = assertThrows(DiskFailure.class, () -> open(60, false, 59));

        assertTrue(failure.getMessage().contains("offset 60 was durable"), failure.getMessage());
        for (long base : bases.subList(0, bases.size() - 2)) {
            assertFalse(disk.exists(path(base, "log")), "below the start");
        }
        assertTrue(disk.exists(path(bases.get(bases.size() - 2), "log")));
    }

    @Test
    void dropsWhatFollowsACutAboveTheRecoveryPoint() {
        damage(path(bases.get(1), "log"), 200, (byte) 77);

        PartitionLog log = open(bases.get(1), false);

        assertTrue(log.endOffset() > bases.get(1) && log.endOffset() < bases.get(2));
        assertEquals(bases.subList(0, 2), log.segmentBases());
        assertFalse(disk.exists(path(bases.get(2), "log")));
        assertReads(log, (int) log.endOffset() / 2);
        assertTrue(log.recovered().cut().contains(path(bases.get(1), "log")), log.recovered().cut());
    }

    @Test
    void neverSkipsASegmentThatIsMissingInTheMiddle() {
        disk.delete(path(bases.get(1), "log"));

        PartitionLog log = open(60, true);
        DiskFailure failure = assertThrows(DiskFailure.class, () ->
                Tests.take(log.read(bases.get(1), 60, 10_000, true)));

        assertTrue(failure.getMessage().contains("goes on at offset " + bases.get(2)), failure.getMessage());
        assertEquals(disk.sizeOf(path(0, "log")), Tests.take(log.read(0, 60, 1 << 20, true)).length);
        assertThrows(DiskFailure.class, () -> PartitionLog.open(disk, DIRECTORY, CONFIG,
                foldingAll(60, true)));
    }

    @Test
    void checksOnlyTheSegmentsAboveTheRecoveryPoint() {
        long last = bases.get(bases.size() - 1);

        PartitionLog log = open(last, false);

        assertEquals(SmallFile.read(disk, path(last, "log")).length, log.recovered().checkedBytes());
    }

    @Test
    void rebuildsIndexesThatAreMissingShortForeignOrZero() {
        for (String extension : List.of("index", "timeindex")) {
            for (long base : bases) {
                String path = path(base, extension);
                byte[] good = SmallFile.read(disk, path);
                for (byte[] bad : bad(good, SmallFile.read(disk, path(bases.get(0), extension)))) {
                    if (bad == null) disk.delete(path);
                    else replace(path, bad);

                    PartitionLog log = open(60, true);
                    assertFindsEverything(log);
                    log.close(true);

                    assertArrayEquals(good, SmallFile.read(disk, path), path);
                }
            }
        }
    }

    @Test
    void believesNoIndexEntryWithAFlippedBit() {
        for (String extension : List.of("index", "timeindex")) {
            String path = path(bases.get(1), extension);
            byte[] good = SmallFile.read(disk, path);
            for (int bit = 0; bit < good.length * 8; bit++) {
                byte[] bad = good.clone();
                bad[bit / 8] ^= 1 << bit % 8;
                replace(path, bad);

                PartitionLog log = open(60, true);

                assertFindsEverything(log);
                log.close(true);
            }
        }
    }

    @Test
    void goesOnFromTheLastBatchBelowTheRecoveryPointThatTheIndexesLeadTo() {
        PartitionLog log = open(56, false);

        assertFindsEverything(log);
        long checked = log.recovered().checkedBytes();
        assertTrue(checked <= 4L * batches.get(29).length, checked + " bytes, not four batches");
        ByteBuffer batch = Tests.batch(2, 50, 1300, random);
        log.append(batch, 0);
        batches.add(Tests.bytes(batch));
        log.close(false);
        log = open(60, false);
        assertReads(log, 31);
        assertEquals(new TimestampOffset(1300, 60), log.findByTimestamp(1295, 62));
    }

    /** After a kill their files are as long as they may become, and zero behind the entries. */
    @Test
    void goesOnFromIndexesThatWereNotTrimmed() {
        long base = bases.get(bases.size() - 1);
        for (String extension : List.of("index", "timeindex")) {
            byte[] good = SmallFile.read(disk, path(base, extension));
            replace(path(base, extension), Arrays.copyOf(good, 240 * 12));
        }

        PartitionLog log = open(56, false);

        assertFindsEverything(log);
        assertTrue(log.recovered().checkedBytes() <= 4L * batches.get(29).length);
    }

    /** A power cut may take pages of one of them, the last ones or those before. */
    @Test
    void findsEverythingWithAnyPartOfTheActiveIndexesLost() {
        long base = bases.get(bases.size() - 1);
        for (String extension : List.of("index", "timeindex")) {
            String path = path(base, extension);
            byte[] good = SmallFile.read(disk, path);
            for (int from = 0; from <= good.length; from++) {
                for (int end : new int[] {good.length, Math.min(good.length, from + 12)}) {
                    byte[] bad = good.clone();
                    Arrays.fill(bad, from, end, (byte) 0);
                    replace(path, bad);

                    PartitionLog log = open(56, false);

                    assertFindsEverything(log);
                    log.close(true);
                    assertArrayEquals(good, SmallFile.read(disk, path), extension + " zero from " + from);
                }
            }
        }
    }

    @Test
    void believesNoActiveIndexEntryWithAFlippedBit() {
        for (String extension : List.of("index", "timeindex")) {
            String path = path(bases.get(bases.size() - 1), extension);
            byte[] good = SmallFile.read(disk, path);
            for (int bit = 0; bit < good.length * 8; bit++) {
                byte[] bad = good.clone();
                bad[bit / 8] ^= 1 << bit % 8;
                replace(path, bad);

                PartitionLog log = open(56, false);

                assertFindsEverything(log);
                log.close(false);
            }
        }
    }

    private void assertFindsEverything(PartitionLog log) {
        for (int index = 0; index < 30; index++) {
            assertArrayEquals(batches.get(index), Tests.take(log.read(index * 2L + 1, 60, 1, true)));
            TimestampOffset first = new TimestampOffset(1000 + 10 * index, index * 2L);
            assertEquals(first, log.findByTimestamp(995 + 10 * index, 60));
            TimestampOffset last = new TimestampOffset(1001 + 10 * index, index * 2L + 1);
            assertEquals(last, log.maxTimestamp(index * 2L + 2));
        }
        assertReads(log, 30);
    }

    private List<byte[]> bad(byte[] good, byte[] foreign) {
        byte[] garbage = new byte[good.length];
        random.nextBytes(garbage);
        List<byte[]> bad = new ArrayList<>(List.of(new byte[0], new byte[3], garbage, new byte[good.length
                + 5],
                Arrays.copyOf(good, good.length + 240), Arrays.copyOf(good, good.length - 1)));
        bad.add(null);
        if (!Arrays.equals(foreign, good)) bad.add(foreign);
        return bad;
    }

    @Test
    void foldsFromTheSnapshotOnAndDeletesFilesAboveTheEnd() {
        PartitionLog log = open(0, false);
        log.sideFiles().write(30, "snapshot", "thirty".getBytes(StandardCharsets.UTF_8), true);
        log.sideFiles().write(90, "snapshot", "ninety".getBytes(StandardCharsets.UTF_8), true);
        log.sideFiles().write(0, "txnindex", new byte[] {1, 2, 3}, false);
        log.close(false);
        List<Long> offered = new ArrayList<>();
        Tests.Opening opening = new Tests.Opening() {
            @Override
            public long loadNewestSnapshot(PartitionLog.SideFiles files, long notAbove) {
                offered.addAll(files.list("snapshot"));
                assertEquals("thirty", new String(files.read(30, "snapshot"), StandardCharsets.UTF_8));
                assertArrayEquals(new byte[] {1, 2, 3}, files.read(0, "txnindex"));
                assertNull(files.read(90, "snapshot"));
                assertEquals(60, notAbove);
                return 30;
            }
        };

        PartitionLog again = PartitionLog.open(disk, DIRECTORY, CONFIG, opening);

        assertEquals(List.of(30L), offered);
        assertEquals(15, opening.folded.size());
        assertArrayEquals(batches.get(15), opening.folded.get(0));
        assertEquals(bases, again.sideFiles().segmentBases());
    }

    @Test
    void refusesAnEmptySwapAndRemovesWhatCompactionsLeft() {
        disk.open(DIRECTORY + "/00000000000000000000.log.cleaned").close();
        disk.open(DIRECTORY + "/00000000000000000000.log.deleted").close();
        open(60, true).close(true);
        assertFalse(disk.exists(DIRECTORY + "/00000000000000000000.log.cleaned"));
        assertFalse(disk.exists(DIRECTORY + "/00000000000000000000.log.deleted"));

        disk.open(DIRECTORY + "/00000000000000000000.log.swap").close();
        DiskFailure failure = assertThrows(DiskFailure.class, () -> open(60, true));

        assertTrue(failure.getMessage().contains(".log.swap"), failure.getMessage());
    }

    private void assertReads(PartitionLog log, int count) {
        ByteBuffer all = ByteBuffer.wrap(Tests.take(log.read(0, Long.MAX_VALUE, 1 << 20, true)));
        for (int index = 0; index < count; index++) {
            byte[] found = new byte[batches.get(index).length];
            all.get(found);
            assertArrayEquals(batches.get(index), found);
        }
        assertEquals(0, all.remaining());
    }

    private PartitionLog open(long recoveryPoint, boolean clean) {
        return open(recoveryPoint, clean, 0);
    }

    private PartitionLog open(long recoveryPoint, boolean clean, long start) {
        Tests.Opening opening = Tests.opening(recoveryPoint, clean);
        opening.start = start;
        opening.foldFrom = Long.MAX_VALUE;
        return PartitionLog.open(disk, DIRECTORY, CONFIG, opening);
    }

    private Tests.Opening foldingAll(long recoveryPoint, boolean clean) {
        return Tests.opening(recoveryPoint, clean);
    }

    private void damage(String path, int position, byte value) {
        try (DiskFile file = disk.open(path)) {
            file.write(ByteBuffer.wrap(new byte[] {value}), position);
        }
    }

    private void replace(String path, byte[] content) {
        try (DiskFile file = disk.open(path)) {
            file.truncate(0);
            file.write(ByteBuffer.wrap(content), 0);
        }
    }

    private static String path(long base, String extension) {
        return LogNames.path(DIRECTORY, base, extension);
    }
}

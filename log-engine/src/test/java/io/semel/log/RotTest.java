package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.world.DiskFailure;
import io.semel.sim.SimWorld;
import io.semel.wire.batch.BatchSlice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the disk gives back is compared with its CRC before anybody gets it, and never cut away unseen. */
class RotTest {
    private static final LogConfig CONFIG = LogConfig.defaults().withSegmentBytes(2_000);
    private static final String FIRST = "t-0/00000000000000000000.log";

    private final Random random = new Random(4);
    private final List<byte[]> batches = new ArrayList<>();
    private SimWorld world = new SimWorld(1, 1);
    private PartitionLog log;

    @BeforeEach
    void aLogOfManySegments() {
        log = PartitionLog.open(world.disk(), "t-0", CONFIG, Tests.opening(0, false));
        for (int index = 0; index < 80; index++) {
            var batch = Tests.batch(1, 100, 1_000, random);
            log.append(batch, 0);
            batches.add(Tests.bytes(batch));
        }
    }

    @Test
    void checksNothingThatItHasWrittenItself() {
        assertTrue(Tests.take(log.read(0, 80, 500, true)).length > 0);
        assertNotNull(log.checkOfLastRead(), "of segments that ended long ago nobody knows");
        Tests.take(log.read(79, 80, 500, true));
        assertNull(log.checkOfLastRead());
        Tests.take(log.read(60, 70, 500, true));
        assertNull(log.checkOfLastRead());
    }

    @Test
    void checksOnceWhatItReadsFromTheDisk() {
        reopen();

        assertNull(failureOf(0, 800));
        assertNull(failureOf(0, 800));
        assertNull(log.checkOfLastRead(), "checked already");
        assertNull(failureOf(4, 800));
        assertNotNull(log.checkOfLastRead(), "goes further than what was checked");
    }

    @Test
    void handsOutWhatIsGoodBelowADamagedBatchAndNothingOfIt() {
        int size = batches.get(0).length;
        world.simDisk().rot(FIRST, 2 * size + 80, 3);
        reopen();

        List<BatchSlice> slices = log.read(0, 80, 100_000, true);
        ReadCheck check = log.checkOfLastRead();
        check.run();

        assertInstanceOf(Damage.class, check.failure());
        assertTrue(check.failure().getMessage().contains(FIRST + ": damaged at position " + 2 * size
                + ", where offset 2 is due"), check.failure().getMessage());
        byte[] good = Tests.take(check.good());
        assertEquals(2 * size, good.length);
        assertTrue(slices.size() > 1, "the slices behind it were released with it");
        DiskFailure damaged = failureOf(2, 200);
        assertInstanceOf(Damage.class, damaged);
        assertNull(failureOf(3, 2_000));
    }

    /** A header tells where the next batch is, so that no index can be made of such a segment. */
    @Test
    void handsOutWhatIsGoodBelowADamagedHeader() {
        int size = batches.get(0).length;
        long base = log.segmentBases().get(1);
        String second = LogNames.path("t-0", base, "log");
        world.simDisk().rot(second, 2 * size + 8, 3);
        reopen();

        assertEquals((int) (base + 2) * size, Tests.take(log.read(0, 80, 1 << 20, true)).length);
        byte[] good = Tests.take(log.read(base + 1, 80, 1 << 20, true));
        assertArrayEquals(batches.get((int) base + 1), good);
        DiskFailure failure = assertThrows(DiskFailure.class, () -> log.read(base + 2, 80, 500, true));
        assertInstanceOf(Damage.class, failure);
        assertEquals(size, Tests.take(log.read(log.segmentBases().get(2), 80, size, true)).length);
    }

    /** Whoever reads it tries to make its indexes anew, and counts as far as the damage goes. */
    @Test
    void neverJudgesTheAgeOfASegmentByWhatStandsBelowItsDamage() {
        long base = log.segmentBases().get(1);
        world.simDisk().rot(LogNames.path("t-0", base, "log"), 2 * batches.get(0).length + 8, 3);
        reopen();
        assertThrows(DiskFailure.class, () -> log.read(base + 2, 80, 500, true));
        Retention retention = new Retention(100, -1);
        Retention.Expiry first = log.expiry(retention, 80, 10_000);
        first.undated().run();
        log.take(first.undated());

        Retention.Expiry found = log.expiry(retention, 80, 10_000);

        assertEquals(base, found.newStart());
        assertThrows(Damage.class, found.undated()::run);
    }

    @Test
    void failsOnlyTheReadThatTouchesABadSector() {
        reopen();
        world.simDisk().faults().failReads(FIRST, 600, 700);

        assertThrows(DiskFailure.class, () -> log.read(3, 80, 600, true));
        assertNull(failureOf(20, 600));
    }

    @Test
    void foldsNothingThatIsDamaged() {
        world.simDisk().rot(FIRST, 100, 0);
        log.close(true);

        Tests.Opening opening = Tests.opening(80, true);
        DiskFailure failure = assertThrows(DiskFailure.class,
                () -> PartitionLog.open(world.disk(), "t-0", CONFIG, opening));

        assertInstanceOf(Damage.class, failure);
    }

    /** Where gaps are allowed, only the batch behind it shows that an offset has become another one. */
    @Test
    void cutsNothingBelowTheRecoveryPointWhenAnOffsetLooksLikeOneAboveIt() {
        LogConfig compacted = CONFIG.withCompacted(true);
        log.close(false);
        int size = batches.get(0).length;
        long base = log.segmentBases().get(log.segmentBases().size() - 1);
        world.simDisk().rot(LogNames.path("t-0", base, "log"), size + 4, 6);

        DiskFailure failure = assertThrows(DiskFailure.class,
                () -> PartitionLog.open(world.disk(), "t-0", compacted, Tests.opening(80, false)));

        assertInstanceOf(Damage.class, failure);
        assertTrue(world.disk().list("t-0").stream().noneMatch(name -> name.startsWith("cut-")));
    }

    /** Above the recovery point nobody can tell rot from what a power cut has left: cut, but not lost. */
    @Test
    void setsAsideWhatStandsBehindAFlawInTheUnforcedEnd() {
        long base = log.segmentBases().get(2);
        String file = LogNames.path("t-0", base, "log");
        int size = batches.get(0).length;
        log.close(false);
        world.simDisk().rot(file, size + 90, 1);

        Tests.Opening opening = Tests.opening(base, false);
        log = PartitionLog.open(world.disk(), "t-0", CONFIG, opening);

        assertEquals(base + 1, log.endOffset());
        assertTrue(log.recovered().cut().contains("are kept in t-0/cut-"), log.recovered().cut());
        String kept = world.disk().list("t-0").stream().filter(name -> name.startsWith("cut-")).findFirst()
                .orElseThrow();
        byte[] bytes = SmallFile.read(world.disk(), "t-0/" + kept);
        assertEquals((80 - base - 1) * size, bytes.length);
        assertArrayEquals(batches.get(79), Arrays.copyOfRange(bytes, bytes.length - size, bytes.length));
        log.close(true);
        PartitionLog.open(world.disk(), "t-0", CONFIG, Tests.opening(base + 1, true)).close(true);
        assertTrue(world.disk().exists("t-0/" + kept), "it stays until somebody deletes it");
    }

    @Test
    void keepsNothingOfATornEnd() {
        int size = batches.get(0).length;
        long base = log.segmentBases().get(log.segmentBases().size() - 1);
        log.close(false);
        try (var file = world.disk().open(LogNames.path("t-0", base, "log"))) {
            file.truncate(size / 2);
        }

        log = PartitionLog.open(world.disk(), "t-0", CONFIG, Tests.opening(base, false));

        assertEquals(base, log.endOffset());
        assertTrue(world.disk().list("t-0").stream().noneMatch(name -> name.startsWith("cut-")));
    }

    private void reopen() {
        log.close(true);
        Tests.Opening opening = Tests.opening(80, true);
        opening.foldFrom = 80;
        log = PartitionLog.open(world.disk(), "t-0", CONFIG, opening);
    }

    /** Null when what was read is good. */
    private DiskFailure failureOf(long offset, int bytesMax) {
        List<BatchSlice> slices = log.read(offset, 80, bytesMax, true);
        ReadCheck check = log.checkOfLastRead();
        if (check == null) {
            Tests.take(slices);
            return null;
        }
        check.run();
        log.take(check);
        Tests.take(check.good());
        return check.failure();
    }
}

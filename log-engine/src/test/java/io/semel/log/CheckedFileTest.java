package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.sim.SimWorld;
import io.semel.sim.Survival;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The check sum beside a segment's aborted ranges, as the owner of a log meets it. */
class CheckedFileTest {
    private static final String INDEX = LogNames.ABORTED_INDEX;
    private static final String PATH = "t-0/00000000000000000040.txnindex";
    private static final String SUM = PATH + CheckedFile.EXTENSION;
    private static final int SEEDS = 30;

    private final byte[] first = content(1, 68);
    private final byte[] second = content(2, 102);
    private SimWorld world = new SimWorld(1, 1);
    private SideFileStore files = store();

    private SideFileStore store() {
        return new SideFileStore(world.disk(), "t-0", () -> null);
    }

    private static byte[] content(long seed, int size) {
        byte[] content = new byte[size];
        new Random(seed).nextBytes(content);
        return content;
    }

    @Test
    void findsEveryBitThatTurns() {
        files.write(40, INDEX, first, true);
        files.write(40, INDEX, second, true);
        for (int bit = 0; bit < second.length * 8; bit++) {
            world.simDisk().rot(PATH, bit / 8, bit % 8);
            assertEquals(SideFileState.CHANGED, state(), "bit " + bit);
            world.simDisk().rot(PATH, bit / 8, bit % 8);
        }
        int sumBytes = SmallFile.read(world.disk(), SUM).length;
        for (int bit = 0; bit < sumBytes * 8; bit++) {
            world.simDisk().rot(SUM, bit / 8, bit % 8);
            // a turned bit makes a good file suspect or leaves it good; another content never becomes good
            assertNotEquals(SideFileState.WITHOUT_SUM, state());
            assertEquals(SideFileState.CHANGED, files.stateOf(40, INDEX, content(3, 34)), "bit " + bit);
            world.simDisk().rot(SUM, bit / 8, bit % 8);
        }
        assertEquals(SideFileState.AS_WRITTEN, state());
    }

    @Test
    void knowsAFileThatIsCutShortEmptiedOrTheOneOfAnotherSegment() {
        files.write(40, INDEX, first, true);
        files.write(60, INDEX, second, true);
        for (byte[] other : new byte[][] {new byte[0], Arrays.copyOf(first, 34), second}) {
            assertEquals(SideFileState.CHANGED, files.stateOf(40, INDEX, other));
        }
        world.disk().delete(SUM);
        world.disk().rename("t-0/00000000000000000060.txnindex.crc", SUM);
        assertEquals(SideFileState.CHANGED, state());
    }

    @Test
    void believesWhatHasNoSumAndMakesNoneForAnEmptyFile() {
        world.disk().createDirectories("t-0");
        SmallFile.replace(world.disk(), PATH, first, true);
        assertEquals(SideFileState.WITHOUT_SUM, state());
        files.write(80, INDEX, new byte[0], true);
        assertFalse(world.disk().exists("t-0/00000000000000000080.txnindex.crc"));
        files.write(40, INDEX, new byte[0], true);
        assertEquals(SideFileState.WITHOUT_SUM, state());
        files.write(40, INDEX, first, true);
        files.write(40, INDEX, new byte[0], true);
        assertEquals(SideFileState.AS_WRITTEN, state());
    }

    /** What was damaged before it is replaced is not vouched for by the sum of what it was found to be. */
    @Test
    void neverVouchesForDamageThatItReplaces() {
        files.write(40, INDEX, first, true);
        world.simDisk().rot(PATH, 10, 1);
        byte[] damaged = SmallFile.read(world.disk(), PATH);

        files.write(40, INDEX, second, true);

        assertEquals(SideFileState.CHANGED, files.stateOf(40, INDEX, damaged));
        assertEquals(SideFileState.AS_WRITTEN, state());
    }

    /** Before every change of the disk that a write makes, by a kill and by power cuts. */
    @Test
    void isNeverTakenForDamageAfterACrashBetweenTheTwoFiles() {
        TreeSet<Integer> found = new TreeSet<>();
        for (int operations = 0; operations < 12; operations++) {
            for (int seed = 1; seed <= SEEDS; seed++) {
                world = new SimWorld(seed, 1);
                files = store();
                files.write(40, INDEX, first, true);
                CuttingDisk cutting = new CuttingDisk(world.disk());
                cutting.cutAfter(operations);
                boolean whole = true;
                try {
                    new SideFileStore(cutting, "t-0", () -> null).write(40, INDEX, second, true);
                } catch (CuttingDisk.Cut cut) {
                    whole = false;
                }
                world.crash(seed == 1 ? Survival.KILL : Survival.POWER_CUT);
                world = world.reboot();
                files = store();

                assertEquals(SideFileState.AS_WRITTEN, state(), "after " + operations + ", seed " + seed);
                byte[] content = files.read(40, INDEX);
                boolean old = Arrays.equals(first, content);
                if (whole || !old) assertArrayEquals(second, content);
                found.add(whole ? 2 : old ? 0 : 1);
            }
        }
        assertEquals(3, found.size(), "old, new, done: " + found);
        assertTrue(world.disk().exists(SUM));
    }

    private SideFileState state() {
        return files.stateOf(40, INDEX, files.read(40, INDEX));
    }
}

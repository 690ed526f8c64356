package io.semel.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.DiskFile;
import io.semel.kernel.world.IndexBytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimDiskTest {
    private static byte[] content(Disk disk, String path) {
        if (!disk.exists(path)) return new byte[0];
        DiskFile file = disk.open(path);
        ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
        file.read(bytes, 0);
        return bytes.array();
    }

    private static ByteBuffer filled(int value, int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) value);
        return ByteBuffer.wrap(bytes);
    }

    private static Disk afterCrash(SimWorld world, Survival survival) {
        world.crash(survival);
        return world.reboot().disk();
    }

    @Test
    void keepsEverythingWhenOnlyTheProcessIsKilled() {
        SimWorld world = new SimWorld(1, 1);
        world.disk().createDirectories("a/b");
        world.disk().open("a/b/file").write(filled(7, 100), 0);

        Disk disk = afterCrash(world, Survival.KILL);

        assertArrayEquals(filled(7, 100).array(), content(disk, "a/b/file"));
    }

    @Test
    void makesNothingDurableByAKill() {
        Set<Integer> sizes = new TreeSet<>();
        for (long seed = 1; seed <= 60; seed++) {
            SimWorld world = new SimWorld(seed, 1);
            world.disk().open("file").write(filled(7, 100), 0);
            world.crash(Survival.KILL);
            SimWorld second = world.reboot();
            assertEquals(100, content(second.disk(), "file").length);

            sizes.add(content(afterCrash(second, Survival.POWER_CUT), "file").length);
        }
        assertTrue(sizes.contains(0) && sizes.contains(100) && sizes.size() > 5, "sizes found: " + sizes);
    }

    @Test
    void losesTheNameOfAForcedFileWhoseDirectoryWasNotForced() {
        int lost = 0;
        for (long seed = 1; seed <= 60; seed++) {
            SimWorld world = new SimWorld(seed, 1);
            DiskFile file = world.disk().open("file");
            file.write(filled(7, 10), 0);
            file.force();

            if (!afterCrash(world, Survival.POWER_CUT).exists("file")) lost++;
        }
        assertTrue(lost > 10 && lost < 50, "lost in " + lost + " of 60");
    }

    @Test
    void movesAFileWhollyOrNotAtAll() {
        int moved = 0;
        for (long seed = 1; seed <= 60; seed++) {
            SimWorld world = new SimWorld(seed, 1);
            Disk disk = world.disk();
            disk.createDirectories("d");
            disk.forceDirectory("");
            write(disk, "d/file", 1);
            write(disk, "d/file.tmp", 2);
            disk.forceDirectory("d");
            disk.rename("d/file.tmp", "d/file");

            Disk found = afterCrash(world, Survival.POWER_CUT);

            boolean done = content(found, "d/file")[0] == 2;
            assertEquals(done ? List.of("file") : List.of("file", "file.tmp"), found.list("d"), "seed "
                    + seed);
            if (done) moved++;
        }
        assertTrue(moved > 10 && moved < 50, "moved in " + moved + " of 60");
    }

    private static void write(Disk disk, String path, int value) {
        DiskFile file = disk.open(path);
        file.write(filled(value, 1), 0);
        file.force();
        file.close();
    }

    @Test
    void keepsADirectorysMoveOnceBothParentsAreForced() {
        for (long seed = 1; seed <= 30; seed++) {
            SimWorld world = new SimWorld(seed, 1);
            Disk disk = world.disk();
            disk.createDirectories("from/topic");
            disk.createDirectories("to");
            write(disk, "from/topic/file", 3);
            for (String directory : List.of("", "from", "from/topic", "to")) disk.forceDirectory(directory);
            disk.rename("from/topic", "to/topic");
            disk.forceDirectory("from");
            disk.forceDirectory("to");

            Disk found = afterCrash(world, Survival.POWER_CUT);

            assertEquals(List.of(), found.list("from"));
            assertArrayEquals(new byte[] {3}, content(found, "to/topic/file"), "seed " + seed);
        }
    }

    @Test
    void bringsADeletedNameBackUnlessItsDirectoryWasForced() {
        int back = 0;
        for (long seed = 1; seed <= 60; seed++) {
            SimWorld world = new SimWorld(seed, 1);
            write(world.disk(), "file", 1);
            world.disk().forceDirectory("");
            world.disk().delete("file");
            if (seed > 30) world.disk().forceDirectory("");

            boolean exists = afterCrash(world, Survival.POWER_CUT).exists("file");

            if (exists) back++;
            assertFalse(exists && seed > 30, "seed " + seed);
        }
        assertTrue(back > 5, "came back in " + back + " of 30");
    }

    @Test
    void losesLaterWritesOrEarlierOnesWithinOneFile() {
        Set<String> fates = new TreeSet<>();
        for (long seed = 1; seed <= 200; seed++) {
            SimWorld world = new SimWorld(seed, 1);
            DiskFile file = world.disk().open("file");
            world.disk().forceDirectory("");
            file.write(filled(1, 4), 0);
            file.write(filled(2, 4), 4);

            byte[] found = content(afterCrash(world, Survival.POWER_CUT), "file");

            fates.add((found.length > 0 && found[0] == 1 ? "first" : "")
                    + (found.length == 8 && found[7] == 2 ? "second" : ""));
        }
        assertEquals(Set.of("", "first", "second", "firstsecond"), fates);
    }

    @Test
    void refusesTheSameFileAfterAFailedForceAndHidesWhatWasLost() {
        int lost = 0;
        for (long seed = 1; seed <= 60; seed++) {
            SimWorld world = new SimWorld(seed, 1);
            SimDisk disk = world.simDisk();
            DiskFile file = disk.open("file");
            disk.forceDirectory("");
            file.write(filled(5, 100), 0);
            disk.faults().failForces("file", 1);

            assertThrows(DiskFailure.class, file::force);
            assertThrows(DiskFailure.class, file::force);
            disk.open("file").force();

            assertEquals(100, content(disk, "file").length, "readers see the page cache");
            byte[] found = content(afterCrash(world, Survival.POWER_CUT), "file");
            if (!Arrays.equals(found, filled(5, 100).array())) lost++;
        }
        assertTrue(lost > 20 && lost < 60, "lost in " + lost + " of 60");
    }

    @Test
    void takesAPartOfAWriteWhenItIsFullAndWorksAgainWhenThereIsRoom() {
        SimWorld world = new SimWorld(2, 1);
        SimDisk disk = world.simDisk();
        DiskFile file = disk.open("file");
        disk.faults().capacity(150);
        file.write(filled(1, 100), 0);

        DiskFailure failure = assertThrows(DiskFailure.class, () -> file.write(filled(2, 100), 100));

        assertTrue(failure.full());
        assertTrue(file.size() <= 150);
        disk.faults().heal();
        file.write(filled(2, 100), 100);
        assertEquals(200, file.size());
    }

    @Test
    void failsReadsOfABadSectorOnly() {
        SimDisk disk = new SimWorld(2, 1).simDisk();
        DiskFile file = disk.open("file");
        file.write(filled(1, 2_048), 0);
        disk.faults().failReads("file", 512, 1_024);

        assertThrows(DiskFailure.class, () -> file.read(ByteBuffer.allocate(10), 1_020));
        assertEquals(10, file.read(ByteBuffer.allocate(10), 1_024));
        assertEquals(10, file.read(ByteBuffer.allocate(10), 502));
    }

    @Test
    void rotsASingleBit() {
        SimWorld world = new SimWorld(2, 1);
        write(world.disk(), "file", 8);
        world.disk().forceDirectory("");

        world.simDisk().rot("file", 0, 1);

        assertArrayEquals(new byte[] {10}, content(world.disk(), "file"));
        assertArrayEquals(new byte[] {10}, content(afterCrash(world, Survival.POWER_CUT), "file"));
    }

    @Test
    void mayLoseOrTearAnIndexThatWasNotTrimmed() {
        Set<String> fates = new TreeSet<>();
        for (long seed = 1; seed <= 100; seed++) {
            SimWorld world = new SimWorld(seed, 1);
            IndexBytes index = world.disk().openIndex("index", 2_048);
            world.disk().forceDirectory("");
            for (int at = 0; at < 2_048; at += 8) index.putLong(at, at + 1L);

            IndexBytes found = afterCrash(world, Survival.POWER_CUT).openIndex("index", 2_048);

            fates.add(found.sizeAtOpen() < 2_048 ? "cut" : "whole length");
            fates.add(found.getLong(0) == 1 ? "first sector" : "no first sector");
            fates.add(found.getLong(2_040) == 2_041 ? "last sector" : "no last sector");
        }
        assertEquals(6, fates.size(), fates.toString());
    }

    @Test
    void keepsATrimmedIndex() {
        for (long seed = 1; seed <= 20; seed++) {
            SimWorld world = new SimWorld(seed, 1);
            IndexBytes index = world.disk().openIndex("index", 2_048);
            world.disk().forceDirectory("");
            index.putLong(0, -5);
            index.putInt(8, 6);
            index.trim(12);
            index.close();

            IndexBytes found = afterCrash(world, Survival.POWER_CUT).openIndex("index", 2_048);

            assertEquals(12, found.sizeAtOpen(), "seed " + seed);
            assertEquals(-5, found.getLong(0));
            assertEquals(6, found.getInt(8));
        }
    }

    @Test
    void refusesAHandleOfALifeThatIsOver() {
        SimWorld world = new SimWorld(2, 1);
        DiskFile file = world.disk().open("file");

        afterCrash(world, Survival.KILL);

        assertThrows(IllegalStateException.class, file::size);
    }

    @Test
    void namesThePathItCannotReach() {
        Disk disk = new SimWorld(2, 1).disk();
        disk.createDirectories("d/e");

        DiskFailure missing = assertThrows(DiskFailure.class, () -> disk.open("nowhere/file"));
        DiskFailure full = assertThrows(DiskFailure.class, () -> disk.delete("d"));

        assertTrue(missing.getMessage().contains("nowhere/file"));
        assertTrue(full.getMessage().contains("d: directory is not empty"));
    }

    @Test
    void turnsABitUnderThePageCacheAndPutsItBack() {
        SimWorld world = new SimWorld(2, 1);
        write(world.disk(), "file", 8);
        world.disk().forceDirectory("");

        Rot rot = world.simDisk().rotAtRest("file", 0, 1);

        assertArrayEquals(new byte[] {8}, content(world.disk(), "file"), "this life wrote it");
        Disk disk = afterCrash(world, Survival.POWER_CUT);
        assertArrayEquals(new byte[] {10}, content(disk, "file"));
        rot.mend();
        assertArrayEquals(new byte[] {8}, content(disk, "file"));
    }

    @Test
    void findsABadSectorInTheNextLifeToo() {
        SimWorld world = new SimWorld(2, 1);
        write(world.disk(), "file", 8);
        world.simDisk().faults().failReads("file", 0, 512);

        Disk disk = afterCrash(world, Survival.KILL);

        assertThrows(DiskFailure.class, () -> content(disk, "file"));
        world.simDisk().faults().readAgain();
        assertArrayEquals(new byte[] {8}, content(disk, "file"));
    }
}

package io.semel.log.disk;

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
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every disk promises, real or simulated. */
abstract class DiskContract {
    private Disk disk;

    abstract Disk newDisk();

    @BeforeEach
    void disk() {
        disk = newDisk();
    }

    @Test
    void readsBackWhatWasWritten() {
        try (DiskFile file = disk.open("a")) {
            file.write(bytes("hello world"), 0);
            file.write(bytes("W"), 6);

            assertEquals(11, file.size());
            assertEquals("World", read(file, 6, 100));
            assertEquals("", read(file, 11, 5));
            assertEquals("", read(file, 500, 5));
        }
    }

    @Test
    void writesAllThatIsLeftInTheBufferAndReadsIntoAllOfIt() {
        try (DiskFile file = disk.open("a")) {
            ByteBuffer source = bytes("0123456789");
            source.position(2).limit(8);

            file.write(source, 0);

            assertEquals(8, source.position());
            ByteBuffer target = ByteBuffer.allocate(10).position(3);
            assertEquals(6, file.read(target, 0));
            assertEquals(9, target.position());
            assertEquals("234567", new String(target.array(), 3, 6, StandardCharsets.US_ASCII));
        }
    }

    @Test
    void keepsAFileBetweenOpenings() {
        try (DiskFile file = disk.open("a")) {
            file.write(bytes("kept"), 0);
            file.force();
        }

        try (DiskFile file = disk.open("a")) {
            assertEquals("kept", read(file, 0, 10));
            assertEquals("a", file.path());
        }
    }

    @Test
    void letsTwoOpeningsOfOneFileSeeEachOther() {
        try (DiskFile first = disk.open("a"); DiskFile second = disk.open("a")) {
            first.write(bytes("seen"), 0);

            assertEquals("seen", read(second, 0, 10));
        }
    }

    @Test
    void fillsAGapWithZeros() {
        try (DiskFile file = disk.open("a")) {
            file.write(bytes("x"), 3);

            assertEquals("\0\0\0x", read(file, 0, 10));
        }
    }

    @Test
    void truncatesAndGrowsAgain() {
        try (DiskFile file = disk.open("a")) {
            file.write(bytes("0123456789"), 0);

            file.truncate(4);
            file.write(bytes("x"), 6);

            assertEquals("0123\0\0x", read(file, 0, 20));
        }
    }

    @Test
    void listsNamesSortedAndKnowsDirectories() {
        disk.createDirectories("d/e");
        disk.createDirectories("d/e");
        disk.open("d/b").close();
        disk.open("d/a").close();

        assertEquals(List.of("a", "b", "e"), disk.list("d"));
        assertEquals(List.of("d"), disk.list(""));
        assertEquals(List.of(), disk.list("nowhere"));
        assertTrue(disk.isDirectory("d/e"));
        assertFalse(disk.isDirectory("d/a"));
        assertTrue(disk.exists("d/a"));
        assertFalse(disk.exists("d/x"));
    }

    @Test
    void deletesFilesAndEmptyDirectoriesOnly() {
        disk.createDirectories("d");
        disk.open("d/a").close();

        assertThrows(DiskFailure.class, () -> disk.delete("d"));
        disk.delete("d/a");
        disk.delete("d/a");
        disk.delete("d");

        assertFalse(disk.exists("d"));
    }

    @Test
    void renamesOverAFileThatIsThere() {
        write("new", "new content");
        write("old", "old");

        disk.rename("new", "old");
        disk.forceDirectory("");

        assertEquals(List.of("old"), disk.list(""));
        try (DiskFile file = disk.open("old")) {
            assertEquals("new content", read(file, 0, 100));
        }
    }

    @Test
    void namesTheFileThatCannotBeOpenedOrRenamed() {
        DiskFailure noDirectory = assertThrows(DiskFailure.class, () -> disk.open("nowhere/file"));
        DiskFailure noFile = assertThrows(DiskFailure.class, () -> disk.rename("missing", "other"));

        assertTrue(noDirectory.getMessage().contains("nowhere/file"), noDirectory.getMessage());
        assertTrue(noFile.getMessage().contains("missing"), noFile.getMessage());
        assertFalse(noFile.full());
    }

    @Test
    void keepsAnOpenFileReadableAfterItsDeletion() {
        DiskFile file = disk.open("a");
        file.write(bytes("still"), 0);

        disk.delete("a");

        assertEquals("still", read(file, 0, 10));
        file.close();
    }

    @Test
    void hasUsableBytes() {
        assertTrue(disk.usableBytes() > 0);
    }

    @Test
    void keepsIndexEntriesAcrossATrim() {
        IndexBytes index = disk.openIndex("i", 100_000);
        index.putInt(0, 0x01020304);
        index.putLong(4, 0x05060708090A0B0CL);
        index.putInt(96_000, 7);

        assertEquals(0, index.sizeAtOpen());
        assertEquals(100_000, index.capacity());
        assertEquals(7, index.getInt(96_000));
        assertEquals(0, index.getLong(50_000));
        index.trim(12);
        assertEquals(0x05060708090A0B0CL, index.getLong(4));
        index.close();

        try (DiskFile file = disk.open("i")) {
            ByteBuffer content = ByteBuffer.allocate(100);
            file.read(content, 0);
            assertEquals(12, file.size());
            assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12},
                    Arrays.copyOf(content.array(), 12));
        }
    }

    @Test
    void opensAnEndedIndexAtItsSizeAndAnActiveOneWithRoom() {
        IndexBytes index = disk.openIndex("i", 4096);
        for (int at = 0; at < 40; at += 8) index.putLong(at, at + 1);
        index.trim(40);
        index.close();

        IndexBytes ended = disk.openIndex("i", 40);
        assertEquals(40, ended.sizeAtOpen());
        assertEquals(33, ended.getLong(32));
        assertThrows(IndexOutOfBoundsException.class, () -> ended.getLong(40));
        ended.close();
        IndexBytes active = disk.openIndex("i", 9000);
        assertEquals(40, active.sizeAtOpen());
        active.putLong(8992, 5);
        assertEquals(17, active.getLong(16));
        active.trim(40);
        active.close();
        assertEquals(40, sizeOf("i"));
    }

    @Test
    void keepsWhatAnUntrimmedIndexHeld() {
        IndexBytes index = disk.openIndex("i", 4096);
        index.putLong(0, 42);
        index.close();

        IndexBytes again = disk.openIndex("i", 4096);

        assertEquals(42, again.getLong(0));
        assertTrue(again.sizeAtOpen() >= 8);
        again.close();
    }

    private long sizeOf(String path) {
        try (DiskFile file = disk.open(path)) {
            return file.size();
        }
    }

    private void write(String path, String content) {
        try (DiskFile file = disk.open(path)) {
            file.write(bytes(content), 0);
            file.force();
        }
    }

    private static String read(DiskFile file, long position, int length) {
        ByteBuffer target = ByteBuffer.allocate(length);
        int read = file.read(target, position);
        return new String(target.array(), 0, read, StandardCharsets.US_ASCII);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}

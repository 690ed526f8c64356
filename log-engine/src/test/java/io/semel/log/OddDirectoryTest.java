package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.world.DiskFailure;
import io.semel.log.disk.FileDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people and other programs leave in a log's directory, on the real disk (checklist C.3). */
class OddDirectoryTest {
    private static final String LOG = "00000000000000000000.log";

    @TempDir
    private Path root;
    private Path directory;

    @BeforeEach
    void aClosedLog() {
        PartitionLog log = open(0, false);
        Random random = new Random(1);
        for (int index = 0; index < 10; index++) log.append(Tests.batch(1, 50, 1_000, random), 0);
        log.close(true);
        directory = root.resolve("t-0");
    }

    @Test
    void leavesFilesAloneThatAreNotOurs() throws IOException {
        Files.writeString(directory.resolve("notes.txt"), "mine");
        Files.writeString(directory.resolve("00000000000000000000.log.bak"), "mine");
        Files.createDirectory(directory.resolve("sub"));

        assertOpens(10, true);
        assertOpens(0, false);

        assertEquals("mine", Files.readString(directory.resolve("notes.txt")));
        assertEquals("mine", Files.readString(directory.resolve("00000000000000000000.log.bak")));
    }

    @Test
    void followsLinksOfThoseWhoMovedADirectoryOrAFile() throws IOException {
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        Files.move(directory.resolve(LOG), elsewhere.resolve("moved.log"));
        Files.createSymbolicLink(directory.resolve(LOG), elsewhere.resolve("moved.log"));
        assertOpens(10, false);
        Files.move(directory, elsewhere.resolve("t-0"));
        Files.createSymbolicLink(directory, elsewhere.resolve("t-0"));

        assertOpens(10, true);
        assertOpens(0, false);
    }

    @Test
    void refusesADirectoryInTheFilesPlace() throws IOException {
        Files.delete(directory.resolve(LOG));
        Files.createDirectory(directory.resolve(LOG));

        assertRefuses(LOG);
    }

    @Test
    void refusesWhatItMayNotReadAndSaysWhatToDo() throws IOException {
        Files.setPosixFilePermissions(directory.resolve(LOG), PosixFilePermissions.fromString("---------"));
        Assumptions.assumeFalse(Files.isReadable(directory.resolve(LOG)), "this user may read everything");

        assertRefuses("read and write access");
    }

    @Test
    void makesIndexesAnewThatAreMissingForeignOrGarbage() throws IOException {
        for (String extension : new String[] {".index", ".timeindex"}) {
            Path index = directory.resolve("00000000000000000000" + extension);
            Files.deleteIfExists(index);
            assertOpens(10, true);
            Files.write(index, new byte[] {7, 7, 7});
            assertOpens(10, true);
            Files.write(index, new byte[4_096]);
            assertOpens(10, true);
        }
    }

    /** Above the recovery point garbage is cut; records of another format are somebody's, and stay. */
    @Test
    void refusesALogOfTheOldMessageFormats() throws IOException {
        for (byte magic = 0; magic <= 1; magic++) {
            byte[] old = oldMessage(magic);
            Files.write(directory.resolve(LOG), old);

            assertRefuses("magic " + magic);

            assertArrayEquals(old, Files.readAllBytes(directory.resolve(LOG)));
        }
    }

    /** As Kafka's broker and DumpLogSegments tell them apart: by partition.metadata. */
    @Test
    void refusesTheDirectoryOfAnotherTopicAndLeavesItAsItIs() throws IOException {
        String ours = "AAAAAAAAAAAAAAAAAAAAAQ";
        Path metadata = directory.resolve("partition.metadata");
        Files.writeString(metadata, "version: 0\ntopic_id: q7xw9tEkQq-8Q3RVkCP_Lw\n");
        byte[] records = Files.readAllBytes(directory.resolve(LOG));

        DiskFailure failure = assertThrows(DiskFailure.class, () -> open(of(ours)));

        for (String says : new String[] {"t-0/partition.metadata", ours, "q7xw9tEkQq-8Q3RVkCP_Lw",
                "Move the directory away"}) {
            assertTrue(failure.getMessage().contains(says), failure.getMessage());
        }
        assertArrayEquals(records, Files.readAllBytes(directory.resolve(LOG)));
        for (String healed : new String[] {"version: 0\ntopic_id: " + ours, "version: 0\ntopic_id: #", ""}) {
            Files.writeString(metadata, healed);
            PartitionLog log = open(of(ours));
            assertEquals(10, log.endOffset());
            log.close(true);
            assertEquals("version: 0\ntopic_id: " + ours, Files.readString(metadata));
        }
    }

    private static Tests.Opening of(String topicId) {
        return new Tests.Opening() {
            @Override
            public String topicId() {
                return topicId;
            }
        };
    }

    private static byte[] oldMessage(byte magic) {
        int stampBytes = magic == 0 ? 0 : Long.BYTES;
        ByteBuffer message = ByteBuffer.allocate(12 + 4 + 2 + stampBytes + 4 + 4 + 3);
        message.putLong(0).putInt(message.capacity() - 12).putInt(0).put(magic).put((byte) 0);
        if (magic == 1) message.putLong(1_000);
        message.putInt(-1).putInt(3).put(new byte[] {'a', 'b', 'c'});
        CRC32 crc = new CRC32();
        crc.update(message.array(), 16, message.capacity() - 16);
        return message.putInt(12, (int) crc.getValue()).array();
    }

    private void assertRefuses(String says) {
        DiskFailure failure = assertThrows(DiskFailure.class, () -> open(0, false));
        assertTrue(failure.getMessage().contains(LOG), failure.getMessage());
        assertTrue(failure.getMessage().contains(says), failure.getMessage());
    }

    private void assertOpens(long recoveryPoint, boolean clean) {
        PartitionLog log = open(recoveryPoint, clean);
        assertEquals(10, log.endOffset());
        assertTrue(Tests.take(log.read(0, 10, 10_000, true)).length > 0);
        log.close(true);
    }

    private PartitionLog open(long recoveryPoint, boolean clean) {
        return open(Tests.opening(recoveryPoint, clean));
    }

    private PartitionLog open(LogOpening opening) {
        return PartitionLog.open(new FileDisk(root), "t-0", LogConfig.defaults(), opening);
    }
}

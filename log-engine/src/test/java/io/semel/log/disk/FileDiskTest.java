package io.semel.log.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.DiskFile;
import io.semel.kernel.world.IndexBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDiskTest {
    @TempDir
    Path root;

    @Test
    void saysThatTheDiskIsFull() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "no /dev/full here: not checked what a full disk is reported as");
        Files.createSymbolicLink(root.resolve("log"), full);

        try (DiskFile file = new FileDisk(root).open("log")) {
            DiskFailure failure = assertThrows(DiskFailure.class, () -> file.write(ByteBuffer.allocate(10),
                    0));

            assertTrue(failure.full(), failure.getMessage());
            assertTrue(failure.getMessage().contains(root.resolve("log").toString()), failure.getMessage());
            assertTrue(failure.getMessage().contains("Free some space"), failure.getMessage());
        } finally {
            Files.delete(root.resolve("log"));
        }
    }

    @Test
    void namesTheFileInFullAndWhatToDo() {
        FileDisk disk = new FileDisk(root);
        disk.createDirectories("d");

        DiskFailure failure = assertThrows(DiskFailure.class, () -> disk.open("d"));

        assertTrue(failure.getMessage().startsWith(root.resolve("d").toString()), failure.getMessage());
        assertTrue(failure.getMessage().contains("opening failed"), failure.getMessage());
        assertFalse(failure.full());
    }

    @Test
    void letsNoPathLeadOutOfItsRoot() {
        assertThrows(IllegalArgumentException.class, () -> new FileDisk(root).open("../outside"));
    }

    @Test
    void allocatesAnIndexNoFurtherThanItIsFilled() throws IOException {
        for (IndexKind kind : IndexKind.values()) {
            IndexBytes index = new FileDisk(root, kind).openIndex("i-" + kind, 10 << 20);
            index.putLong(0, 1);

            assertEquals(10L << 20, Files.size(root.resolve("i-" + kind)));
            assertTrue(allocatedBytes(root.resolve("i-" + kind)) <= 64 << 10, kind + " allocates it all");
            index.close();
        }
    }

    @Test
    void unmapsAnIndexThatIsClosed() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        assumeTrue(Files.exists(maps), "no /proc here: not checked that closed indexes are unmapped");
        for (IndexKind kind : IndexKind.values()) {
            FileDisk disk = new FileDisk(root, kind);
            for (int count = 0; count < 50; count++) {
                IndexBytes index = disk.openIndex("many-" + kind, 1 << 20);
                index.putLong(0, count);
                index.close();
            }

            BackgroundResourceReleaser.releasePendingResources();
            long mapped;
            try (Stream<String> lines = Files.lines(maps)) {
                mapped = lines.filter(line -> line.contains("/many-" + kind)).count();
            }
            assertTrue(mapped < 10, mapped + " mappings of " + kind + " are left");
        }
    }

    private static long allocatedBytes(Path path) throws IOException {
        try {
            Process du = new ProcessBuilder("du", "-k", path.toString()).start();
            String said = new String(du.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return Long.parseLong(said.split("\\s")[0]) << 10;
        } catch (NumberFormatException noDu) {
            throw new IOException("du says nothing usable", noDu);
        }
    }

    @Test
    void usesChronicleWithItsFlagsAndTheJdkWithoutBothInSilence() throws Exception {
        assertEquals("CHRONICLE\n", run(true));
        assertEquals("JDK\n", run(false));
    }

    /** What a JVM that writes an index and a log says on both its outputs. */
    private String run(boolean flags) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin",
                "java").toString()));
        if (flags) {
            command.addAll(List.of("--add-opens", "java.base/java.lang.reflect=ALL-UNNAMED", "--add-exports",
                    "java.base/sun.nio.ch=ALL-UNNAMED", "--add-exports",
                            "java.base/jdk.internal.ref=ALL-UNNAMED"));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), OneIndex.class.getName(),
                root.toString()));
        Path said = root.resolve("said-" + flags);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile())
                .start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "still running");
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(said);
    }

    /** Run in a JVM of its own. */
    static final class OneIndex {
        private OneIndex() {
        }

        public static void main(String[] arguments) {
            FileDisk disk = new FileDisk(Path.of(arguments[0]));
            IndexBytes index = disk.openIndex("index-" + disk.indexKind(), 10 << 20);
            index.putLong(0, 42);
            index.trim(8);
            index.close();
            System.out.println(disk.indexKind());
        }
    }
}

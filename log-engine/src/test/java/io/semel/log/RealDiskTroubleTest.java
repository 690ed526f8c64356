package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.log.disk.FileDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operating system itself says EIO, "no space left" and "too many open files" to a log on real files, in
 * a JVM of its own. Then the log is opened without trouble: all that was acknowledged is there.
 */
class RealDiskTroubleTest {
    private static final int BATCH = 3_070;

    @TempDir
    private Path root;

    @Test
    void aWriteThatFailsIsNotAcknowledgedAndNoneAfterIt() throws Exception {
        List<String> said = run("write");

        assertEquals("acknowledged 20", said.get(19));
        assertRefused(said.get(20), "writing at position", "Input/output error", "Look at the system's log");
        assertEquals("end 20", said.get(21));
        assertRefused(said.get(22), "takes no more writes until it is opened again");
        assertEquals("read " + bytesOf(20), said.get(23));
        assertOpens(20);
    }

    /** What was half written before is cut, and the log goes on. */
    @Test
    void aFullDiskRefusesAWriteAndTakesTheNext() throws Exception {
        List<String> said = run("full");

        assertRefused(said.get(20), "No space left on device", "Free some space");
        assertTrue(said.get(20).startsWith("refused full "), said.get(20));
        assertEquals("end 20", said.get(21));
        assertEquals(List.of("acknowledged 21", "taken", "read " + bytesOf(21)), said.subList(22, 25));
        assertOpens(21);
    }

    /** The same force tried again would succeed, and its bytes would be nowhere (I13). */
    @Test
    void aForceThatFailsIsFinal() throws Exception {
        List<String> said = run("force");

        assertRefused(said.get(20), "forcing", "Input/output error", "Look at the system's log");
        assertRefused(said.get(21), "takes no more writes until it is opened again");
        assertRefused(said.get(22), "takes no more writes until it is opened again");
        assertEquals("read " + bytesOf(20), said.get(23));
        assertOpens(20);
    }

    @Test
    void aReadThatFailsFailsAloneAndWritesGoOn() throws Exception {
        List<String> said = run("read");

        assertRefused(said.get(20), "reading at position", "Input/output error", "Look at the system's log");
        assertEquals(List.of("read " + bytesOf(20), "acknowledged 21"), said.subList(21, 23));
        assertOpens(21);
    }

    @Test
    void whereFilesRunOutTheOpenLogsGoOnAndOthersDoWhenSomeAreClosed() throws Exception {
        List<String> said = talk("ulimit -n 200; exec \"$@\"", "files");

        assertTrue(said.get(20).contains("Too many open files"), said.get(20));
        assertTrue(said.get(20).contains("ulimit -n") && said.get(20).contains("/other-"), said.get(20));
        assertTrue(said.get(21).startsWith("opened "), said.get(21));
        assertEquals(List.of("read " + bytesOf(20), "acknowledged 21", "acknowledged 22"),
                said.subList(22, 25));
        assertOpens(22);
    }

    private static void assertRefused(String line, String... says) {
        assertTrue(line.startsWith("refused "), line);
        assertTrue(line.contains("orders-0"), line);
        for (String part : says) assertTrue(line.contains(part), line);
    }

    private static long bytesOf(int batches) {
        return (long) batches * BATCH;
    }

    private void assertOpens(long least) {
        PartitionLog log = PartitionLog.open(new FileDisk(root.resolve("data")), "orders-0",
                LogConfig.defaults(), Tests.opening(least, false));
        assertTrue(log.endOffset() >= least, log.endOffset() + " is below " + least);
        for (long offset = 0; offset < least; offset++) {
            assertEquals(BATCH, Tests.take(log.read(offset, offset + 1, 4_000, true)).length);
        }
        log.close(true);
    }

    /** With calls that fail. Skipped where no C compiler is at hand, or this is not Linux. */
    private List<String> run(String trouble) throws Exception {
        Path library = root.resolve("failing.so");
        Path source = root.resolve("failing-calls.c");
        try (InputStream code = RealDiskTroubleTest.class.getResourceAsStream("failing-calls.c")) {
            Files.write(source, code.readAllBytes());
        }
        boolean made = System.getProperty("os.name").equals("Linux") && compile(source, library);
        if (!made) System.out.println("skipped: no cc that makes a shared library for LD_PRELOAD on Linux");
        Assumptions.assumeTrue(made, "no cc");
        return talk("LD_PRELOAD=" + library + " SEMEL_FAILING=" + root.resolve("order") + " exec \"$@\"",
                trouble);
    }

    private static boolean compile(Path source, Path library) throws InterruptedException {
        try {
            Process compiler = new ProcessBuilder("cc", "-shared", "-fPIC", "-O1", "-o", library.toString(),
                    source.toString(), "-ldl").inheritIO().start();
            return compiler.waitFor(1, TimeUnit.MINUTES) && compiler.exitValue() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    private List<String> talk(String shell, String trouble) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash", "-c", shell, "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:-UsePerfData",
                "-Xmx256m", "-cp", System.getProperty("java.class.path"), TroubledLog.class.getName(),
                Files.createDirectories(root.resolve("data")).toString(), trouble));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(1, TimeUnit.MINUTES), said);
        assertEquals(0, process.exitValue(), said);
        return said.lines().toList();
    }
}

package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.Engine;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.EngineConfig;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Apache Kafka's own LogCompactionTester against us: it writes keys again and again, some of them deleted,
 * reads what the cleaner has left, and compares the last of each key (FEATURES row 53).
 */
class LogCompactionTesterStoryTest {
    private static final int MESSAGES = 20_000 * Integer.getInteger("semel.scale", 1);
    private static final Pattern ROWS = Pattern.compile("(\\d+) rows of data produced, (\\d+) rows");

    @TempDir
    private Path directory;

    @Test
    void findsOfEachKeyWhatWasWrittenLast() throws Exception {
        BrokerConfig config = BrokerConfig.defaults("127.0.0.1", 0).withInternalPartitions(2)
                .withSegmentBytes(50_000).with(Map.of("log.cleaner.backoff.ms", "100",
                        "log.flush.offset.checkpoint.interval.ms", "100"));
        try (Engine engine = Engine.start(EngineConfig.in(directory, "127.0.0.1", 0), config)) {
            String java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
            String classPath = System.getProperty("java.class.path");
            Process tester = new ProcessBuilder(java, "-Xmx256m", "-cp", classPath,
                    "org.apache.kafka.tools.LogCompactionTester", "--bootstrap-server", engine.bootstrap(),
                    "--messages", Integer.toString(MESSAGES), "--duplicates", "20", "--topics", "2",
                    "--percent-deletes", "10", "--sleep", "3", "--compression-type", "lz4")
                    .redirectErrorStream(true).start();

            String said = new String(tester.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertEquals(0, tester.waitFor(), said);
            assertTrue(said.contains("0 mismatches"), said);
            Matcher rows = ROWS.matcher(said);
            assertTrue(rows.find(), said);
            assertTrue(Integer.parseInt(rows.group(2)) < Integer.parseInt(rows.group(1)) / 2, said);
        }
    }
}

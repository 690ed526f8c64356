package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.Engine;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.EngineConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file system of 16 MiB, filled to its last byte by a real producer, and freed by a real admin client.
 * Needs the right to mount a tmpfs; says so and is skipped without it.
 */
class FullDiskStoryTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final int RECORDS_MOST = 2_000;
    private static final String VALUE = "x".repeat(20_000);

    @TempDir
    private Path directory;
    private boolean mounted;
    private Engine engine;
    private Clients clients;

    @BeforeEach
    void mount() throws Exception {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=16m", "semel-full-disk", directory.toString()) == 0;
        if (!mounted) System.out.println("FullDiskStoryTest is skipped: this user may not mount a tmpfs");
        Assumptions.assumeTrue(mounted, "this user may not mount a tmpfs");
        start();
    }

    @AfterEach
    void unmount() throws Exception {
        if (!mounted) return;
        engine.close();
        // what an engine that was halted had open stays open in this JVM
        assertEquals(0, run("umount", "-l", directory.toString()));
    }

    @Test
    void isFilledRefusesReadsOnIsFreedAndTakesRecordsAgain() throws Exception {
        int acknowledged = 0;
        try (Admin admin = clients.admin(); KafkaProducer<String, String> producer = clients.producer(
                Map.of("retries", 0, "enable.idempotence", false, "linger.ms", 0))) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1)
                    .configs(Map.of("segment.bytes", "1048576")))).all().get();
            Throwable refusal = null;
            while (refusal == null && acknowledged < RECORDS_MOST) {
                refusal = send(producer, acknowledged);
                if (refusal == null) acknowledged++;
            }
            assertInstanceOf(KafkaStorageException.class, refusal);
            assertEquals(acknowledged, clients.values("t", 0, "read_committed").size());

            RecordsToDelete half = RecordsToDelete.beforeOffset(acknowledged / 2);
            admin.deleteRecords(Map.of(PARTITION, half)).all().get();
            int next = acknowledged;
            Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> send(producer, next) == null);
            acknowledged++;
        }
        engine.halt();
        start();

        List<String> expected = new ArrayList<>();
        for (int index = (acknowledged - 1) / 2; index < acknowledged; index++) expected.add(value(index));
        assertEquals(expected, clients.values("t", 0, "read_committed"));
        assertTrue(acknowledged > 200, acknowledged + " records");
    }

    private void start() {
        engine = Engine.start(EngineConfig.in(directory, "127.0.0.1", 0),
                BrokerConfig.defaults("127.0.0.1", 0).withInternalPartitions(4));
        clients = new Clients(engine.bootstrap());
    }

    private static String value(int index) {
        return index + VALUE;
    }

    /** Null when it was acknowledged. */
    private static Throwable send(KafkaProducer<String, String> producer, int index) throws Exception {
        try {
            producer.send(new ProducerRecord<>("t", value(index))).get();
            return null;
        } catch (ExecutionException refused) {
            return refused.getCause();
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}

package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.semel.broker.Engine;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.EngineConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deleting records with the real admin client, and retention by a clock that moves (FEATURES row 54). */
class RetentionStoryTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @TempDir
    private Path directory;
    private final AtomicLong aheadMs = new AtomicLong();
    private Engine engine;
    private Clients clients;

    @BeforeEach
    void start() {
        EngineConfig config = EngineConfig.in(directory, "127.0.0.1", 0);
        BrokerConfig broker = BrokerConfig.defaults("127.0.0.1", 0).withInternalPartitions(4);
        engine = Engine.start(config, broker, () -> System.currentTimeMillis() + aheadMs.get());
        clients = new Clients(engine.bootstrap());
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void deletesRecordsAndRemembersItAfterBeingKilled() throws Exception {
        create(Map.of("segment.bytes", "400"));
        try (Admin admin = clients.admin();
             KafkaProducer<String, String> producer = clients.transactional("tx")) {
            commit(producer, "a", "b", "c");
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("t", "open"));
            producer.flush();
            assertEquals(5, deleted(admin, RecordsToDelete.beforeOffset(5)));
            producer.send(new ProducerRecord<>("t", "late"));
            producer.commitTransaction();
            commit(producer, "d");
        }
        assertEquals(List.of("late", "d"), clients.values("t", 0, "read_committed"));

        engine.halt();
        start();

        try (Admin admin = clients.admin();
             KafkaProducer<String, String> producer = clients.transactional("tx")) {
            assertEquals(5, earliest(admin));
            assertEquals(List.of("late", "d"), clients.values("t", 0, "read_committed"));
            commit(producer, "e");
            assertEquals(List.of("late", "d", "e"), clients.values("t", 0, "read_committed"));
            long end = latest(admin);
            assertEquals(end, deleted(admin, RecordsToDelete.beforeOffset(-1)));
            assertEquals(List.of(), clients.values("t", 0, "read_committed"));
            assertEquals(end, earliest(admin));
        }
    }

    @Test
    void refusesToDeleteWhatIsNotThereAndWhatIsCompacted() throws Exception {
        create(Map.of());
        try (Admin admin = clients.admin()) {
            admin.createTopics(List.of(new NewTopic("compacted", 1, (short) 1)
                    .configs(Map.of("cleanup.policy", "compact")))).all().get();

            assertInstanceOf(OffsetOutOfRangeException.class, assertThrows(ExecutionException.class,
                    () -> deleted(admin, RecordsToDelete.beforeOffset(1))).getCause());
            assertInstanceOf(PolicyViolationException.class, assertThrows(ExecutionException.class,
                    () -> admin.deleteRecords(Map.of(new TopicPartition("compacted", 0),
                            RecordsToDelete.beforeOffset(0))).all().get()).getCause());
        }
    }

    @Test
    void removesWhatIsOlderThanAWeek() throws Exception {
        create(Map.of("segment.bytes", "400"));
        try (Admin admin = clients.admin();
             KafkaProducer<String, String> producer = clients.transactional("tx")) {
            commit(producer, "a", "b", "c");
            aheadMs.addAndGet(8L * 24 * 60 * 60 * 1000);
            engine.lookAtTheClock();

            Awaitility.await().until(() -> earliest(admin) == latest(admin));
            assertEquals(4, latest(admin));
        }
        try (KafkaProducer<String, String> producer = clients.transactional("tx")) {
            commit(producer, "d");
        }
        assertEquals(List.of("d"), clients.values("t", 0, "read_committed"));
    }

    private void create(Map<String, String> configs) throws Exception {
        try (Admin admin = clients.admin()) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1).configs(configs))).all().get();
        }
    }

    private static void commit(KafkaProducer<String, String> producer, String... values) {
        producer.beginTransaction();
        for (String value : values) producer.send(new ProducerRecord<>("t", value));
        producer.commitTransaction();
    }

    private static long deleted(Admin admin, RecordsToDelete what) throws Exception {
        var answers = admin.deleteRecords(Map.of(PARTITION, what)).lowWatermarks();
        return answers.get(PARTITION).get().lowWatermark();
    }

    private static long earliest(Admin admin) throws Exception {
        return offset(admin, OffsetSpec.earliest());
    }

    private static long latest(Admin admin) throws Exception {
        return offset(admin, OffsetSpec.latest());
    }

    private static long offset(Admin admin, OffsetSpec spec) throws Exception {
        return admin.listOffsets(Map.of(PARTITION, spec)).partitionResult(PARTITION).get().offset();
    }
}

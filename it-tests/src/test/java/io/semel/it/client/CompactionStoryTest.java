package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.Engine;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.EngineConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A compacted topic written in transactions by real clients, read back equal to a table, through cleanings,
 * kills and restarts, while the journals of the coordinators are cleaned beside it (FEATURES rows 53, 54;
 * FAULTS C.5 16, 17).
 */
class CompactionStoryTest {
    private static final TopicPartition PARTITION = new TopicPartition("table", 0);
    private static final int TRANSACTIONS = 150;
    private static final int KEYS = 12;

    @TempDir
    private Path directory;
    private final AtomicLong aheadMs = new AtomicLong();
    private final Random random = new Random(7);
    private final TreeMap<String, String> table = new TreeMap<>();
    private Engine engine;
    private Clients clients;
    private ConsumerGroupMetadata group;

    @BeforeEach
    void start() {
        EngineConfig config = EngineConfig.in(directory, "127.0.0.1", 0);
        BrokerConfig broker = BrokerConfig.defaults("127.0.0.1", 0).withInternalPartitions(2)
                .withSegmentBytes(4_000);
        engine = Engine.start(config, broker, () -> System.currentTimeMillis() + aheadMs.get());
        clients = new Clients(engine.bootstrap());
        try (KafkaConsumer<String, String> member = clients.consumer(Map.of("group.id", "group"))) {
            group = member.groupMetadata();
        }
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void isReadBackEqualToTheTableThatWasWritten() throws Exception {
        create(Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.1", "segment.bytes",
                "3000", "delete.retention.ms", "60000"));
        try (KafkaProducer<String, String> producer = clients.transactional("writer")) {
            for (int number = 1; number <= TRANSACTIONS; number++) transact(producer, number);
        }
        int written = recordsThatLie();
        assertEquals(table, read());

        cleanedTo(written / 3);
        assertEquals(table, read());
        assertEquals(TRANSACTIONS, groupOffset());

        engine.halt();
        start();
        assertEquals(table, read());
        try (KafkaProducer<String, String> producer = clients.transactional("writer")) {
            for (int number = 1; number <= 21; number++) transact(producer, TRANSACTIONS + number);
        }
        aheadMs.addAndGet(120_000);
        cleanedTo(written / 3);
        assertEquals(table, read());

        engine.close();
        start();
        assertEquals(table, read());
        assertEquals(TRANSACTIONS + 21, groupOffset());
    }

    @Test
    void refusesRecordsWithoutKey() throws Exception {
        create(Map.of("cleanup.policy", "compact"));
        try (KafkaProducer<String, String> producer = clients.producer(Map.of("compression.type", "gzip"))) {
            ExecutionException refused = assertThrows(ExecutionException.class,
                    () -> producer.send(new ProducerRecord<>("table", "no key")).get());
            assertTrue(refused.getCause() instanceof InvalidRecordException, refused.toString());
        }
    }

    private void create(Map<String, String> configs) throws Exception {
        try (Admin admin = clients.admin()) {
            admin.createTopics(List.of(new NewTopic("table", 1, (short) 1).configs(configs))).all().get();
        }
    }

    /** Some keys are set, some removed; every third transaction is taken back. */
    private void transact(KafkaProducer<String, String> producer, int number) {
        TreeMap<String, String> after = new TreeMap<>(table);
        producer.beginTransaction();
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            String key = "k" + random.nextInt(KEYS);
            String value = random.nextInt(5) == 0 ? null : key + " at " + number + " ".repeat(80);
            producer.send(new ProducerRecord<>("table", key, value));
            if (value == null) after.remove(key);
            else after.put(key, value);
        }
        if (number % 3 == 2) {
            producer.abortTransaction();
            return;
        }
        producer.sendOffsetsToTransaction(Map.of(PARTITION, new OffsetAndMetadata(number)), group);
        producer.commitTransaction();
        table.clear();
        table.putAll(after);
    }

    private TreeMap<String, String> read() {
        TreeMap<String, String> found = new TreeMap<>();
        for (ConsumerRecord<String, String> record : clients.records("table", List.of(0), "read_committed")) {
            if (record.value() == null) found.remove(record.key());
            else found.put(record.key(), record.value());
        }
        return found;
    }

    private int recordsThatLie() {
        return clients.records("table", List.of(0), "read_uncommitted").size();
    }

    /** Lets time run until the cleaner has left so few records. */
    private void cleanedTo(int records) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200)).until(() -> {
            aheadMs.addAndGet(20_000);
            engine.lookAtTheClock();
            return recordsThatLie() <= records;
        });
    }

    private long groupOffset() {
        try (KafkaConsumer<String, String> consumer = clients.consumer(Map.of("group.id", "group"))) {
            return consumer.committed(Set.of(PARTITION)).get(PARTITION).offset();
        }
    }
}

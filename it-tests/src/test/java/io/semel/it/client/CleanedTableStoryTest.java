package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A table written in transactions and cleaned, with one transaction open in its midst. */
@Tag("against-kafka")
class CleanedTableStoryTest {
    private static final TopicPartition PARTITION = new TopicPartition("table", 0);
    private static final int TRANSACTIONS = 40;
    private static final int KEYS = 5;
    private static final String LARGE = " ".repeat(100_000);

    private final Random random = new Random(11);
    private final TreeMap<String, String> table = new TreeMap<>();

    @Test @DisplayName("FEATURES 53: keeps what is committed last, drops what is aborted, stops at the open")
    void keepsWhatIsCommittedLastAndAllThatIsNotDecided() throws Exception {
        try (EngineUnderTest engine = EngineUnderTest.with(Map.of("log.cleaner.backoff.ms", "200"))) {
            Clients clients = new Clients(engine.bootstrap());
            try (Admin admin = clients.admin();
                    KafkaProducer<String, String> writer = clients.transactional("writer");
                    KafkaProducer<String, String> slow = clients.transactional("slow")) {
                admin.createTopics(List.of(new NewTopic("table", 1, (short) 1).configs(Map.of(
                        "cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.01",
                        "segment.bytes", "1048576")))).all().get();
                for (int number = 0; number < TRANSACTIONS; number++) transact(writer, number);
                slow.beginTransaction();
                slow.send(new ProducerRecord<>("table", "k0", "undecided")).get();
                for (int number = 0; number < TRANSACTIONS; number++) transact(writer, TRANSACTIONS + number);

                int behind = 2 * TRANSACTIONS / 3;
                Awaitility.await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofSeconds(1))
                        .until(() -> lying(clients) < TRANSACTIONS + 1 + behind);
                assertTrue(lying(clients) > TRANSACTIONS, "what stands behind the open one is kept whole");
                assertEquals("undecided", clients.records("table", List.of(0), "read_uncommitted").stream()
                        .filter(record -> record.value().equals("undecided")).findFirst().orElseThrow()
                        .value());
                assertEquals(2, admin.describeProducers(List.of(PARTITION)).partitionResult(PARTITION).get()
                        .activeProducers().size(), "none is forgotten");

                slow.abortTransaction();
                Awaitility.await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofSeconds(1))
                        .until(() -> lying(clients) < TRANSACTIONS);
                assertEquals(table, read(clients));
            }
            engine.restart();
            assertEquals(table, read(new Clients(engine.bootstrap())));
        }
    }

    private void transact(KafkaProducer<String, String> producer, int number) throws Exception {
        String key = "k" + random.nextInt(KEYS);
        String value = key + " at " + number + LARGE;
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("table", key, value)).get();
        if (number % 3 == 2) {
            producer.abortTransaction();
            return;
        }
        producer.commitTransaction();
        table.put(key, value);
    }

    private static int lying(Clients clients) {
        return clients.records("table", List.of(0), "read_uncommitted").size();
    }

    private static TreeMap<String, String> read(Clients clients) {
        TreeMap<String, String> found = new TreeMap<>();
        for (ConsumerRecord<String, String> record : clients.records("table", List.of(0), "read_committed")) {
            found.put(record.key(), record.value());
        }
        return found;
    }
}

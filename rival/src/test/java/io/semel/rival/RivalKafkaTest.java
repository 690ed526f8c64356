package io.semel.rival;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RivalKafkaTest {

    private static final TopicPartition PARTITION = new TopicPartition("words", 0);

    @TempDir Path dir;

    @Test void keepsACommittedTransactionThroughKillAndRestart() throws Exception {
        try (RivalKafka rival = RivalKafka.start(dir, Map.of("auto.create.topics.enable", "false"))) {
            long pidFirst = rival.pid();
            transact(rival.bootstrap(), List.of("once", "a", "single", "time"));
            assertEquals(List.of("once", "a", "single", "time"), committed(rival.bootstrap(), 4));

            rival.kill9();
            boolean aliveAfterKill = rival.isAlive();
            rival.restart();

            assertFalse(aliveAfterKill);
            assertNotEquals(pidFirst, rival.pid());
            assertEquals(List.of("once", "a", "single", "time"), committed(rival.bootstrap(), 4));
        }
        assertLogIsQuiet();
        assertTrue(Files.exists(dir.resolve("data/.kafka_cleanshutdown")), "stopped in order, not halted");
    }

    @Test void saysWhyTheBrokerDoesNotStart() {
        RivalFailure failure = assertThrows(RivalFailure.class,
            () -> RivalKafka.start(dir, Map.of("log.segment.bytes", "nonsense")));

        assertTrue(failure.getMessage().contains("nonsense"), failure.getMessage());
    }

    private void assertLogIsQuiet() throws IOException {
        List<String> lines = Files.readAllLines(dir.resolve("kafka.log"));
        assertTrue(lines.size() < 60, () -> "a storm in the log:\n" + String.join("\n", lines));
        assertFalse(lines.stream().anyMatch(line -> line.contains("SLF4J")), () -> String.join("\n", lines));
    }

    private static void transact(String bootstrap, List<String> words) throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(PARTITION.topic(), 1, (short) 1))).all().get();
        }
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "transactional.id", "one");
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (String word : words) producer.send(new ProducerRecord<>(PARTITION.topic(), word));
            producer.commitTransaction();
        }
    }

    private static List<String> committed(String bootstrap, int count) {
        Map<String, Object> config = Map.of(
            "bootstrap.servers", bootstrap, "isolation.level", "read_committed");
        List<String> words = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long deadlineNs = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (words.size() < count && System.nanoTime() < deadlineNs) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> words.add(record.value()));
            }
        }
        return words;
    }
}

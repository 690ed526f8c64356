package io.semel.it.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.it.client.BrokerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Apache Kafka's own test of exactly once (its transactions_test): two of Kafka's TransactionalMessageCopier
 * copy a topic, a partition each, while they are killed and the broker is.
 */
@Tag("against-kafka")
class CopyUnderKillsTest {
    private static final boolean SOAK = Integer.getInteger("semel.scale", 1) > 1;
    private static final int COPIERS = 2;
    private static final int RECORDS = SOAK ? 100_000 : 3_000;
    private static final int TRANSACTION = SOAK ? 750 : 200;
    private static final int ROUNDS = SOAK ? 3 : 1;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Child[] copiers = new Child[COPIERS];
    private String bootstrap;

    @Test @DisplayName("FAULTS C.5 1: all that is copied is there once and in order, whoever was killed")
    void everythingIsCopiedOnceAndInOrder(@TempDir Path directory) throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(directory)) {
            bootstrap = broker.bootstrap();
            write();
            long beganMs = System.currentTimeMillis();
            for (int copier = 0; copier < COPIERS; copier++) launch(copier);
            for (int kill = 0; kill < 2 * ROUNDS; kill++) {
                awaitCopied(RECORDS * (kill + 1) / (2 * ROUNDS + 1));
                if (kill % 2 == 0) broker.killAndRestart();
                else relaunchAll();
            }
            awaitCopied(RECORDS);
            long tookMs = System.currentTimeMillis() - beganMs;
            for (Child copier : copiers) copier.close();

            for (int partition = 0; partition < COPIERS; partition++) {
                assertEquals(IntStream.range(0, RECORDS / COPIERS).mapToObj(Integer::toString).toList(),
                        values(partition), "partition " + partition);
            }
            System.out.println(RECORDS + " records copied in transactions of " + TRANSACTION + " in "
                    + tookMs / 1_000 + " s, " + ROUNDS + " kills of the broker and of each copier");
        } finally {
            for (Child copier : copiers) if (copier != null) copier.close();
        }
    }

    private void write() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
                KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers",
                        bootstrap), new StringSerializer(), new StringSerializer())) {
            admin.createTopics(List.of(new NewTopic("copied", COPIERS, (short) 1),
                    new NewTopic("input", COPIERS, (short) 1))).all().get();
            for (int number = 0; number < RECORDS; number++) {
                producer.send(new ProducerRecord<>("input", number % COPIERS, null,
                        Integer.toString(number / COPIERS)));
            }
        }
    }

    private void launch(int copier) throws IOException {
        copiers[copier] = Child.of("org.apache.kafka.tools.TransactionalMessageCopier", "--broker-list",
                bootstrap, "--input-topic", "input", "--input-partition", copier, "--output-topic", "copied",
                "--transactional-id", "copier-" + copier, "--consumer-group", "copiers-" + copier,
                "--transaction-size", TRANSACTION, "--enable-random-aborts");
        copiers[copier].drain();
    }

    private void relaunchAll() throws IOException {
        for (int copier = 0; copier < COPIERS; copier++) {
            copiers[copier].close();
            launch(copier);
        }
    }

    /** By the offsets that the copiers have committed; whoever is being killed says nothing for a while. */
    private void awaitCopied(int enough) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).ignoreExceptions()
                    .until(() -> copied(admin) >= enough);
        }
    }

    private static long copied(Admin admin) throws Exception {
        long copied = 0;
        for (int copier = 0; copier < COPIERS; copier++) {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets("copiers-"
                    + copier).partitionsToOffsetAndMetadata().get();
            for (OffsetAndMetadata offset : offsets.values()) copied += offset.offset();
        }
        return copied;
    }

    private List<String> values(int partition) {
        List<String> values = new ArrayList<>();
        TopicPartition copied = new TopicPartition("copied", partition);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers",
                bootstrap, "auto.offset.reset", "earliest", "isolation.level", "read_committed"),
                new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(copied));
            long end = consumer.endOffsets(List.of(copied)).get(copied);
            while (consumer.position(copied) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }
}

package io.semel.it.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.Engine;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.EngineConfig;
import io.semel.rival.RivalKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A topic's directory written by an Apache Kafka broker is put into ours: what a client can ask about it is
 * answered as Kafka answered it (checklist row S4).
 */
class OpensKafkasFilesTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final int TRANSACTIONS = 9;

    @TempDir
    private Path directory;

    /** What clients are told of the topic. */
    private record Told(List<String> committed, List<String> all, long earliest, long latest, String highest,
            List<String> byTime, List<String> producers) {
        @Override
        public String toString() {
            return committed.size() + " committed, " + all.size() + " in all, " + earliest + " to " + latest
                    + ", highest " + highest + ", by time " + byTime + ", producers " + producers;
        }
    }

    @Test
    void tellsClientsWhatKafkaTold() throws Exception {
        Path theirs = directory.resolve("kafka");
        Told told;
        try (RivalKafka rival = RivalKafka.start(Files.createDirectories(theirs), Map.of())) {
            createTopic(rival.bootstrap());
            write(rival.bootstrap());
            told = ask(rival.bootstrap());
        }
        Path ours = directory.resolve("semel");
        try (Engine engine = start(ours)) {
            createTopic(engine.bootstrap());
            assertEquals(0, ask(engine.bootstrap()).latest());
        }
        replace(ours.resolve("t-0"), theirs.resolve("data").resolve("t-0"));

        try (Engine engine = start(ours)) {
            assertSame(told, ask(engine.bootstrap()));
        }
        try (Engine engine = start(ours)) {
            assertSame(told, ask(engine.bootstrap()));
        }
        assertTrue(told.all().size() > told.committed().size() && told.committed().size() > 1_000,
                told::toString);
        try (Stream<Path> files = Files.list(ours.resolve("t-0"))) {
            assertTrue(files.filter(file -> file.toString().endsWith(".log")).count() > 1);
        }
    }

    private static void assertSame(Told theirs, Told ours) {
        assertEquals(theirs.toString(), ours.toString());
        assertEquals(theirs, ours);
    }

    private static Engine start(Path ours) {
        return Engine.start(EngineConfig.in(ours, "127.0.0.1", 0), BrokerConfig.defaults("127.0.0.1", 0)
                .withInternalPartitions(2));
    }

    private static void createTopic(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1).configs(Map.of("segment.bytes",
                    "1048576", "retention.ms", "-1")))).all().get();
        }
    }

    /** Committed and aborted transactions over more than one segment, plain records, every codec. */
    private static void write(String bootstrap) {
        List<String> codecs = List.of("none", "gzip", "snappy", "lz4", "zstd");
        for (int number = 0; number < TRANSACTIONS; number++) {
            Properties settings = new Properties();
            settings.put("bootstrap.servers", bootstrap);
            settings.put("compression.type", codecs.get(number % codecs.size()));
            settings.put("transactional.id", "tx-" + number % 3);
            StringSerializer text = new StringSerializer();
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings, text, text)) {
                producer.initTransactions();
                producer.beginTransaction();
                for (int index = 0; index < 400; index++) {
                    String value = number + "-" + index + "-" + "v".repeat(number % 5 == 0 ? 1_000 : 100);
                    long timestamp = 1_000_000L + 1_000 * number + index;
                    producer.send(new ProducerRecord<>("t", 0, timestamp, "k", value));
                }
                producer.flush();
                if (number % 3 == 1) producer.abortTransaction();
                else producer.commitTransaction();
            }
        }
    }

    private static Told ask(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            List<String> byTime = new ArrayList<>();
            for (long time : new long[] {0, 1_000_399, 1_000_400, 1_003_007, 1_008_399, 1_008_400}) {
                byTime.add(offset(admin, OffsetSpec.forTimestamp(time)));
            }
            List<String> producers = new ArrayList<>();
            for (ProducerState state : admin.describeProducers(List.of(PARTITION)).partitionResult(PARTITION)
                    .get().activeProducers()) {
                producers.add(state.producerId() + " epoch " + state.producerEpoch() + " sequence "
                        + state.lastSequence() + " at " + state.lastTimestamp() + " open "
                        + state.currentTransactionStartOffset());
            }
            producers.sort(null);
            long earliest = Long.parseLong(offset(admin, OffsetSpec.earliest()).split(" ")[0]);
            long latest = Long.parseLong(offset(admin, OffsetSpec.latest()).split(" ")[0]);
            return new Told(read(bootstrap, "read_committed", latest),
                    read(bootstrap, "read_uncommitted", latest), earliest, latest,
                    offset(admin, OffsetSpec.maxTimestamp()), byTime, producers);
        }
    }

    private static String offset(Admin admin, OffsetSpec spec) throws Exception {
        var found = admin.listOffsets(Map.of(PARTITION, spec)).partitionResult(PARTITION).get();
        return found.offset() + " at " + found.timestamp();
    }

    private static List<String> read(String bootstrap, String isolation, long end) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("isolation.level", isolation);
        List<String> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings, new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seek(PARTITION, 0);
            while (consumer.position(PARTITION) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> records.add(record.offset() + " at "
                        + record.timestamp() + ": " + record.value().hashCode()));
            }
        }
        return records;
    }

    /** Without the file that says whose records these are: they are this topic's from now on. */
    private static void replace(Path old, Path with) throws IOException {
        Files.createDirectories(old);
        try (Stream<Path> files = Files.list(old)) {
            for (Path file : files.toList()) Files.delete(file);
        }
        try (Stream<Path> files = Files.list(with)) {
            for (Path file : files.toList()) Files.copy(file, old.resolve(file.getFileName()));
        }
        Files.delete(old.resolve("partition.metadata"));
    }
}

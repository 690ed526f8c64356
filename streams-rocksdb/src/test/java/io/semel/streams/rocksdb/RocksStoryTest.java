package io.semel.streams.rocksdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.Engine;
import io.semel.broker.config.EngineConfig;
import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Topology;
import io.semel.streams.run.Running;
import io.semel.streams.run.StoreReader;
import io.semel.streams.run.StreamsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topology that counts, with its state in RocksDB, on a real broker. */
class RocksStoryTest {
    private static final Topic<String, String> WORDS = Topic.of("words", Serdes.string(), Serdes.string());
    private static final Store<String, Long> COUNT =
            Store.keyed("count", Serdes.string(), Serdes.int64());
    private static final int KEYS = 500;
    private static final int ROUNDS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void aRestartFindsItsStateWithoutReplay() throws Exception {
        try (RocksStores stores = RocksStores.withMemory(32 << 20);
                Engine engine = Engine.start(EngineConfig.in(directory.resolve("broker"), "127.0.0.1", 0))) {
            createTopic(engine);
            StreamsConfig config = StreamsConfig.of(engine.bootstrap()).stateDir(directory.resolve("state"))
                    .threads(2).stores(stores);

            for (int round = 1; round <= ROUNDS; round++) {
                try (Running running = topology().start(config)) {
                    assertTrue(running.awaitRunning(PATIENCE));
                    assertEquals(0, running.stats().restored(), "replayed in round " + round);
                    assertEquals(2, stores.openStores());
                    produce(engine);
                    StoreReader<String, Long> reader = running.store(COUNT);
                    Optional<Long> expected = Optional.of((long) round);
                    Awaitility.await().atMost(PATIENCE).until(() -> everyKeyHas(reader, expected));
                }
                assertEquals(0, stores.openStores());
            }
        }
    }

    @Test
    void withoutADirectoryItDoesNotStart() throws Exception {
        try (RocksStores stores = RocksStores.withMemory(32 << 20);
                Engine engine = Engine.start(EngineConfig.in(directory.resolve("broker"), "127.0.0.1", 0))) {
            createTopic(engine);

            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () ->
                    topology().start(StreamsConfig.of(engine.bootstrap()).stores(stores)));

            assertTrue(refused.getMessage().contains("set StreamsConfig.stateDir"), refused.getMessage());
        }
    }

    private static Topology topology() {
        return Topology.of("counting", s -> s.from(WORDS).count(COUNT));
    }

    private static void createTopic(Engine engine) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", engine.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic("words", Optional.of(2), Optional.empty()))).all().get();
        }
    }

    private static void produce(Engine engine) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", engine.bootstrap()), new StringSerializer(),
                new StringSerializer())) {
            for (int key = 0; key < KEYS; key++) {
                producer.send(new ProducerRecord<>("words", "key" + key, "x"));
            }
        }
    }

    private static boolean everyKeyHas(StoreReader<String, Long> reader, Optional<Long> count) {
        for (int key = 0; key < KEYS; key++) {
            if (!reader.get("key" + key).equals(count)) {
                return false;
            }
        }
        return true;
    }
}

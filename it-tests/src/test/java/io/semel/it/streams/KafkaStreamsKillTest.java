package io.semel.it.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.semel.it.client.BrokerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Apache Kafka's Streams library with {@code exactly_once_v2} under kill -9 of the application and of the
 * broker, in turn. {@code -Dsemel.kills=N} says how often each is killed, {@code -Dsemel.seed=N} when.
 */
class KafkaStreamsKillTest {
    private static final int KILLS = Integer.getInteger("semel.kills",
            Integer.getInteger("semel.scale", 1) > 1 ? 50 : 1);
    private static final long SEED = Long.getLong("semel.seed", 1);
    private static final int NAMES = 5;
    private static final int A_LIFE = 100;
    private static final long APART_MS = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final int LOG_LINES = 40;

    @TempDir
    Path directory;
    private final SplittableRandom random = new SplittableRandom(SEED);
    /** So long ago that the words which close all windows are not of the future, which is refused. */
    private final long firstMs = System.currentTimeMillis() / 1_000 * 1_000
            - KafkaStreamsApp.GRACE.multipliedBy(3).toMillis();
    private final Map<String, List<String>> counts = new TreeMap<>();
    private final Map<String, List<String>> windows = new TreeMap<>();
    private final Map<String, Map<Long, Integer>> inWindows = new TreeMap<>();
    private int seen;
    private int closed;
    private int sent;
    private int kills;

    @Test @DisplayName("FAULTS C.7: counts, joins, windows, each told once, whoever is killed")
    void tellsEveryCountAndEveryWindowOnceWhoeverIsKilled() throws Exception {
        assumeTrue(KILLS > 1, "takes its time: under soak, or with -Dsemel.kills=N");
        int inTheMiddle = 0;
        Files.createDirectories(directory.resolve("broker"));
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("broker"))) {
            String bootstrap = broker.bootstrap();
            prepare(bootstrap);
            try (KafkaProducer<String, String> producer = producer(bootstrap);
                    KafkaConsumer<String, String> outputs = reader(bootstrap, new StringDeserializer(),
                            KafkaStreamsApp.COUNTS, KafkaStreamsApp.WINDOWS)) {
                Process app = KafkaStreamsApp.launch(bootstrap, directory);
                try {
                    for (int kill = 0; kill < 2 * KILLS; kill++, kills++) {
                        send(producer);
                        int enough = seen + 1 + random.nextInt(A_LIFE);
                        see(app, outputs, () -> seen >= enough);
                        if (seen < sent) inTheMiddle++;
                        if (kill % 2 == 0) {
                            app.destroyForcibly().waitFor();
                            app = KafkaStreamsApp.launch(bootstrap, directory);
                        } else {
                            broker.killAndRestart();
                        }
                    }
                    close(producer);
                    int all = inWindows.values().stream().mapToInt(Map::size).sum();
                    see(app, outputs, () -> seen >= sent && closed >= all);
                    outputs.poll(Duration.ofMillis(500)).forEach(this::take);
                } finally {
                    app.destroyForcibly().waitFor();
                }
            }
            assertToldOnce(bootstrap);
            System.out.println("Kafka Streams: application and broker killed " + KILLS + " times each, "
                    + inTheMiddle + " of them at work, " + sent + " records, " + closed + " windows");
        }
    }

    private void assertToldOnce(String bootstrap) {
        List<String> told = IntStream.rangeClosed(1, sent / NAMES).mapToObj(count -> "name=" + count)
                .toList();
        Map<String, Long> state = new TreeMap<>();
        for (int name = 0; name < NAMES; name++) {
            assertEquals(told, counts.get("k" + name), "seed " + SEED);
            List<String> ofName = new ArrayList<>();
            inWindows.get("k" + name).forEach((start, count) -> ofName.add(start + ":" + count));
            assertEquals(ofName, windows.get("k" + name).stream().sorted().toList(), "seed " + SEED);
            state.put("k" + name, (long) sent / NAMES);
        }
        assertEquals(state, state(bootstrap), "seed " + SEED);
    }

    private void see(Process app, KafkaConsumer<String, String> outputs, BooleanSupplier enough)
            throws IOException {
        try {
            Awaitility.await().atMost(PATIENCE).until(() -> {
                outputs.poll(Duration.ofMillis(20)).forEach(this::take);
                assertTrue(app.isAlive(), "the application ended by itself");
                return enough.getAsBoolean();
            });
        } catch (ConditionTimeoutException late) {
            List<String> log = Files.readAllLines(directory.resolve("app.log"));
            throw new AssertionError("seed " + SEED + ", after " + kills + " kills: " + seen + " counts of "
                    + sent + " words and " + closed + " windows came; the application's log ends\n"
                    + String.join("\n", log.subList(Math.max(0, log.size() - LOG_LINES), log.size())), late);
        }
    }

    private void take(ConsumerRecord<String, String> output) {
        boolean count = output.topic().equals(KafkaStreamsApp.COUNTS);
        (count ? counts : windows).computeIfAbsent(output.key(), key -> new ArrayList<>())
                .add(output.value());
        if (count) seen++;
        else closed++;
    }

    private void send(KafkaProducer<String, String> producer) {
        for (int word = 0; word < A_LIFE; word++, sent++) {
            long timeMs = firstMs + APART_MS * sent;
            String name = "k" + sent % NAMES;
            long window = timeMs / KafkaStreamsApp.WINDOW.toMillis() * KafkaStreamsApp.WINDOW.toMillis();
            inWindows.computeIfAbsent(name, key -> new TreeMap<>()).merge(window, 1, Integer::sum);
            producer.send(new ProducerRecord<>(KafkaStreamsApp.WORDS, sent % 2, timeMs, null, name));
        }
        producer.flush();
    }

    /** A word of each name so much later that every window before is closed. */
    private void close(KafkaProducer<String, String> producer) {
        long timeMs = firstMs + APART_MS * sent + KafkaStreamsApp.GRACE.multipliedBy(2).toMillis();
        for (int name = 0; name < NAMES; name++, sent++) {
            producer.send(new ProducerRecord<>(KafkaStreamsApp.WORDS, 0, timeMs, null, "k" + name));
        }
        producer.flush();
    }

    /** Names are older than every word: Kafka Streams takes the older of two inputs first. */
    private void prepare(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
                KafkaProducer<String, String> producer = producer(bootstrap)) {
            admin.createTopics(Stream.of(KafkaStreamsApp.WORDS, KafkaStreamsApp.NAMES, KafkaStreamsApp.COUNTS,
                    KafkaStreamsApp.WINDOWS).map(topic -> new NewTopic(topic, 2, (short) 1)).toList()).all()
                    .get();
            for (int name = 0; name < NAMES; name++) {
                producer.send(new ProducerRecord<>(KafkaStreamsApp.NAMES, null, firstMs - 1_000, "k" + name,
                        "name")).get();
            }
        }
    }

    /** What the changelog of the counts comes to. */
    private static Map<String, Long> state(String bootstrap) {
        Map<String, Long> state = new TreeMap<>();
        try (KafkaConsumer<String, Long> reader = reader(bootstrap, new LongDeserializer(),
                KafkaStreamsApp.CHANGELOG)) {
            Map<TopicPartition, Long> ends = reader.endOffsets(reader.assignment());
            while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
                reader.poll(Duration.ofMillis(100)).forEach(row -> state.put(row.key(), row.value()));
            }
        }
        return state;
    }

    private static <V> KafkaConsumer<String, V> reader(String bootstrap, Deserializer<V> values,
            String... topics) {
        KafkaConsumer<String, V> reader = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrap,
                "isolation.level", "read_committed"), new StringDeserializer(), values);
        List<TopicPartition> places = Stream.of(topics).flatMap(topic -> Stream.of(
                new TopicPartition(topic, 0), new TopicPartition(topic, 1))).toList();
        reader.assign(places);
        reader.seekToBeginning(places);
        return reader;
    }

    private static KafkaProducer<String, String> producer(String bootstrap) {
        return new KafkaProducer<>(Map.of("bootstrap.servers", bootstrap), new StringSerializer(),
                new StringSerializer());
    }
}

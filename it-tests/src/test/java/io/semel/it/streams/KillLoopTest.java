package io.semel.it.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.kit.engine.RunningEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application with state, a process of its own, is killed with kill -9 in the middle of its work, again
 * and again. {@code -Dsemel.kills=N} says how often, {@code -Dsemel.seed=N} when.
 */
class KillLoopTest {
    private static final int KILLS = Integer.getInteger("semel.kills",
            Integer.getInteger("semel.scale", 1) > 1 ? 50 : 3);
    private static final long SEED = Long.getLong("semel.seed", 1);
    private static final int NAMES = 7;
    private static final int A_LIFE = 210;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    Path directory;
    private final CountingApp counting = new CountingApp("killed");
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Map<String, List<String>> seen = new TreeMap<>();
    private int seenCount;
    private int sent;

    @Test
    void countsEveryEventOnceHoweverOftenItIsKilled() throws Exception {
        int inTheMiddle = 0;
        try (RunningEngine engine = RunningEngine.start()) {
            counting.prepare(engine.bootstrap(), NAMES);
            try (KafkaProducer<String, String> producer = producer(engine.bootstrap());
                    KafkaConsumer<String, String> outputs = reader(engine.bootstrap(),
                            counting.sums.name(), new StringDeserializer())) {
                for (int kill = 0; kill < KILLS; kill++) {
                    Process app = counting.launch(engine.bootstrap(), directory, "-XX:TieredStopAtLevel=1");
                    try {
                        send(producer, A_LIFE);
                        see(app, outputs, seenCount + 1 + random.nextInt(A_LIFE));
                    } finally {
                        app.destroyForcibly().waitFor();
                    }
                    if (seenCount < sent) inTheMiddle++;
                }
                Process app = counting.launch(engine.bootstrap(), directory, "-XX:TieredStopAtLevel=1");
                try {
                    see(app, outputs, sent);
                } finally {
                    app.destroyForcibly().waitFor();
                }
                outputs.poll(Duration.ofMillis(300)).forEach(this::take);
            }

            List<String> sums = IntStream.rangeClosed(1, sent / NAMES).mapToObj(sum -> "name=" + sum)
                    .toList();
            for (int name = 0; name < NAMES; name++) assertEquals(sums, seen.get("k" + name), "seed " + SEED);
            assertEquals(stateOf(sent / NAMES), state(engine.bootstrap()), "seed " + SEED);
            assertTrue(KILLS < 10 || inTheMiddle > KILLS / 2,
                    "only " + inTheMiddle + " kills met it at work");
            System.out.println("kill loop: " + KILLS + " times killed, " + inTheMiddle + " at work, " + sent
                    + " events counted once");
        }
    }

    /** Reads outputs until there are {@code count}. */
    private void see(Process app, KafkaConsumer<String, String> outputs, int count) {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            outputs.poll(Duration.ofMillis(5)).forEach(this::take);
            assertTrue(app.isAlive(), "the application ended by itself");
            return seenCount >= count;
        });
    }

    private void take(ConsumerRecord<String, String> output) {
        seen.computeIfAbsent(output.key(), key -> new ArrayList<>()).add(output.value());
        seenCount++;
    }

    private void send(KafkaProducer<String, String> producer, int count) {
        for (int event = 0; event < count; event++, sent++) {
            producer.send(new ProducerRecord<>(counting.events.name(), "event " + sent,
                    "k" + sent % NAMES + ":1"));
        }
        producer.flush();
    }

    /** What the store's changelog comes to. */
    private static Map<String, Long> state(String bootstrap) {
        Map<String, Long> state = new TreeMap<>();
        try (KafkaConsumer<String, Long> reader = reader(bootstrap, "killed-sum-changelog",
                new LongDeserializer())) {
            Map<TopicPartition, Long> ends = reader.endOffsets(reader.assignment());
            while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
                reader.poll(Duration.ofMillis(100)).forEach(row -> state.put(row.key(), row.value()));
            }
        }
        return state;
    }

    private static Map<String, Long> stateOf(long sum) {
        Map<String, Long> state = new TreeMap<>();
        for (int name = 0; name < NAMES; name++) state.put("k" + name, sum);
        return state;
    }

    private static <V> KafkaConsumer<String, V> reader(String bootstrap, String topic,
            Deserializer<V> values) {
        KafkaConsumer<String, V> reader = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrap,
                "isolation.level", "read_committed"), new StringDeserializer(), values);
        List<TopicPartition> places = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
        reader.assign(places);
        reader.seekToBeginning(places);
        return reader;
    }

    private static KafkaProducer<String, String> producer(String bootstrap) {
        return new KafkaProducer<>(Map.of("bootstrap.servers", bootstrap), new StringSerializer(),
                new StringSerializer());
    }
}

package io.semel.it.streams;

import static io.semel.streams.dsl.Dlq.dlq;
import static io.semel.streams.dsl.Retry.retry;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.StreamsError.Incompatible;
import io.semel.streams.StreamsError.PoisonRecord;
import io.semel.streams.Timers;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Topology;
import io.semel.streams.run.RunState;
import io.semel.streams.run.Running;
import io.semel.streams.run.StreamsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a user may rely on, whatever is killed; each broker runs it in a subclass. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StreamsStory {
    private static final int NAMES = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path brokerDir;
    @TempDir
    Path dir;
    private BrokerUnderTest broker;
    private final Map<String, Long> sums = new TreeMap<>();
    private final Random random = new Random(11);
    private CountingApp counting;
    private String name;
    private int produced;
    private int stories;

    abstract BrokerUnderTest startBroker(Path directory);

    @BeforeAll
    void startOnce() {
        broker = startBroker(brokerDir);
    }

    @BeforeEach
    void prepare() throws Exception {
        name = "story" + ++stories;
        counting = new CountingApp(name);
        sums.clear();
        produced = 0;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(List.of(topic(counting.events, 4), topic(counting.names, 3),
                    topic(counting.sums, 2)))
                    .all().get();
        }
        try (KafkaProducer<String, String> producer = producer()) {
            IntStream.range(0, NAMES).forEach(i ->
                    producer.send(new ProducerRecord<>(counting.names.name(), "k" + i, "name " + i)));
        }
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    @Test
    void countsEveryRecordOnceWhileBrokerAndApplicationAreKilled() throws Exception {
        Process app = counting.launch(broker.bootstrap(), dir);
        try (KafkaProducer<String, String> producer = producer()) {
            produce(producer, 3_000);
            broker.kill9();
            broker.restart();
            produce(producer, 3_000);
            producer.flush();
            awaitOutputs(3_500);
            app.destroyForcibly().waitFor();
            produce(producer, 2_000);
            app = counting.launch(broker.bootstrap(), dir);
            produce(producer, 2_000);
        }

        Map<String, String> seen = awaitOutputs(produced);

        app.destroyForcibly().waitFor();
        sums.forEach((key, sum) -> assertEquals("name " + key.substring(1) + "=" + sum, seen.get(key)));
    }

    @Test
    void sharesTheWorkAmongInstancesThatComeAndGo() throws Exception {
        try (KafkaProducer<String, String> producer = producer();
             Running first = counting.topology().start(broker.bootstrap())) {
            produce(producer, 2_000);
            try (Running second = counting.topology()
                    .start(StreamsConfig.of(broker.bootstrap()).threads(2))) {
                assertTrue(second.awaitRunning(PATIENCE));
                produce(producer, 4_000);
                Awaitility.await().atMost(PATIENCE).until(() -> second.stats().recordsIn() > 0);
            }
            produce(producer, 2_000);
            producer.flush();

            Map<String, String> seen = awaitOutputs(produced);

            sums.forEach((key, sum) -> assertEquals("name " + key.substring(1) + "=" + sum, seen.get(key)));
            assertTrue(first.awaitRunning(PATIENCE));
            assertEquals(RunState.RUNNING, first.state());
        }
    }

    @Test
    void goesOnFromItsStateAfterACleanRestart() throws Exception {
        try (KafkaProducer<String, String> producer = producer()) {
            produce(producer, 1_000);
            try (Running running = counting.topology().start(broker.bootstrap())) {
                awaitOutputs(1_000);
                assertEquals(RunState.RUNNING, running.state());
            }
            produce(producer, 1_000);
        }
        try (Running running = counting.topology().start(broker.bootstrap())) {

            Map<String, String> seen = awaitOutputs(2_000);

            sums.forEach((key, sum) -> assertEquals("name " + key.substring(1) + "=" + sum, seen.get(key)));
            assertTrue(running.stats().restored() >= NAMES, running.stats()::toString);
        }
    }

    @Test
    void refusesToStartWhenTopicsCannotMeet() {
        Topology direct = Topology.of(name,
                s -> s.from(counting.events).join(s.table(counting.names), (e, n) -> e + n)
                .to(counting.sums));

        Incompatible refused = assertThrows(Incompatible.class, () -> direct.start(broker.bootstrap()));

        assertTrue(refused.what().contains("'" + counting.events + "' (4 partitions) and '"
                + counting.names + "' (3 partitions)"), refused.what());
    }

    @Test
    void stopsBeforeAPoisonRecordAndSaysWhereItLies() throws Exception {
        Topic<String, Integer> numbers = Topic.of(counting.events.name(), Serdes.string(),
                Serdes.text(String::valueOf, Integer::parseInt));
        Topic<String, Integer> out = Topic.of(counting.sums.name(), Serdes.string(),
                Serdes.text(String::valueOf, Integer::parseInt));
        try (KafkaProducer<String, String> producer = producer()) {
            producer.send(new ProducerRecord<>(counting.events.name(), 2, "a", "7"));
            producer.send(new ProducerRecord<>(counting.events.name(), 2, "a", "seven"));
        }
        try (Running running = Topology.of(name, s -> s.from(numbers).to(out)).start(
                StreamsConfig.of(broker.bootstrap()).pollRecordsMax(1))) {

            PoisonRecord poison = assertThrows(PoisonRecord.class, running::await);

            assertEquals(counting.events + "-2@1",
                    poison.topic() + "-" + poison.partition() + "@" + poison.offset());
            assertEquals(RunState.FAILED, running.state());
            assertEquals(Map.of("a", "7"), awaitOutputs(1));
        }
    }

    @Test
    void findsEveryKeyOfABroadcastHoweverItIsPartitioned() throws Exception {
        Topic<String, String> out = Topic.of(counting.sums.name(), Serdes.string(), Serdes.string());
        Topology topology = Topology.of(name, s -> s.from(counting.events)
                .join(s.broadcast(counting.names), (k, v) -> v, (v, found) -> found).to(out));
        try (KafkaProducer<String, String> producer = producer()) {
            IntStream.range(0, NAMES).forEach(i ->
                    producer.send(new ProducerRecord<>(counting.events.name(), "event " + i, "k" + i)));
        }
        try (Running running = topology.start(StreamsConfig.of(broker.bootstrap()).threads(2))) {

            Map<String, String> seen = awaitOutputs(NAMES);

            IntStream.range(0, NAMES).forEach(i -> assertEquals("name " + i, seen.get("event " + i)));
            assertEquals(0, running.stats().skipped());
        }
    }

    @Test
    void writesADeadLetterWithTheRestOfItsBatchAndGoesOn() throws Exception {
        Topic<String, Integer> numbers = Topic.of(counting.events.name(), Serdes.string(),
                Serdes.text(String::valueOf, Integer::parseInt));
        Topic<String, Integer> out = Topic.of(counting.sums.name(), Serdes.string(),
                Serdes.text(String::valueOf, Integer::parseInt));
        try (KafkaProducer<String, String> producer = producer()) {
            producer.send(new ProducerRecord<>(counting.events.name(), 2, "a", "7"));
            producer.send(new ProducerRecord<>(counting.events.name(), 2, "b", "seven"));
            producer.send(new ProducerRecord<>(counting.events.name(), 2, "c", "8"));
        }
        Topology topology = Topology.of(name,
                s -> s.from(numbers).recover(retry(0), dlq(name + "-letters")).to(out));
        try (Running running = topology.start(broker.bootstrap())) {

            assertEquals(Map.of("a", "7", "c", "8"), awaitOutputs(2));

            assertEquals(RunState.RUNNING, running.state());
        }
        try (KafkaConsumer<String, String> reader = new KafkaConsumer<>(Map.of("bootstrap.servers",
                broker.bootstrap(), "isolation.level", "read_committed"), new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition letters = new TopicPartition(name + "-letters", 0);
            reader.assign(List.of(letters));
            reader.seekToBeginning(List.of(letters));
            List<ConsumerRecord<String, String>> read = new java.util.ArrayList<>();
            Awaitility.await().atMost(PATIENCE).until(() -> {
                reader.poll(Duration.ofMillis(300)).forEach(read::add);
                return !read.isEmpty();
            });
            assertEquals("seven", read.get(0).value());
            assertEquals("1", new String(
                    read.get(0).headers().lastHeader("__streams.errors.offset").value(), UTF_8));
        }
    }

    @Test
    void aTimerByTheClockGoesOffThoughNothingArrives() throws Exception {
        Topic<String, String> out = Topic.of(counting.sums.name(), Serdes.string(), Serdes.string());
        Timers<String> timers = Timers.of("later", Serdes.string());
        Store<String, String> last = Store.keyed("last", Serdes.string(), Serdes.string());
        Topology topology = Topology.of(name, s -> s.from(counting.events)
                .<String, String, String>process(timers, last, (event, store, timer, emit) -> {
                    store.put(event.key(), event.value());
                    timer.set(Timers.Time.WALL, timer.nowMs(Timers.Time.WALL) + 300);
                }, (due, store, timer, emit) -> emit.emit(store.get(due.key()) + " later")).to(out));
        try (Running running = topology.start(broker.bootstrap());
             KafkaProducer<String, String> producer = producer()) {
            assertTrue(running.awaitRunning(PATIENCE));
            producer.send(new ProducerRecord<>(counting.events.name(), "a", "1"));

            assertEquals(Map.of("a", "1 later"), awaitOutputs(1));
        }
    }

    private void produce(KafkaProducer<String, String> producer, int count) {
        for (int i = 0; i < count; i++) {
            String name = "k" + random.nextInt(NAMES);
            long amount = random.nextInt(10);
            sums.merge(name, amount, Long::sum);
            producer.send(new ProducerRecord<>(counting.events.name(), "event " + produced++,
                    name + ":" + amount));
        }
    }

    /**
     * Reads until {@code count} outputs were seen, and a moment longer, so that one too many is seen as well.
     */
    private Map<String, String> awaitOutputs(int count) {
        Map<String, String> newest = new TreeMap<>();
        int[] seen = new int[1];
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(Map.of("bootstrap.servers", broker.bootstrap(),
                "isolation.level", "read_committed"), new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> outputs = List.of(new TopicPartition(counting.sums.name(), 0),
                    new TopicPartition(counting.sums.name(), 1));
            consumer.assign(outputs);
            consumer.seekToBeginning(outputs);
            Awaitility.await().atMost(PATIENCE).until(() -> read(consumer, newest, seen) >= count);
            if (count == produced) {
                read(consumer, newest, seen);
                read(consumer, newest, seen);
                assertEquals(count, seen[0], "outputs");
            }
        }
        return newest;
    }

    private static int read(KafkaConsumer<String, String> consumer, Map<String, String> newest, int[] seen) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(300))) {
            newest.put(record.key(), record.value());
            seen[0]++;
        }
        return seen[0];
    }

    private KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(Map.of("bootstrap.servers", broker.bootstrap()), new StringSerializer(),
                new StringSerializer());
    }

    private static NewTopic topic(Topic<?, ?> topic, int partitions) {
        return new NewTopic(topic.name(), partitions, (short) 1);
    }
}

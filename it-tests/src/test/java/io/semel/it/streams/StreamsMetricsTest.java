package io.semel.it.streams;

import static io.semel.streams.dsl.Dlq.dlq;
import static io.semel.streams.dsl.Retry.retry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.kit.engine.RunningEngine;
import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Topology;
import io.semel.streams.run.Health;
import io.semel.streams.run.Metrics;
import io.semel.streams.run.Metrics.Lag;
import io.semel.streams.run.Running;
import io.semel.streams.run.StreamsConfig;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a running application tells of itself, against a real broker. */
class StreamsMetricsTest {
    private static final Topic<String, String> IN = Topic.of("in", Serdes.string(), Serdes.string());
    private static final Topic<String, Long> OUT = Topic.of("out", Serdes.string(), Serdes.int64());
    private static final Store<String, Long> COUNT = Store.keyed("count", Serdes.string(), Serdes.int64());
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;
    private final CountDownLatch released = new CountDownLatch(1);

    private Topology topology() {
        return Topology.of("measured", s -> s.from(IN)
                .filter((key, value) -> take(value))
                .recover(retry(0), dlq("in-dlq"))
                .count(COUNT)
                .to(OUT));
    }

    private boolean take(String value) {
        if (value.equals("wait")) awaitRelease();
        if (value.equals("bad")) throw new IllegalArgumentException("no good");
        return !value.equals("left out");
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void tellsByStepTaskAndStoreWhatWasCommitted() throws Exception {
        try (RunningEngine engine = RunningEngine.start(); Producing in = new Producing(engine)) {
            StreamsConfig config = StreamsConfig.of(engine.bootstrap()).stateDir(directory);
            try (Running running = topology().start(config)) {
                assertTrue(running.awaitRunning(PATIENCE));
                in.commit("a", "a", "b", "left out", "bad");
                Awaitility.await().atMost(PATIENCE).until(() -> running.stats().recordsIn() == 5);
                Metrics told = running.metrics(PATIENCE);

                assertEquals(List.of("5 5 0", "5 3 1", "3 3 0", "3 3 0"), told.steps().stream()
                        .map(one -> one.recordsIn() + " " + one.recordsOut() + " " + one.deadLetters())
                        .toList(), told::toString);
                assertEquals(2, told.tasks().size(), told::toString);
                assertEquals(5, told.tasks().stream().mapToLong(Metrics.TaskMetrics::recordsIn).sum());
                assertEquals(1, told.tasks().stream().mapToLong(Metrics.TaskMetrics::deadLetters).sum());
                assertEquals(2, told.tasks().stream().mapToLong(one -> one.stores().get(0).rows()).sum());
                assertTrue(told.commits().count() >= 1 && told.commits().p50Us() > 0
                        && told.commits().p50Us() <= told.commits().p99Us()
                        && told.commits().p99Us() <= told.commits().mostUs(), told::toString);
                assertEquals(List.of(0L, 0L), told.lags().stream().map(Lag::records).toList());
                assertEquals("RUNNING", running.health().toString());
                assertTrue(running.describe(told).contains("5 in, 3 out, 1 dead letters"),
                        () -> running.describe(told));
                assertTrue(running.describe(told).contains("[2 rows]"), () -> running.describe(told));
                assertTrue(running.toMermaid(told).contains("<br/>5 in, 5 out, lag 0\"]"),
                        () -> running.toMermaid(told));
                assertTrue(running.toDot(told).contains("\\n2 rows\"]"), () -> running.toDot(told));
                beanTells(running, told);
            }
            assertEquals(List.of(), List.copyOf(ManagementFactory.getPlatformMBeanServer()
                    .queryNames(new ObjectName("io.semel.streams:*"), null)));
        }
    }

    private static void beanTells(Running running, Metrics told) throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName("io.semel.streams:type=Application,application=measured,instance="
                + told.instance());
        assertEquals(5L, server.getAttribute(name, "RecordsIn"));
        assertEquals("RUNNING", server.getAttribute(name, "Health"));
        assertTrue(server.getAttribute(name, "StepRecordsIn").toString().contains("filter"));
        assertTrue(server.getAttribute(name, "StoreRestored").toString().contains("count"));
        assertEquals(running.describe(running.metrics()).lines().toList(), List.of((String[]) server.invoke(
                name, "picture", new Object[] {"text"}, new String[] {String.class.getName()})));
        assertTrue(server.invoke(name, "countLag", new Object[] {5_000L}, new String[] {"long"}).toString()
                .contains("in-0"));
    }

    /** Each transaction of one record has a marker, too, and the aborted one has records: neither counts. */
    @Test
    void countsLagInCommittedDataRecordsAndSaysWhichStepDoesNotReturn() throws Exception {
        try (RunningEngine engine = RunningEngine.start(); Producing in = new Producing(engine);
                Running running = topology().start(StreamsConfig.of(engine.bootstrap()))) {
            assertTrue(running.awaitRunning(PATIENCE));
            in.commit("wait");
            Awaitility.await().atMost(PATIENCE)
                    .until(() -> running.health(Duration.ofMillis(300)).stuck());
            Health health = running.health(Duration.ofMillis(300));
            for (int number = 0; number < 20; number++) in.commit("a");
            in.abort("b", "b", "b", "b");
            in.open("c", "c", "c");

            List<Lag> lags = running.lags(PATIENCE);

            assertTrue(health.cause().contains("StreamsMetricsTest.awaitRelease"), health::toString);
            assertFalse(running.health(PATIENCE).stuck());
            assertEquals(21, lags.stream().mapToLong(Lag::records).sum(), lags::toString);
            assertEquals(3, lags.stream().mapToLong(Lag::heldBack).sum(), lags::toString);
            assertTrue(lags.stream().allMatch(Lag::exact), lags::toString);
            assertTrue(running.describe(running.metrics(PATIENCE))
                    .contains("lag 21 and 3 offsets held back"));
            released.countDown();
            Awaitility.await().atMost(PATIENCE).until(() -> running.stats().recordsIn() == 21);
            assertEquals(0, running.lags(PATIENCE).stream().mapToLong(Lag::records).sum());
            assertFalse(running.health(PATIENCE).stuck());
        } finally {
            released.countDown();
        }
    }

    /** What is restored is told while it is, and a broker that is gone is the cause. */
    @Test
    void tellsHowFarStoresAreRestoredAndWhyItIsNotWell() throws Exception {
        try (RunningEngine engine = RunningEngine.start(); Producing in = new Producing(engine)) {
            try (Running running = topology().start(StreamsConfig.of(engine.bootstrap()))) {
                assertTrue(running.awaitRunning(PATIENCE));
                in.commit(IntStream.range(0, 50).mapToObj(number -> "k" + number).toArray(String[]::new));
                Awaitility.await().atMost(PATIENCE).until(() -> running.stats().recordsIn() == 50);
            }
            try (Running running = topology().start(StreamsConfig.of(engine.bootstrap()))) {
                assertTrue(running.awaitRunning(PATIENCE));
                Metrics told = running.metrics();
                assertEquals(50, told.tasks().stream().mapToLong(one -> one.stores().get(0).replayed()).sum(),
                        told::toString);
                assertTrue(told.tasks().stream().allMatch(one -> one.stores().get(0).restored() == 1));

                engine.crash();
                Awaitility.await().atMost(PATIENCE)
                        .until(() -> running.health(Duration.ofMillis(1)).stuck());
                engine.restart();
                Awaitility.await().atMost(PATIENCE)
                        .until(() -> running.health().toString().equals("RUNNING"));
            }
        }
    }

    /** A transactional producer, a transaction a call; keys are values. */
    private static final class Producing implements AutoCloseable {
        private final KafkaProducer<String, String> producer;

        Producing(RunningEngine engine) throws Exception {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", engine.bootstrap()))) {
                admin.createTopics(List.of(new NewTopic("in", 2, (short) 1),
                        new NewTopic("out", 2, (short) 1))).all().get();
            }
            producer = new KafkaProducer<>(Map.of("bootstrap.servers", engine.bootstrap(), "transactional.id",
                    "producing"), new StringSerializer(), new StringSerializer());
            producer.initTransactions();
        }

        void open(String... values) {
            producer.beginTransaction();
            for (String value : values) producer.send(new ProducerRecord<>("in", value, value));
            producer.flush();
        }

        void commit(String... values) {
            open(values);
            producer.commitTransaction();
        }

        void abort(String... values) {
            open(values);
            producer.abortTransaction();
        }

        @Override
        public void close() {
            producer.close(Duration.ZERO);
        }
    }
}

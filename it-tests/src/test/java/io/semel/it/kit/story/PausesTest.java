package io.semel.it.kit.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.config.Durability;
import io.semel.it.kit.Workbench;
import io.semel.it.kit.check.Checker;
import io.semel.it.kit.check.Report;
import io.semel.it.kit.engine.Mode;
import io.semel.it.kit.engine.RunningEngine;
import io.semel.it.kit.history.Recorder;
import io.semel.it.kit.work.AppendLists;
import io.semel.it.kit.work.Plan;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that stand still longer than sessions and transactions last (FAULTS C.4 rows 7 and 8). */
class PausesTest {
    private static final boolean WHOLE = Integer.getInteger("semel.scale", 1) > 1;
    private static final Duration BACK_WITHIN = Duration.ofSeconds(10);

    /** In seconds; sessions of the members last 6, transactions 10. */
    static IntStream pauses() {
        return WHOLE ? IntStream.of(1, 2, 5, 8, 12, 20, 40, 60) : IntStream.of(11);
    }

    @ParameterizedTest
    @MethodSource("pauses")
    void ofTheBrokerChangeNothingAndItServesSoonAfter(int seconds) throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (RunningEngine engine = RunningEngine.start(Mode.PROCESS, Durability.FORCE, 1);
                Recorder recorder = Recorder.inMemory()) {
            Plan plan = Plan.against(engine.bootstrap()).named("paused").withSeed(seconds).withClients(3)
                    .withOperations(Long.MAX_VALUE).within(Duration.ofSeconds(seconds + 10L))
                    .healingWithin(Duration.ofSeconds(30));
            Future<?> work = thread.submit(() -> new AppendLists().run(plan, recorder));
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> recorder.count() > 50);
            engine.pause();
            LockSupport.parkNanos(Duration.ofSeconds(seconds).toNanos());
            engine.resume();
            long startNs = System.nanoTime();

            commits(engine.bootstrap());

            Duration took = Duration.ofNanos(System.nanoTime() - startNs);
            work.get();
            Report report = Checker.check(recorder.history());
            assertTrue(report.isClean(), report::text);
            assertTrue(took.compareTo(BACK_WITHIN) <= 0, () -> "commits again after " + took);
            engine.assertNoOpenTransactions();
        } finally {
            thread.shutdown();
        }
    }

    private static void commits(String bootstrap) {
        try (KafkaProducer<String, String> producer = Workbench.at(bootstrap).transactional("comes-after")) {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("after", 0, null, "value"));
            producer.commitTransaction();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"silent", "replaced"})
    void ofAClientThatWakesBehindItsTimeLeaveNothingOfIt(String meanwhile) throws Exception {
        try (RunningEngine engine = RunningEngine.start()) {
            TopicPartition topic = Workbench.at(engine.bootstrap()).topic("woken");
            Process sleeper = sleeper(engine.bootstrap());
            try (BufferedReader told = sleeper.inputReader(StandardCharsets.UTF_8)) {
                assertEquals("written", told.readLine());
                signal(sleeper, "-STOP");
                List<String> committed = new ArrayList<>();
                if (meanwhile.equals("replaced")) {
                    try (KafkaProducer<String, String> heir = Workbench.at(engine.bootstrap())
                            .transactional("sleeper")) {
                        heir.beginTransaction();
                        heir.send(new ProducerRecord<>("woken", 0, null, "of the heir"));
                        heir.commitTransaction();
                        committed.add("of the heir");
                    }
                }
                Awaitility.await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(engine::assertNoOpenTransactions);
                signal(sleeper, "-CONT");
                sleeper.outputWriter().append("go on\n").flush();

                assertEquals("refused", told.readLine());
                assertEquals(committed, Workbench.at(engine.bootstrap()).values(topic));
                engine.assertNoOpenTransactions();
            } finally {
                sleeper.destroyForcibly().waitFor();
            }
        }
    }

    private static Process sleeper(String bootstrap) throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off", "-cp", System.getProperty("java.class.path"),
                Sleeper.class.getName(), bootstrap).start();
    }

    private static void signal(Process process, String signal) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor());
    }

    /** The client that is stopped: a program of its own. */
    static final class Sleeper {
        private Sleeper() { }

        public static void main(String[] arguments) throws IOException {
            KafkaProducer<String, String> producer = Workbench.at(arguments[0]).transactional("sleeper",
                    "transaction.timeout.ms", 1_500);
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("woken", 0, null, "before"));
            producer.flush();
            System.out.println("written");
            if (System.in.read() < 0) return;
            try {
                producer.send(new ProducerRecord<>("woken", 0, null, "after"));
                producer.commitTransaction();
                System.out.println("committed");
            } catch (KafkaException refused) {
                System.out.println("refused");
            }
            producer.close(Duration.ZERO);
        }
    }
}

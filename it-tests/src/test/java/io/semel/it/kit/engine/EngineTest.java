package io.semel.it.kit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.config.Durability;
import io.semel.it.kit.Workbench;
import io.semel.it.kit.faults.Faults;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What one annotation gives a test. */
class EngineTest {
    private static final String SPRING = "spring.kafka.bootstrap-servers";

    private static void commit(KafkaProducer<String, String> producer, TopicPartition to, String value) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(to.topic(), to.partition(), null, value));
        producer.commitTransaction();
    }

    @Nested
    @Engine
    class InThisJvm {
        private static String seenBefore;

        @BeforeAll
        static void takesItBeforeAll(RunningEngine engine) {
            seenBefore = engine.bootstrap();
        }

        @Test
        void isTheSameForAllTestsOfTheClass(RunningEngine engine) {
            assertEquals(seenBefore, engine.bootstrap());
        }

        @Test
        void isToldToFrameworks(RunningEngine engine) {
            for (String name : List.of(SPRING, "spring.embedded.kafka.brokers", "kafka.bootstrap.servers",
                    "mp.messaging.connector.smallrye-kafka.bootstrap.servers")) {
                assertEquals(engine.bootstrap(), System.getProperty(name), name);
            }
        }

        @Test
        void keepsWhatWasCommittedOverACrash(RunningEngine engine) {
            Workbench bench = Workbench.at(engine.bootstrap());
            TopicPartition topic = bench.topic("crashed");
            try (KafkaProducer<String, String> producer = bench.transactional("crasher")) {
                for (int round = 0; round < 5; round++) {
                    commit(producer, topic, "before " + round);
                    engine.crash();
                    assertFalse(engine.isRunning());
                    engine.restart();
                    commit(producer, topic, "after " + round);
                }
            }

            List<String> values = bench.values(topic);

            assertEquals(10, values.size(), values::toString);
            assertEquals("before 0", values.get(0));
            assertEquals("after 4", values.get(9));
        }

        @Test
        void keepsItsAddressAndDataOverARestart(RunningEngine engine) {
            Workbench bench = Workbench.at(engine.bootstrap());
            TopicPartition topic = bench.topic("restarted");
            String address = engine.bootstrap();
            try (KafkaProducer<String, String> producer = bench.transactional("restarter")) {
                commit(producer, topic, "kept");
            }

            engine.restart();

            assertEquals(address, engine.bootstrap());
            assertEquals(List.of("kept"), bench.values(topic));
        }

        @Test
        void saysWhichTransactionIsOpen(RunningEngine engine) {
            Workbench bench = Workbench.at(engine.bootstrap());
            TopicPartition topic = bench.topic("open");
            engine.assertNoOpenTransactions();
            try (KafkaProducer<String, String> producer = bench.transactional("opener")) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("open", 0, null, "undecided"));
                producer.flush();

                AssertionError open = assertThrows(AssertionError.class, engine::assertNoOpenTransactions);

                assertTrue(open.getMessage().contains("opener is Ongoing"), open::getMessage);
                assertTrue(open.getMessage().contains(topic + " from offset 0"), open::getMessage);
                producer.commitTransaction();
            }
            engine.assertNoOpenTransactions();
        }

        @Test
        void timesOutATransactionWhenItsClockIsMoved(RunningEngine engine) {
            Workbench bench = Workbench.at(engine.bootstrap());
            TopicPartition topic = bench.topic("timed-out");
            try (KafkaProducer<String, String> producer = bench.transactional("sleeper")) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("timed-out", 0, null, "too late"));
                producer.flush();

                engine.moveClock(Duration.ofMinutes(5));

                Awaitility.await().untilAsserted(engine::assertNoOpenTransactions);
                assertThrows(RuntimeException.class, producer::commitTransaction);
            }
            assertEquals(List.of(), bench.values(topic));
        }

        @Test
        void refusesToStandStill(RunningEngine engine) {
            UnsupportedOperationException refused =
                    assertThrows(UnsupportedOperationException.class, engine::pause);

            assertTrue(refused.getMessage().contains("Mode.PROCESS"), refused::getMessage);
            assertTrue(engine.isRunning());
        }

        @Test
        void isReachedThroughAProxyToo(RunningEngine engine, Faults faults) {
            assertNotEquals(engine.bootstrap(), faults.bootstrap());

            TopicPartition topic = Workbench.at(faults.bootstrap()).topic("by-proxy");

            assertEquals(List.of(), Workbench.at(engine.bootstrap()).values(topic));
        }
    }

    @Nested
    @Engine(scope = Scope.METHOD, durability = Durability.OS, partitions = 3)
    class ForEachTest {
        private RunningEngine fresh;

        @BeforeEach
        void takesItBeforeEach(RunningEngine engine) {
            fresh = engine;
        }

        @Test
        void isNewOnce(RunningEngine engine) throws Exception {
            isEmpty(engine);
        }

        @Test
        void isNewTwice(RunningEngine engine) throws Exception {
            isEmpty(engine);
        }

        private void isEmpty(RunningEngine engine) throws Exception {
            assertEquals(fresh, engine);
            Workbench bench = Workbench.at(engine.bootstrap());
            try (Admin admin = bench.admin();
                    KafkaProducer<String, String> producer = bench.producer("first")) {
                assertEquals(0, admin.listTopics().names().get().size());
                producer.send(new ProducerRecord<>("made-by-itself", "value")).get();
                assertEquals(3, producer.partitionsFor("made-by-itself").size());
            }
        }
    }

    @Nested
    class OnAMethod {
        @Test
        @Engine(behindFaults = true)
        void isThereForThatTest(RunningEngine engine, Faults faults) {
            assertEquals(faults.bootstrap(), System.getProperty(SPRING));
            assertTrue(engine.isRunning());
        }

        @AfterAll
        static void leavesNoPropertyBehind() {
            assertNull(System.getProperty(SPRING));
        }
    }

    @Nested
    @Engine(mode = Mode.PROCESS)
    class InAProcess {
        @Test
        void losesNothingWhenItIsKilled(RunningEngine engine) {
            Workbench bench = Workbench.at(engine.bootstrap());
            TopicPartition topic = bench.topic("killed");
            try (KafkaProducer<String, String> producer = bench.transactional("killer")) {
                commit(producer, topic, "before");

                engine.crash();
                engine.restart();

                commit(producer, topic, "after");
            }
            assertEquals(List.of("before", "after"), bench.values(topic));
            engine.assertNoOpenTransactions();
        }

        @Test
        void keepsItsAddressAndDataOverARestart(RunningEngine engine) {
            Workbench bench = Workbench.at(engine.bootstrap());
            TopicPartition topic = bench.topic("restarted");
            try (KafkaProducer<String, String> producer = bench.transactional("restarter")) {
                commit(producer, topic, "kept");
            }

            engine.restart();

            assertEquals(List.of("kept"), bench.values(topic));
        }

        @Test
        void answersNobodyWhileItStandsStill(RunningEngine engine) {
            Workbench bench = Workbench.at(engine.bootstrap());
            TopicPartition topic = bench.topic("paused");
            try (KafkaConsumer<String, String> consumer = bench.consumer("patient")) {
                assertEquals(0, consumer.endOffsets(List.of(topic)).get(topic));
                engine.pause();

                assertThrows(TimeoutException.class,
                        () -> consumer.endOffsets(List.of(topic), Duration.ofMillis(300)));
                engine.resume();

                assertEquals(0, consumer.endOffsets(List.of(topic)).get(topic));
            }
        }
    }

    @Test
    void saysWhenItHasEndedUnasked() {
        try (RunningEngine engine = RunningEngine.start(Mode.PROCESS, Durability.OS, 1)) {
            engine.assertServing();
            ProcessHandle child = ProcessHandle.current().children()
                    .max(Comparator.comparing(one -> one.info().startInstant().orElseThrow())).orElseThrow();

            child.destroyForcibly();
            child.onExit().join();

            Awaitility.await().untilAsserted(() -> assertThrows(AssertionError.class, engine::assertServing));
        }
    }

    @Test
    void commitsItsFirstTransactionSoonAfterItsStartWhenWarm() {
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 6; round++) {
            long start = System.nanoTime();
            try (RunningEngine engine = RunningEngine.start()) {
                try (KafkaProducer<String, String> producer =
                        Workbench.at(engine.bootstrap()).transactional("early")) {
                    commit(producer, new TopicPartition("early", 0), "first");
                    best = Math.min(best, System.nanoTime() - start);
                }
            }
        }
        long bestMs = best / 1_000_000;

        assertTrue(bestMs < 300, () -> "first commit after " + bestMs + " ms");
    }
}

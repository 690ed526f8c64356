package io.semel.it.kit.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.config.Durability;
import io.semel.it.kit.Workbench;
import io.semel.it.kit.engine.Engine;
import io.semel.it.kit.engine.Mode;
import io.semel.it.kit.engine.RunningEngine;
import io.semel.it.kit.engine.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A disk that fails costs what it must and no more, and what was acknowledged is still there. */
@Engine(scope = Scope.METHOD)
class StorageTest {
    private static KafkaProducer<String, String> producer(RunningEngine engine) {
        return Workbench.at(engine.bootstrap()).producer("writer", "linger.ms", 0, "request.timeout.ms", 500,
                "delivery.timeout.ms", 1_000, "max.block.ms", 5_000);
    }

    private static void send(KafkaProducer<String, String> producer, String topic, String value)
            throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>(topic, 0, null, value)).get();
    }

    @Test
    void fillsUpAndGoesOnWhenThereIsRoom(RunningEngine engine) throws Exception {
        TopicPartition topic = Workbench.at(engine.bootstrap()).topic("full");
        try (KafkaProducer<String, String> producer = producer(engine)) {
            send(producer, "full", "before");
            engine.storage().fill();
            assertThrows(ExecutionException.class, () -> send(producer, "full", "refused"));
            assertEquals(List.of("before"), Workbench.at(engine.bootstrap()).values(topic));

            engine.storage().heal();

            send(producer, "full", "after");
        }
        assertEquals(List.of("before", "after"), Workbench.at(engine.bootstrap()).values(topic));
        engine.assertServing();
    }

    @Test
    void acknowledgesNothingThatAFailedForceShouldHaveKept(RunningEngine engine) throws Exception {
        TopicPartition topic = Workbench.at(engine.bootstrap()).topic("forced");
        TopicPartition other = Workbench.at(engine.bootstrap()).topic("other");
        try (KafkaProducer<String, String> producer = producer(engine)) {
            send(producer, "forced", "kept");
            engine.storage().in("forced-0/").failForces();

            assertThrows(ExecutionException.class, () -> send(producer, "forced", "not kept"));
            send(producer, "other", "elsewhere");
        }
        engine.cutPower();
        engine.restart();

        assertEquals(List.of("kept"), Workbench.at(engine.bootstrap()).values(topic));
        assertEquals(List.of("elsewhere"), Workbench.at(engine.bootstrap()).values(other));
    }

    /**
     * kafka-clients that get COORDINATOR_NOT_AVAILABLE for an InitProducerId without a transactional id look
     * for the coordinator of nobody, and fail at that for ever.
     */
    @Test
    void costsAnIdempotentProducerNothingWhenNoProducerIdCanBeGiven(RunningEngine engine) throws Exception {
        TopicPartition topic = Workbench.at(engine.bootstrap()).topic("patient");
        engine.storage().in("__semel_catalogue-0/").failForces();
        try (KafkaProducer<String, String> producer = Workbench.at(engine.bootstrap()).producer("patient")) {
            var sent = producer.send(new ProducerRecord<>("patient", 0, null, "in the end"));
            try (Admin admin = Workbench.at(engine.bootstrap()).admin()) {
                assertThrows(ExecutionException.class, () -> admin.createTopics(List.of(
                        new NewTopic("other", 1, (short) 1))).all().get());
            }
            Awaitility.await().until(() -> engine.storage().struck() > 0);
            engine.storage().heal();
            engine.restart();

            sent.get();
        }
        assertEquals(List.of("in the end"), Workbench.at(engine.bootstrap()).values(topic));
    }

    @Test
    void keepsNobodyWaitingWhoWantsNothingOfItWhenForcesAreSlow(RunningEngine engine) throws Exception {
        Workbench bench = Workbench.at(engine.bootstrap());
        bench.topic("slow");
        try (KafkaProducer<String, String> producer = bench.producer("writer", "linger.ms", 0);
                KafkaConsumer<String, String> looker = bench.consumer("looker")) {
            looker.partitionsFor("slow");
            engine.storage().in("slow-0/").slowForces(Duration.ofMillis(1_500));
            long startNs = System.nanoTime();
            var sent = producer.send(new ProducerRecord<>("slow", 0, null, "late"));

            looker.listTopics();

            boolean early = sent.isDone();
            sent.get();
            engine.storage().heal();
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
            assertTrue(!early && tookMs >= 1_500, () -> "acknowledged after " + tookMs + " ms");
            assertTrue(engine.storage().struck() > 0);
        }
    }

    @Test
    void isReadAgainWhenItCanBe(RunningEngine engine) throws Exception {
        Workbench bench = Workbench.at(engine.bootstrap());
        TopicPartition bad = bench.topic("bad");
        TopicPartition good = bench.topic("good");
        try (KafkaProducer<String, String> producer = producer(engine)) {
            send(producer, "bad", "still there");
            send(producer, "good", "unharmed");
        }
        engine.restart();
        engine.storage().in("bad-0/").failReads();
        try (KafkaConsumer<String, String> reader = bench.consumer("reader", "fetch.max.wait.ms", 10)) {
            reader.assign(List.of(good, bad));
            List<String> seen = poll(reader, 1);
            assertEquals(List.of("unharmed"), seen);

            engine.storage().heal();

            seen = seen.size() == 1 ? poll(reader, 1) : seen;
            assertEquals(List.of("still there"), seen);
        }
    }

    private static List<String> poll(KafkaConsumer<String, String> reader, int count) {
        List<String> seen = new ArrayList<>();
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (seen.size() < count && System.nanoTime() < deadlineNs) {
            try {
                reader.poll(Duration.ofMillis(100)).forEach(record -> seen.add(record.value()));
            } catch (KafkaException told) {
                // of the other partition
            }
        }
        return seen;
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void losesInAPowerCutWhatWasNotForced(Durability durability) throws Exception {
        try (RunningEngine engine = RunningEngine.start(Mode.IN_PROCESS, durability, 1)) {
            TopicPartition topic = Workbench.at(engine.bootstrap()).topic("cut");
            try (KafkaProducer<String, String> producer = producer(engine)) {
                send(producer, "cut", "one");
                engine.crash();
                engine.restart();
                send(producer, "cut", "two");
            }
            assertEquals(List.of("one", "two"), Workbench.at(engine.bootstrap()).values(topic));

            engine.cutPower();
            engine.restart();

            List<String> left = Workbench.at(engine.bootstrap()).values(topic);
            if (durability == Durability.FORCE) assertEquals(List.of("one", "two"), left);
            else assertTrue(left.size() < 2, left::toString);
        }
    }

    /** Found by the crash points: its directories stayed, and who created it again was never served. */
    @Test
    void keepsATopicWhoseCreationWasAnsweredWithDurabilityOsToo() throws Exception {
        try (RunningEngine engine = RunningEngine.start(Mode.IN_PROCESS, Durability.OS, 1)) {
            TopicPartition topic = Workbench.at(engine.bootstrap()).topic("created");

            engine.cutPower();
            engine.restart();

            try (KafkaProducer<String, String> producer = producer(engine);
                    Admin admin = Workbench.at(engine.bootstrap()).admin()) {
                assertEquals(Set.of("created"), admin.listTopics().names().get());
                send(producer, "created", "served");
            }
            assertEquals(List.of("served"), Workbench.at(engine.bootstrap()).values(topic));
        }
    }

    @Test
    void servesNoBitThatWasNotWritten(RunningEngine engine) throws Exception {
        Workbench bench = Workbench.at(engine.bootstrap());
        List<String> written = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            String name = "rotten-" + number;
            TopicPartition topic = bench.topic(name);
            written.clear();
            try (KafkaProducer<String, String> producer = producer(engine)) {
                for (int value = 0; value < 3; value++) {
                    written.add("value " + value);
                    send(producer, name, written.get(value));
                }
            }
            String flipped = engine.storage().in(name + "-0/").flipBit(number, ".log");

            List<String> served = served(bench, topic);

            assertEquals(written.subList(0, served.size()), served, flipped);
        }
    }

    /** What a reader sees that stops where it is told that something is wrong. */
    private static List<String> served(Workbench bench, TopicPartition topic) {
        List<String> seen = new ArrayList<>();
        try (KafkaConsumer<String, String> reader = bench.consumer("reader", "fetch.max.wait.ms", 10)) {
            reader.assign(List.of(topic));
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
            while (seen.size() < 3 && System.nanoTime() < deadlineNs) {
                reader.poll(Duration.ofMillis(100)).forEach(record -> seen.add(record.value()));
            }
        } catch (KafkaException told) {
            return seen;
        }
        return seen;
    }
}

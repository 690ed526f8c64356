package io.semel.it.kit.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.kit.Workbench;
import io.semel.it.kit.engine.Engine;
import io.semel.it.kit.engine.RunningEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each verb for single requests, against KafkaProducer and our engine. */
@Engine
class FaultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private RunningEngine engine;
    private Faults faults;
    private Workbench bench;
    private TopicPartition topic;
    private int sent;

    @BeforeEach
    void takeATopic(RunningEngine engine, Faults faults, TestInfo test) {
        this.engine = engine;
        this.faults = faults;
        this.bench = Workbench.at(faults.bootstrap());
        this.topic = bench.topic(test.getTestMethod().orElseThrow().getName() + Math.abs(test.hashCode()));
    }

    @AfterAll
    static void nothingIsLeftOpen(RunningEngine engine) {
        engine.assertNoOpenTransactions();
    }

    private void commit(KafkaProducer<String, String> producer) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic.topic(), 0, null, "value " + sent++));
        producer.commitTransaction();
    }

    private void assertExactlyWhatWasSent() {
        List<String> expected = new ArrayList<>();
        for (int value = 0; value < sent; value++) expected.add("value " + value);
        assertEquals(expected, Workbench.at(engine.bootstrap()).values(topic));
    }

    @Test
    void leadsNobodyAroundItself() throws Exception {
        int door = Integer.parseInt(faults.bootstrap().substring(faults.bootstrap().lastIndexOf(':') + 1));
        try (Admin admin = bench.admin(); KafkaProducer<String, String> producer = bench.producer("led")) {
            assertEquals(door, admin.describeCluster().nodes().get().iterator().next().port());
            assertEquals(door, producer.partitionsFor(topic.topic()).get(0).leader().port());
            admin.alterConsumerGroupOffsets("led", Map.of(topic, new OffsetAndMetadata(0))).all().get();
            assertEquals(door, admin.describeConsumerGroups(List.of("led")).describedGroups().get("led").get()
                    .coordinator().port());
        }
    }

    private record Verb(String name, ApiKeys api, Function<Calls, Fault> arm) {
        @Override
        public String toString() {
            return name + " " + api;
        }
    }

    private static Stream<Verb> harmless() {
        List<Verb> verbs = new ArrayList<>();
        for (ApiKeys api : List.of(ApiKeys.PRODUCE, ApiKeys.END_TXN)) {
            Duration late = Duration.ofMillis(20);
            verbs.add(new Verb("delay", api, calls -> calls.beforeRequest().delay(late)));
            verbs.add(new Verb("duplicate", api, calls -> calls.beforeRequest().duplicate()));
            verbs.add(new Verb("disconnect", api, calls -> calls.beforeRequest().disconnect()));
            verbs.add(new Verb("reset", api, calls -> calls.beforeRequest().reset()));
            verbs.add(new Verb("dropReply", api, calls -> calls.afterAppend().dropReply()));
            verbs.add(new Verb("reset after", api, calls -> calls.afterAppend().reset()));
            verbs.add(new Verb("delay after", api, calls -> calls.afterAppend().delay(late)));
            verbs.add(new Verb("duplicate after", api, calls -> calls.afterAppend().duplicate()));
        }
        return verbs.stream();
    }

    @ParameterizedTest
    @MethodSource("harmless")
    void isSurvivedByATransactionalProducer(Verb verb) {
        String id = "survivor of " + verb;
        try (KafkaProducer<String, String> producer = bench.transactional(id)) {
            Fault fault = verb.arm.apply(faults.on(verb.api).forClient(id).onCall(2).times(2));
            for (int round = 0; round < 5; round++) commit(producer);

            assertEquals(2, fault.strikes());
        }
        assertExactlyWhatWasSent();
        List<Strike> struck = faults.schedule().stream().filter(one -> one.clientId().equals(id)).toList();
        assertEquals(List.of(2, 3), struck.stream().map(Strike::call).toList(), struck::toString);
        assertEquals(verb.api, struck.get(0).api());
    }

    @Test
    void makesARequestWait() {
        try (KafkaProducer<String, String> producer = bench.transactional("late")) {
            Calls first = faults.on(ApiKeys.END_TXN).forClient("late").times(1);
            first.beforeRequest().delay(Duration.ofMillis(300));
            long start = System.nanoTime();

            commit(producer);

            long tookMs = (System.nanoTime() - start) / 1_000_000;
            assertTrue(tookMs >= 300, () -> "took " + tookMs + " ms");
        }
        assertExactlyWhatWasSent();
    }

    @Test
    void silencesAConnectionUntilItsClientLosesPatience() {
        try (KafkaProducer<String, String> producer = bench.transactional("silenced",
                "request.timeout.ms", 300, "delivery.timeout.ms", 10_000)) {
            Calls first = faults.on(ApiKeys.END_TXN).forClient("silenced").onCall(1);
            Fault silence = first.afterAppend().silence();

            commit(producer);
            commit(producer);

            assertEquals(1, silence.strikes());
        }
        assertExactlyWhatWasSent();
    }

    @Test
    void answersWithAnErrorThatIsTriedAgain() {
        try (KafkaProducer<String, String> producer = bench.transactional("turned-away")) {
            Calls calls = faults.on(ApiKeys.END_TXN).forClient("turned-away").times(3);
            Fault error = calls.beforeRequest().error(Errors.COORDINATOR_LOAD_IN_PROGRESS);

            commit(producer);

            assertEquals(3, error.strikes());
        }
        assertExactlyWhatWasSent();
    }

    @Test
    void answersWithAnErrorThatIsFinalWithoutAskingTheBroker() {
        try (KafkaProducer<String, String> producer = bench.transactional("refused")) {
            faults.on(ApiKeys.END_TXN).forClient("refused").beforeRequest().error(Errors.INVALID_TXN_STATE);

            KafkaException refused = assertThrows(KafkaException.class, () -> commit(producer));

            boolean told = refused instanceof InvalidTxnStateException
                    || refused.getCause() instanceof InvalidTxnStateException;
            assertTrue(told, refused::toString);
            assertThrows(AssertionError.class, engine::assertNoOpenTransactions);
        }
        faults.heal();
        bench.transactional("refused").close();
        assertEquals(List.of(), bench.values(topic));
    }

    @Test
    void putsAnErrorOfAProduceWhereItsClientLooks() throws Exception {
        try (KafkaProducer<String, String> producer = bench.producer("not-leader")) {
            Calls calls = faults.on(ApiKeys.PRODUCE).forClient("not-leader").times(2);
            Fault error = calls.beforeRequest().error(Errors.NOT_LEADER_OR_FOLLOWER);

            producer.send(new ProducerRecord<>(topic.topic(), 0, null, "value " + sent++)).get();

            assertEquals(2, error.strikes());
        }
        assertExactlyWhatWasSent();
    }

    @Test
    void strikesOnlyTheClientThatIsMeant() {
        try (KafkaProducer<String, String> struck = bench.transactional("struck");
                KafkaProducer<String, String> spared = bench.transactional("spared")) {
            Fault fault = faults.on(ApiKeys.END_TXN).forClient("struck").afterAppend().dropReply();
            commit(spared);
            assertEquals(0, fault.strikes());

            fault.disarm();
            Fault once = faults.on(ApiKeys.END_TXN).forClient("struck").times(1).afterAppend().dropReply();
            commit(struck);

            assertEquals(1, once.strikes());
            once.awaitStrikes(1, PATIENCE);
        }
        assertExactlyWhatWasSent();
    }

    @Test
    void letsRequestsWithoutAReplyPass() throws Exception {
        try (KafkaProducer<String, String> producer = bench.producer("careless", "acks", "0",
                "enable.idempotence", "false")) {
            for (int value = 0; value < 200; value++) {
                producer.send(new ProducerRecord<>(topic.topic(), 0, null, "value " + sent++));
            }
            producer.flush();
            producer.partitionsFor(topic.topic());
        }
        Awaitility.await().untilAsserted(this::assertExactlyWhatWasSent);
    }

    @Test
    void addsItsStoryToAFailure() {
        try (KafkaProducer<String, String> producer = bench.transactional("teller")) {
            faults.on(ApiKeys.END_TXN).forClient("teller").times(1).afterAppend().dropReply();

            AssertionError failure = assertThrows(AssertionError.class, () -> faults.telling(() -> {
                commit(producer);
                throw new AssertionError("of the test");
            }));

            String story = failure.getSuppressed()[0].getMessage();
            assertTrue(story.contains("END_TXN | 1 | teller | after-append | disconnect"), story);
            assertTrue(story.contains("seed"), story);
        }
    }
}

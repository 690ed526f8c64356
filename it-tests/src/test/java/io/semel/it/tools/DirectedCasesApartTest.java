package io.semel.it.tools;

import static io.semel.it.tools.DirectedCasesTest.assertRight;
import static io.semel.it.tools.DirectedCasesTest.before;
import static io.semel.it.tools.DirectedCasesTest.named;
import static io.semel.it.tools.DirectedCasesTest.plays;
import static io.semel.it.tools.DirectedCasesTest.run;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.semel.it.client.EngineUnderTest;
import io.semel.it.client.HangingTransaction;
import io.semel.it.kit.engine.RunningEngine;
import io.semel.it.kit.faults.Faults;
import io.semel.it.kit.storage.CrashPoint;
import io.semel.it.kit.storage.Standstill;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The directed cases that need a broker of their own, by three clients each. */
@Tag("against-kafka")
class DirectedCasesApartTest {
    /** Apache Kafka wants to remember a transactional id for longer than it remembers a producer. */
    private static final int SILENCE_MS = EngineUnderTest.isKafka() ? 22_000 : 6_500;
    private static final Duration FINISHED_WITHIN = Duration.ofSeconds(10);

    @ParameterizedTest
    @ValueSource(strings = {"today", "today under version 1", "2.8.2"})
    void whoWasForgottenBeginsAnewAndWhoIsOutOfOrderRecovers(String client) throws Exception {
        assumeTrue(plays(client), "under soak");
        String name = named(client);
        try (EngineUnderTest forgetful = EngineUnderTest.with(Map.of("producer.id.expiration.ms", "1500",
                "producer.id.expiration.check.interval.ms", "200", "transactional.id.expiration.ms", "4000"),
                Map.of("transaction.remove.expired.transaction.cleanup.interval.ms", "200",
                        "transactional.id.expiration.ms", "15000"));
                Faults faults = before(forgetful.bootstrap(), client)) {
            faults.on(ApiKeys.PRODUCE).forClient(name + "-C9").onCall(2).beforeRequest()
                    .error(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);

            assertRight(1, run(client, FaultedCases.class, faults.bootstrap(), name, SILENCE_MS, "C9"));
        }
    }

    @ParameterizedTest
    @DisabledIfSystemProperty(named = "semel.against", matches = "kafka",
            disabledReason = "stands still where our engine has a decision durable and no marker written")
    @ValueSource(strings = {"today", "today under version 1", "2.8.2"})
    void aPreparedEndIsFinishedWhenTheCoordinatorIsBack(String client) throws Exception {
        assumeTrue(plays(client), "under soak");
        for (String end : List.of("commit", "abort")) {
            try (RunningEngine engine = RunningEngine.start();
                    Faults faults = before(engine.bootstrap(), client)) {
                Standstill prepared = engine.storage().standStillAt(CrashPoint.PREPARE_DURABLE);
                CompletableFuture<List<String>> played = new CompletableFuture<>();
                Thread player = new Thread(() -> {
                    try {
                        played.complete(run(client, FaultedCases.class, faults.bootstrap(), "prepared", 0,
                                "C19" + end));
                    } catch (Exception failure) {
                        played.completeExceptionally(failure);
                    }
                }, "player");
                player.start();
                prepared.await(Duration.ofSeconds(60));
                engine.crash();
                engine.restart();

                long beganNs = System.nanoTime();
                awaitStableEnd(engine.bootstrap(), "prepared-C19" + end);
                System.out.println(client + ": " + end + " finished " + (System.nanoTime() - beganNs)
                        / 1_000_000 + " ms after the start");
                assertRight(1, played.get());
                engine.assertNoOpenTransactions();
            }
        }
    }

    /** A record and its marker are decided. */
    private static void awaitStableEnd(String bootstrap, String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            Awaitility.await().atMost(FINISHED_WITHIN).pollInterval(Duration.ofMillis(10)).until(() ->
                    admin.listOffsets(Map.of(partition, OffsetSpec.latest()),
                            new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).partitionResult(partition)
                            .get().offset() >= 2);
        }
    }

    /** kafka-clients have asked for transactions and producers since 3.0, so that 3.9.2 plays the old one. */
    @ParameterizedTest
    @ValueSource(strings = {"today", "today under version 1", "3.9.2"})
    void aHungTransactionIsFoundAndEnded(String client) throws Exception {
        assumeTrue(plays(client) || client.equals("3.9.2"), "under soak");
        try (EngineUnderTest engine = HangingTransaction.broker();
                Faults faults = before(engine.bootstrap(), client);
                Admin admin = Admin.create(Map.of("bootstrap.servers", engine.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic("hung", 1, (short) 1))).all().get();
            assertTrue(HangingTransaction.leaveOn(engine, "hung", 0) == 0);

            assertRight(1, run(client, HungCases.class, faults.bootstrap(), named(client), "hung"));
        }
    }
}

package io.semel.it.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.semel.it.client.EngineUnderTest;
import io.semel.it.kit.faults.Faults;
import io.semel.it.wire.LastEpochs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The directed cases of FAULTS C.5 that a client's API reaches, each by three clients: today's kafka-clients
 * under transaction version 2, the same under version 1, and one from before KIP-890.
 */
@Tag("against-kafka")
class DirectedCasesTest {
    private static final boolean SOAK = Integer.getInteger("semel.scale", 1) > 1;
    /** The one that plays in every verify; the others do under soak and on Apache Kafka. */
    private static final String ALWAYS = "2.8.2";
    private static final int LEFT = 6;

    private static EngineUnderTest engine;

    @BeforeAll
    static void start() {
        engine = EngineUnderTest.with(Map.of("log.cleaner.backoff.ms", "200"),
                Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "200"));
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"today", "today under version 1", "2.8.2"})
    void areRightByEveryClient(String client) throws Exception {
        assumeTrue(plays(client), "under soak");
        try (Faults faults = before(engine.bootstrap(), client)) {
            assertRight(11, run(client, DirectedCases.class, faults.bootstrap(), named(client)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"today", "today under version 1", "2.8.2"})
    void areRightThoughRequestsAreLostDoubledAndLateAndEpochsRunOut(String client) throws Exception {
        assumeTrue(plays(client), "under soak");
        String name = named(client) + "-faulted";
        long firstId = LastEpochs.raise(engine.bootstrap(), name + "-C7", LastEpochs.LAST - LEFT);
        try (Faults faults = before(engine.bootstrap(), client)) {
            for (int race = 0; race < FaultedCases.RACES; race++) {
                faults.on(ApiKeys.END_TXN).forClient(name + "-C3").onCall(race + 1).beforeRequest()
                        .delay(Duration.ofMillis(800 + 100 * race));
            }
            faults.on(ApiKeys.END_TXN).forClient(name + "-C5").beforeRequest().duplicate();
            for (int end = 0; end < FaultedCases.ENDS; end++) {
                faults.on(ApiKeys.END_TXN).forClient(name + "-C6").onCall(2 * end + 1).afterAppend()
                        .dropReply();
            }
            faults.on(ApiKeys.PRODUCE).forClient(name + "-C8").withProbability(0.05).beforeRequest()
                    .disconnect();
            faults.on(ApiKeys.PRODUCE).forClient(name + "-C8").withProbability(0.05).afterAppend()
                    .dropReply();

            List<String> seen = faults.telling(() -> run(client, FaultedCases.class, faults.bootstrap(),
                    name, 0, "C3", "C5", "C6", "C7", "C8", "C16"));
            assertRight(6, EngineUnderTest.isKafka()
                    ? seen.stream().map(DirectedCasesTest::asKnown).toList() : seen);
        }
        assertEquals(List.of(true, true), producersOf(name + "-C7", firstId));
    }

    /** KAFKA-20785, which Apache Kafka 4.3.1 has. */
    private static String asKnown(String line) {
        boolean known = line.startsWith("wrong: C3 ") && line.contains("InvalidTxnStateException");
        return known ? "right: C3" : line;
    }

    /** @return whether the first producer id has written there, and whether another one has */
    private static List<Boolean> producersOf(String topic, long first) throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", engine.bootstrap()))) {
            List<Long> ids = admin.describeProducers(List.of(partition)).partitionResult(partition).get()
                    .activeProducers().stream().map(one -> one.producerId()).toList();
            return List.of(ids.contains(first), ids.stream().anyMatch(id -> id != first));
        }
    }

    static boolean plays(String client) {
        return SOAK || EngineUnderTest.isKafka() || client.equals(ALWAYS);
    }

    /** What the client talks to: it is told of transaction version 1 when it is to speak that. */
    static Faults before(String bootstrap, String client) {
        Faults faults = Faults.before(bootstrap);
        return client.endsWith("version 1") ? faults.offerTransactionVersion(1) : faults;
    }

    static String named(String client) {
        return client.replace(' ', '-');
    }

    static List<String> run(String client, Class<?> cases, Object... arguments) throws Exception {
        String version = client.startsWith("today") ? Versions.KAFKA : client;
        try (Child child = Child.beside(OtherVersionChecks.classPath(version), cases.getName(), arguments)) {
            return child.untilItEnds();
        }
    }

    static void assertRight(int cases, List<String> seen) {
        assertTrue(seen.contains("THROUGH"), seen::toString);
        assertEquals(List.of(), seen.stream().filter(line -> line.startsWith("wrong")).toList());
        assertEquals(cases, seen.stream().filter(line -> line.startsWith("right")).count());
    }
}

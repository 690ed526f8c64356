package io.semel.it.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.semel.it.client.EngineUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One suite for kafka-clients of every version, each in a JVM of its own (FAULTS C.4 10). */
@Tag("against-kafka")
class ThirtyCasesTest {
    private static final boolean SOAK = Integer.getInteger("semel.scale", 1) > 1;
    /** The one that plays in every verify; the others do under soak and on Apache Kafka. */
    private static final String ALWAYS = "3.9.2";

    private static EngineUnderTest engine;

    @BeforeAll
    static void start() {
        engine = EngineUnderTest.with(Map.of(),
                Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "200"));
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.8.2", "3.9.2", "4.0.0", "today"})
    void arePassedByEveryVersion(String client) throws Exception {
        assumeTrue(SOAK || EngineUnderTest.isKafka() || client.equals(ALWAYS), "under soak");
        String version = client.equals("today") ? Versions.KAFKA : client;
        try (Child child = Child.beside(OtherVersionChecks.classPath(version), ThirtyCases.class.getName(),
                engine.bootstrap(), "thirty-" + client, version)) {
            List<String> seen = child.untilItEnds();

            assertTrue(seen.contains("THROUGH"), seen::toString);
            List<String> wrong = new ArrayList<>(seen);
            wrong.removeIf(line -> !line.startsWith("wrong") || isKnown(line, version));
            assertEquals(List.of(), wrong);
            assertEquals(30, seen.stream().filter(line -> line.startsWith("right") || isKnown(line, version))
                    .count());
        }
    }

    /** Apache Kafka answers INVALID_TXN_STATE where it fences, under version 2 (KAFKA-20785). */
    private static boolean isKnown(String line, String version) {
        return EngineUnderTest.isKafka() && version.startsWith("4.") && line.startsWith("wrong: 16-time-out ")
                && line.contains("InvalidTxnStateException");
    }
}

package io.semel.it.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.semel.it.client.EngineUnderTest;
import io.semel.it.kit.faults.Faults;
import java.util.List;
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

    private static EngineUnderTest engine;

    @BeforeAll
    static void start() {
        engine = EngineUnderTest.inProcess();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"today", "today under version 1", "2.8.2"})
    void areRightByEveryClient(String client) throws Exception {
        assumeTrue(SOAK || EngineUnderTest.isKafka() || client.equals(ALWAYS), "under soak");
        try (Faults faults = Faults.before(engine.bootstrap()).offerTransactionVersion(1)) {
            String version = client.startsWith("today") ? Versions.KAFKA : client;
            String bootstrap = client.endsWith("version 1") ? faults.bootstrap() : engine.bootstrap();
            try (Child child = Child.beside(OtherVersionChecks.classPath(version),
                    DirectedCases.class.getName(), bootstrap, client.replace(' ', '-'))) {
                List<String> seen = child.untilItEnds();

                assertTrue(seen.contains("THROUGH"), seen::toString);
                assertEquals(List.of(), seen.stream().filter(line -> line.startsWith("wrong")).toList());
                assertEquals(11, seen.stream().filter(line -> line.startsWith("right")).count());
            }
        }
    }
}

package io.semel.examples.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.Engine;
import io.semel.broker.config.EngineConfig;
import io.semel.streams.dsl.Topologies;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each example gives the results its page promises, all on one broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExamplesTest {
    @TempDir
    static Path directory;
    private final Map<String, Example> examples = ExampleMain.examples(Path.of("data"));
    private Engine engine;

    @BeforeAll
    void start() {
        engine = Engine.start(EngineConfig.in(directory, "127.0.0.1", 0));
    }

    @AfterAll
    void stop() {
        engine.close();
    }

    static Stream<Arguments> results() {
        return Stream.of(
            Arguments.of("word-count", List.of("all = 1", "streams = 1", "lead = 1", "to = 1", "semel = 1",
                "hello = 1", "semel = 2", "streams = 2", "join = 1", "semel = 3", "summit = 1")),
            Arguments.of("payments", List.of("ann = 100.00", "bob = 20.00", "ann = 87.50")),
            Arguments.of("visits", List.of("ann@1772438400000..1772438940000 = 3",
                "bob@1772439000000..1772439000000 = 1", "ann@1772442600000..1772442600000 = 1")),
            Arguments.of("deliveries", List.of("17 = pizza: delivered by carl",
                "18 = soup: not delivered in an hour", "19 = cake: delivered by dora")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("results")
    void givesItsResults(String name, List<String> results) throws InterruptedException {
        List<String> shown = new ArrayList<>();

        Trial.run(examples.get(name), engine.bootstrap(), shown::add);

        assertEquals(results, shown);
    }

    @Test
    void flightsGivesAStatisticForEachFlight() throws InterruptedException {
        List<String> shown = new ArrayList<>();

        Trial.run(examples.get("flights"), engine.bootstrap(), shown::add);

        assertEquals(300, shown.size());
    }

    @Test
    void theStateOfThePaymentsFitsItsLock() {
        Topologies.assertCompatible(new Payments().topology(), Path.of("payments.topology.lock"));
    }

    @Test
    void theCommandRunsOneOnABrokerOfItsOwnAndListsThem() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();

        assertEquals(0, ExampleMain.run(new PrintWriter(out, true), new PrintWriter(err, true), "visits"),
            err::toString);
        assertEquals(3, out.toString().lines().count(), out::toString);
        assertEquals(0, ExampleMain.run(new PrintWriter(out, true), new PrintWriter(err, true)));
        examples.keySet().forEach(name -> assertTrue(out.toString().contains("  " + name + " "), name));
        assertEquals(0, ExampleMain.run(new PrintWriter(out, true), new PrintWriter(err, true), "deliveries",
            "--picture"));
        assertTrue(out.toString().contains("flowchart LR"), out::toString);
        assertEquals(2, ExampleMain.run(new PrintWriter(out, true), new PrintWriter(err, true), "nothing"));
        assertTrue(err.toString().contains("there is no example 'nothing'; there are word-count"),
                err::toString);
    }
}

package io.semel.it.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.semel.it.client.EngineUnderTest;
import io.semel.rival.RivalKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kafka's own tools against the engine; what passes is docs/compatibility.md (checklist rows A1, A2, G5).
 * With
 * {@code -Psoak} the long ones too, and everything against Apache Kafka as well, so that they check what
 * Kafka
 * does. {@code -Dsemel.tools=word} runs those whose row holds the word, {@code -Dsemel.tools.at=kafka} those
 * against Apache Kafka.
 */
class CompatibilityTest {
    private static final boolean SOAK = Integer.getInteger("semel.scale", 1) > 1;
    private static final String WORD = System.getProperty("semel.tools", "");
    private static final String AT = System.getProperty("semel.tools.at", "semel");

    private static final String KAFKA = "Apache Kafka";
    private static final boolean WRITE = Boolean.getBoolean("semel.write");

    private static final CompatibilityPage PAGE = new CompatibilityPage(
            Path.of(System.getProperty("semel.root", "..")));
    private static final List<AutoCloseable> BROKERS = new ArrayList<>();
    @TempDir
    static Path directory;

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable broker : BROKERS) broker.close();
        BROKERS.clear();
    }

    static List<Check> checks() {
        return Stream.of(TopicChecks.all(), RecordChecks.all(), GroupChecks.all(), StreamsGroupChecks.all(),
                ClusterChecks.all(),
                ApplicationChecks.all(), OtherVersionChecks.all())
                .flatMap(List::stream).toList();
    }

    @TestFactory
    Stream<DynamicNode> tools() {
        List<DynamicNode> brokers = new ArrayList<>();
        if (SOAK || AT.equals("semel")) brokers.add(against("Semel", semel()));
        if (SOAK || AT.equals("kafka")) brokers.add(against(KAFKA, kafka()));
        brokers.add(dynamicTest("docs/compatibility.md says so", CompatibilityTest::page));
        return brokers.stream();
    }

    private static void page() throws IOException {
        if (WRITE) PAGE.write(checks());
        assertEquals(String.join("\n", PAGE.rowsOf(checks())), String.join("\n", PAGE.rows()),
                "run it with -Dsemel.write=true");
    }

    private static String semel() {
        EngineUnderTest engine = EngineUnderTest.inProcess();
        BROKERS.add(engine);
        return engine.bootstrap();
    }

    private static String kafka() {
        RivalKafka rival = RivalKafka.start(directory.resolve("kafka"), Map.of());
        BROKERS.add(rival);
        return rival.bootstrap();
    }

    private static DynamicNode against(String broker, String bootstrap) {
        List<DynamicNode> tests = new ArrayList<>();
        int number = 0;
        for (Check check : checks()) {
            String name = "c" + number++;
            if (check.soak() && !SOAK || !check.row().contains(WORD)) continue;
            Scene scene = new Scene(bootstrap, directory.resolve(broker), name);
            tests.add(dynamicTest(check.row(), () -> {
                check.body().run(scene);
                PAGE.passed(broker.equals(KAFKA), check);
            }));
        }
        return dynamicContainer(broker, tests);
    }
}

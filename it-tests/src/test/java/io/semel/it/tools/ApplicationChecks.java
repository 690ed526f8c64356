package io.semel.it.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.Awaitility;

/** Kafka Connect and the programs of Kafka Streams' own system tests, each in processes of its own. */
final class ApplicationChecks {
    private static final String SMOKE = "org.apache.kafka.streams.tests.StreamsSmokeTest";
    private static final List<String> SMOKE_TOPICS = List.of("data", "echo", "max", "min", "min-suppressed",
            "min-raw", "dif", "sum", "sws-raw", "sws-suppressed", "cnt", "avg", "tagg", "fk");

    private ApplicationChecks() {
    }

    static List<Check> all() {
        return List.of(
                Check.soak("Kafka Connect standalone", "file source and file sink, restarted where it was",
                        ApplicationChecks::connect),
                Check.soak("Kafka Streams StreamsSmokeTest",
                        "exactly_once_v2, the application killed with kill -9",
                        ApplicationChecks::smoke),
                Check.soak("Kafka Streams StreamsSmokeTest",
                        "group.protocol=streams and exactly_once_v2, the application killed with kill -9",
                        ApplicationChecks::smokeOfStreamsGroups));
    }

    private static void connect(Scene scene) throws Exception {
        String topic = scene.topic(1);
        Path in = scene.file("in.txt", "one\ntwo\n");
        Path out = scene.path("out.txt");
        Path worker = scene.file("worker.properties", """
                bootstrap.servers=%s
                key.converter=org.apache.kafka.connect.storage.StringConverter
                value.converter=org.apache.kafka.connect.storage.StringConverter
                offset.storage.file.filename=%s
                offset.flush.interval.ms=500
                plugin.discovery=service_load
                listeners=http://127.0.0.1:0
                """.formatted(scene.bootstrap(), scene.path("offsets")));
        Path source = scene.file("source.properties", """
                name=source
                connector.class=org.apache.kafka.connect.file.FileStreamSourceConnector
                file=%s
                topic=%s
                """.formatted(in, topic));
        Path sink = scene.file("sink.properties", """
                name=sink
                connector.class=org.apache.kafka.connect.file.FileStreamSinkConnector
                file=%s
                topics=%s
                """.formatted(out, topic));
        List<String> expected = new ArrayList<>(List.of("one", "two"));
        for (String more : List.of("three", "four")) {
            try (Child connect = Child.of("org.apache.kafka.connect.cli.ConnectStandalone", worker, source,
                    sink)) {
                Files.writeString(in, more + "\n", StandardOpenOption.APPEND);
                expected.add(more);
                connect.drain();
                Awaitility.await().atMost(java.time.Duration.ofSeconds(90)).until(() -> Files.exists(out)
                        && Files.readAllLines(out).size() >= expected.size());
                assertEquals(expected, Files.readAllLines(out), connect.seen()::toString);
                connect.stop();
            }
        }
        assertEquals(expected, scene.values(topic));
    }

    private static void smoke(Scene scene) throws Exception {
        smoke(scene, "session.timeout.ms=10000");
    }

    private static void smokeOfStreamsGroups(Scene scene) throws Exception {
        smoke(scene, "group.protocol=streams");
    }

    private static void smoke(Scene scene, String setting) throws Exception {
        try (Admin admin = scene.admin()) {
            Set<String> left = new TreeSet<>(admin.listTopics().names().get());
            left.removeIf(name -> !SMOKE_TOPICS.contains(name) && !name.startsWith("SmokeTest"));
            admin.deleteTopics(left).all().get();
            admin.createTopics(SMOKE_TOPICS.stream().map(name -> new NewTopic(name, Optional.of(5),
                    Optional.empty())).toList()).all().get();
        }
        Path settings = scene.file("smoke.properties", """
                bootstrap.servers=%s
                processing.guarantee=exactly_once_v2
                state.dir=%s
                %s
                """.formatted(scene.bootstrap(), scene.path("state"), setting));
        try (Child driver = Child.of(SMOKE, settings, "run")) {
            try (Child first = Child.of(SMOKE, settings, "process")) {
                assertTrue(first.waitFor(line -> line.contains("processed")), first.seen()::toString);
            }
            try (Child second = Child.of(SMOKE, settings, "process")) {
                second.drain();
                assertTrue(driver.waitFor(line -> line.contains("SUCCESS") || line.contains("FAILURE"), 300),
                        driver.seen()::toString);
            }
            String verdict = driver.seen().get(driver.seen().size() - 1);
            assertTrue(verdict.contains("SUCCESS"), verdict);
        }
    }
}

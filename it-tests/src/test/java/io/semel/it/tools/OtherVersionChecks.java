package io.semel.it.tools;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Older kafka-clients, each in a JVM of its own with the program {@link RoundTrip}. The build puts their
 * jars
 * into {@code target/other-clients}. The pinned version runs the same program.
 */
final class OtherVersionChecks {
    private static final String BETWEEN = "every codec, idempotence, groups, transactions with offsets, "
            + "aborts, fencing, admin";

    private OtherVersionChecks() {
    }

    static List<Check> all() {
        List<Check> checks = new ArrayList<>();
        for (String version : List.of("2.8.2", "3.3.2", "3.9.2", "4.0.0", Versions.KAFKA)) {
            checks.add(check(version, "classic"));
            if (version.startsWith("4.")) checks.add(check(version, "consumer"));
        }
        return checks;
    }

    /** The oldest in every verify, the others under soak. */
    private static Check check(String version, String protocol) {
        String feature = BETWEEN + (protocol.equals("classic") ? "" : "; the consumer protocol (KIP-848)");
        return new Check("kafka-clients (Java)", version, feature, !version.startsWith("2."),
                scene -> roundTrip(scene, version, protocol));
    }

    private static void roundTrip(Scene scene, String version, String protocol) throws Exception {
        try (Child child = Child.beside(classPath(version), RoundTrip.class.getName(), scene.bootstrap(),
                scene.fresh("versions"), protocol, version)) {
            List<String> seen = child.untilItEnds();
            assertTrue(seen.contains("RIGHT"), seen::toString);
        }
    }

    /** Ours with that version of kafka-clients in place of the pinned one, and nothing else of Kafka's. */
    static String classPath(String version) {
        List<String> entries = new ArrayList<>();
        entries.add(jar(version).toString());
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith("test-classes")
                        || entry.matches(".*(lz4-java|zstd-jni|snappy-java|slf4j-)[^/]*\\.jar"))
                .forEach(entries::add);
        return String.join(File.pathSeparator, entries);
    }

    private static Path jar(String version) {
        if (version.equals(Versions.KAFKA)) {
            return Path.of(RoundTrip.class.getClassLoader()
                    .getResource("kafka/kafka-version.properties").getPath().replaceFirst("^file:", "")
                    .replaceFirst("!.*$", ""));
        }
        Path jar = Path.of(System.getProperty("semel.other.clients"), "kafka-clients-" + version + ".jar");
        assertTrue(Files.exists(jar), () -> jar + " is missing: run it with Maven");
        return jar;
    }
}

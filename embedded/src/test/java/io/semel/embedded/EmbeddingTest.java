package io.semel.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The jar beside kafka-clients 3.9 and the pinned version, without flags, on this JDK and on every newer one
 * installed beside it.
 */
class EmbeddingTest {
    static Stream<Arguments> everyJdkAndClient() throws IOException {
        List<Arguments> all = new ArrayList<>();
        for (Path jdk : jdks()) for (String client : List.of("older",
                "pinned")) all.add(Arguments.of(jdk.getFileName().toString(), client, jdk));
        return all.stream();
    }

    /** The running JDK, and those with another version in the same directory. */
    private static List<Path> jdks() throws IOException {
        Path own = Path.of(System.getProperty("java.home")).toRealPath();
        List<Path> found = new ArrayList<>(List.of(own));
        String ownVersion = versionOf(own);
        try (Stream<Path> siblings = Files.list(own.getParent())) {
            for (Path sibling : siblings.sorted().toList()) {
                if (Files.isSymbolicLink(sibling)
                        || !Files.isExecutable(sibling.resolve("bin/java"))) continue;
                if (!versionOf(sibling).equals(ownVersion)) found.add(sibling);
            }
        }
        if (found.size() == 1) System.out.println("only " + own.getFileName()
                + " is installed: other JDKs are not tried");
        return found;
    }

    private static String versionOf(Path jdk) throws IOException {
        Path release = jdk.resolve("release");
        if (!Files.exists(release)) return "";
        return Files.readAllLines(release).stream().filter(line -> line.startsWith("JAVA_VERSION="))
                .findFirst().orElse("");
    }

    @ParameterizedTest(name = "{0}, kafka-clients {1}")
    @MethodSource("everyJdkAndClient")
    void runsBesideAnotherKafkaClientsWithoutFlags(String name, String client, Path jdk, @TempDir Path data)
            throws Exception {
        List<String> classPath = new ArrayList<>(List.of(System.getProperty("semel.embedded.jar"),
                System.getProperty("semel.embedded.probe")));
        classPath.addAll(jarsIn("common"));
        classPath.addAll(jarsIn(client));

        Process process = new ProcessBuilder(jdk.resolve("bin/java").toString(), "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp",
                        String.join(System.getProperty("path.separator"), classPath),
                "io.semel.embedded.EmbeddingProbe", data.toString()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, process.waitFor(), output);
        String version = client.equals("older") ? "3.9" : "4.3";
        assertTrue(output.contains("read [value 0][value 2] with kafka-clients " + version), output);
    }

    private static List<String> jarsIn(String directory) throws IOException {
        try (Stream<Path> jars = Files.list(Path.of(System.getProperty("semel.embedded.beside"),
                directory))) {
            return jars.map(Path::toString).sorted().toList();
        }
    }
}

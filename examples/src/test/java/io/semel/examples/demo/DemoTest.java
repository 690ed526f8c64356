package io.semel.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {

    private static final Path DATA = Path.of("data");
    private static final int ROUNDS = Integer.getInteger("semel.scale", 1);

    @TempDir Path dir;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Workspace workspace;

    @BeforeEach void createWorkspace() throws IOException {
        workspace = new Workspace(Files.createDirectory(dir.resolve("workspace")));
    }

    @Test void countsExactlyOnceThroughTheKills() throws IOException {
        int exit = demo("--input", firstFlights(4000).toString(), "--rounds", Integer.toString(ROUNDS));

        assertExact(exit, "4,000 in · 4,000 counted · 0 lost · 0 duplicated · "
            + "broker killed 2x, application killed 1x", ROUNDS);
    }

    @Test @EnabledIfSystemProperty(named = "semel.scale", matches = "[2-9]|[0-9]{2,}")
    void countsExactlyOnceOnAnUnmodifiedApacheKafka() throws IOException {
        int exit = demo("--rival", "--input", firstFlights(2000).toString());

        assertExact(exit, "2,000 in · 2,000 counted · 0 lost · 0 duplicated · "
            + "broker killed 2x, application killed 1x", 1);
    }

    private void assertExact(int exit, String lastOfRound, int rounds) {
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertEquals(0, exit, text);
        assertEquals(rounds, text.lines().filter(lastOfRound::equals).count(), text);
        assertEquals(2 * rounds, text.lines().filter(line -> line.startsWith("kill -9 broker")).count(),
                text);
        assertEquals(rounds, text.lines().filter(line -> line.startsWith("kill -9 application")).count(),
                text);
        assertFalse(Files.exists(workspace.dir()));
    }

    @Test void refusesBadInputBeforeItStartsAnything() throws IOException {
        Path file = Files.writeString(dir.resolve("f.csv"), "date,delay,distance,origin,destination\n");

        int exit = demo("--input", file.toString());

        assertEquals(2, exit);
        assertEquals("", bytes.toString(StandardCharsets.UTF_8));
        assertFalse(Files.exists(workspace.dir()));
    }

    @Test void failsAndKeepsTheLogWhenTheBrokerDoesNotStart() throws IOException {
        Path brokerIsAFile = workspace.ofSeed(1).resolve("broker");
        Files.writeString(brokerIsAFile, "in the way");

        int exit = demo("--input", firstFlights(10).toString());

        String text = bytes.toString(StandardCharsets.UTF_8);
        assertEquals(1, exit, text);
        assertTrue(text.contains("FAILED with seed 1: the broker (process "), text);
        assertTrue(Files.exists(workspace.dir().resolve("seed-1").resolve("broker.log")));
    }

    private int demo(String... args) {
        Screen screen = new Screen(new PrintStream(bytes, true, StandardCharsets.UTF_8), false);
        String[] all = new String[args.length + 2];
        System.arraycopy(args, 0, all, 2, args.length);
        all[0] = "--airports";
        all[1] = DATA.resolve("airports.csv").toString();
        return Demo.run(screen, workspace, all);
    }

    private Path firstFlights(int count) throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(DATA.resolve("flights-20k.csv.gz")))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Files.write(dir.resolve("flights.csv"), text.lines().limit(1 + count).toList());
        }
    }
}

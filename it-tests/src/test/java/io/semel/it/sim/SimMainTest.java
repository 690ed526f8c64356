package io.semel.it.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code ./semel sim} does and tells. */
class SimMainTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();

    private int sim(String... arguments) {
        out.getBuffer().setLength(0);
        CommandLine command = SimMain.command().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        String[] all = Stream.concat(Stream.of(arguments),
                Stream.of("--keep", directory.resolve("kept").toString())).toArray(String[]::new);
        return command.execute(all);
    }

    private String line(String name) {
        return out.toString().lines().filter(one -> one.startsWith(name)).findFirst().orElseThrow(
                () -> new AssertionError(out.toString()));
    }

    @Test
    void playsSoManySeedsAndTellsWhatHappened() {
        assertEquals(0, sim("--seed", "26", "--seeds", "25"), out::toString);

        assertTrue(line("seeds").startsWith("seeds      26 to 50: 25 in "), out::toString);
        assertTrue(line("stories").startsWith("stories    25 of brokers ("), out::toString);
        assertTrue(line("stories").endsWith(", 1 of topologies"), out::toString);
        assertTrue(line("crashes").matches("crashes +[1-9].*: kill -9 [1-9].*, power cut [1-9].*"),
                out::toString);
        assertTrue(line("faults").contains("cut") && line("faults").contains("pause"), out::toString);
        assertEquals("failures   none", line("failures"));
        assertFalse(Files.exists(directory.resolve("kept")), "a directory without a failure");
    }

    @Test
    void playsTheSameFromTheSameSeedOnAnyNumberOfThreads() {
        sim("--seed", "7", "--seeds", "10", "--threads", "1");
        String schedule = line("schedule");
        String crashes = line("crashes");
        sim("--seed", "7", "--seeds", "10", "--threads", "3");
        assertEquals(schedule, line("schedule"));
        assertEquals(crashes, line("crashes"));

        sim("--seed", "8", "--seeds", "10");
        assertFalse(schedule.equals(line("schedule")), schedule);
    }

    @Test
    void crashesBrokersAgainAndAgainAtStepsThatItNames() {
        assertEquals(0, sim("--seed", "1", "--seeds", "4", "--only", "broker", "--crashes", "dense"),
                out::toString);

        String struck = out.toString().lines().filter(one -> one.contains(" of them ")).findFirst()
                .orElseThrow(() -> new AssertionError(out.toString()));
        assertTrue(struck.contains("at prepare ") && struck.contains("in recovery "), struck);
        long crashes = Long.parseLong(line("crashes").replaceAll("crashes +([0-9,]+):.*", "$1")
                .replace(",", ""));
        assertTrue(crashes > 4 * 30, out::toString);
        String dense = line("schedule");
        sim("--seed", "1", "--seeds", "4", "--only", "broker");
        assertFalse(dense.equals(line("schedule")), "the same stories without them");
    }

    @Test
    void endsWhenItsTimeIsUp() {
        long beganNanos = System.nanoTime();

        assertEquals(0, sim("--minutes", "0.03", "--seed", "1"), out::toString);

        assertTrue(System.nanoTime() - beganNanos < 60_000_000_000L, out::toString);
        assertTrue(line("seeds").matches("seeds +1 to [1-9]\\d*: [1-9].*"), out::toString);
    }

    @Test
    void keepsTheStoryOfASeedThatFailsAndPlaysItAgain() throws IOException {
        assertEquals(1, sim("--seed", "1", "--seeds", "12", "--only", "broker", "--saboteur", "NO_FENCING"),
                out::toString);

        List<Path> kept;
        try (Stream<Path> files = Files.list(directory.resolve("kept"))) {
            kept = files.sorted().toList();
        }
        assertEquals("FAILED     " + kept.size(), line("FAILED"));
        String seed = kept.get(0).getFileName().toString().replaceAll("\\D", "");
        String story = Files.readString(kept.get(0));
        assertTrue(story.startsWith("./semel sim --seed " + seed + " --seeds 1 --only broker --saboteur"
                + " NO_FENCING\n"), story);
        assertTrue(story.contains("seed " + seed + ": ") && story.contains(" lane 0 "), story);
        Files.delete(kept.get(0));
        assertEquals(1, sim("--seed", seed, "--seeds", "1", "--only", "broker", "--saboteur", "NO_FENCING"));
        assertEquals(story, Files.readString(kept.get(0)));
        assertEquals(0, sim("--seed", seed, "--seeds", "1", "--only", "broker"), out::toString);
    }

    @Test
    void saysWhatIsWrongWithItsArguments() throws IOException {
        assertEquals(2, sim("--minutes", "0"));
        assertEquals(2, sim("--minutes", "much"));
        assertEquals(2, sim("--seeds", "0"));
        assertEquals(2, sim("--threads", "0"));
        assertEquals(2, sim("--only", "hope"));
        assertEquals(2, sim("--crashes", "none"));
        assertEquals(2, sim("--saboteur", "NOBODY"));
        Files.writeString(directory.resolve("kept"), "a file");
        assertEquals(2, sim("--seeds", "1"));
        assertTrue(out.toString().contains("is no directory"), out::toString);
    }

    @Test
    void helps() {
        assertEquals(0, sim("--help"));
        for (String option : List.of("--minutes", "--seed", "--seeds", "--keep", "--threads", "--saboteur")) {
            assertTrue(out.toString().contains(option), out::toString);
        }
    }
}

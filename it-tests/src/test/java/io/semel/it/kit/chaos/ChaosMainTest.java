package io.semel.it.kit.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.kit.check.Anomaly;
import io.semel.it.kit.check.Checker;
import io.semel.it.kit.engine.Engine;
import io.semel.it.kit.engine.RunningEngine;
import io.semel.it.kit.faults.Faults;
import io.semel.it.kit.history.History;
import io.semel.it.kit.history.Kind;
import io.semel.it.kit.history.Operation;
import io.semel.it.kit.history.Outcome;
import io.semel.it.kit.history.Place;
import io.semel.it.kit.history.Recorder;
import io.semel.kernel.world.Saboteur;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./semel chaos} does and tells. */
class ChaosMainTest {
    private static final Told TOLD = new Told(7, 1.5, "a broker <of> mine", "./semel chaos --seed 7");

    @TempDir
    private Path directory;

    @Test
    void drawsTheSameScheduleFromTheSameSeed() {
        Mix mix = Mix.everything(true);

        assertEquals(Schedule.draw(7, 60_000, mix), Schedule.draw(7, 60_000, mix));
        assertNotEquals(Schedule.draw(7, 60_000, mix), Schedule.draw(8, 60_000, mix));
    }

    @Test
    void neverKillsABrokerThatIsNotItsOwn() {
        for (long seed = 0; seed < 200; seed++) {
            Schedule schedule = Schedule.draw(seed, 60_000, Mix.everything(false));

            assertFalse(schedule.blows().isEmpty());
            for (Blow blow : schedule.blows()) {
                assertFalse(blow.kind().needsProcess, blow::toString);
            }
        }
    }

    @Test
    void killsItsOwnBrokerAndFindsNothing() throws Exception {
        Path page = directory.resolve("report.html");

        int exit = ChaosMain.run("--minutes", "0.2", "--seed", "3", "--report", page.toString());

        String text = Files.readString(Path.of(page + ".txt"));
        assertEquals(0, exit, text);
        assertTrue(text.contains("no anomaly") && text.contains("commits answered"), text);
        assertTrue(text.contains("deaths; serving again after"), text);
        assertTrue(Files.readString(page).contains("--seed 3"), text);
    }

    @Test
    void killsAsOftenAsTheBrokerComesBack() throws Exception {
        Path page = directory.resolve("report.html");

        int exit = ChaosMain.run("--minutes", "0.3", "--seed", "4", "--only", "kill", "--apart", "300",
                "--report", page.toString());

        String text = Files.readString(Path.of(page + ".txt"));
        assertEquals(0, exit, text);
        Matcher kills = Pattern.compile("(\\d+) deaths").matcher(text);
        assertTrue(kills.find() && Integer.parseInt(kills.group(1)) > 2, text);
        assertTrue(text.contains("requests       none"), text);
    }

    /** The rival's verdict is its own: what is asked here is that it is killed, and told beside ours. */
    @Test
    void killsApacheKafkaAlikeAndTellsBothSideBySide() throws Exception {
        Assumptions.assumeTrue(Integer.getInteger("semel.scale", 1) > 1, "Apache Kafka takes its time to come"
                + " back: under soak only");
        Path page = directory.resolve("report.html");

        int exit = ChaosMain.run("--minutes", "0.2", "--seed", "3", "--rival", "kafka", "--report",
                page.toString());

        String text = Files.readString(Path.of(page + ".txt"));
        assertEquals(0, exit, text);
        String[] kills = text.lines().filter(line -> line.strip().startsWith("kill")).findFirst()
                .orElseThrow().strip().split(" +");
        assertTrue(Integer.parseInt(kills[1]) > 0 && Integer.parseInt(kills[2]) > 0, text);
        assertTrue(Files.readString(directory.resolve("report-kafka.html")).contains("Apache Kafka"));
    }

    @Test
    @Engine
    void runsAgainstABrokerThatRunsAlready(RunningEngine engine) throws Exception {
        Path page = directory.resolve("report.html");

        int exit = ChaosMain.run("--minutes", "0.1", "--seed", "3", "--bootstrap", engine.bootstrap(),
                "--report", page.toString());

        String text = Files.readString(Path.of(page + ".txt"));
        assertEquals(0, exit, text);
        assertTrue(text.contains("restarts       none"), text);
    }

    @Test
    void saysWhatIsWrongWithItsArguments() {
        assertEquals(2, ChaosMain.run("--minutes", "0"));
        assertEquals(2, ChaosMain.run("--minutes", "much"));
        assertEquals(2, ChaosMain.run("--durability", "perhaps"));
        assertEquals(2, ChaosMain.run("--report", directory.resolve("nowhere/page.html").toString()));
        assertEquals(2, ChaosMain.run("--bootstrap", "127.0.0.1:1"));
        assertEquals(2, ChaosMain.run("--bootstrap", "nonsense"));
        assertEquals(2, ChaosMain.run("--rival", "redpanda"));
        assertEquals(2, ChaosMain.run("--only", "hope"));
        assertEquals(2, ChaosMain.run("--only", "kill", "--apart", "0"));
    }

    @Test
    void keepsWhatARoundSawThatWasNotClean() throws Exception {
        Path kept = directory.resolve("kept");
        Tally tally = new Tally();
        Mix mix = Mix.only(List.of(Blow.Kind.CUT), 2_000);
        Progress progress = new Progress(System.out, false, 4_000);
        try (RunningEngine wrong = RunningEngine.sabotaged(Saboteur.ABORTED_RANGE_FORGOTTEN);
                Faults faults = Faults.before(wrong.bootstrap(), 7)) {
            for (int round = 1; tally.isClean() && round <= 10; round++) {
                new Round("wrong-" + round, round, Duration.ofSeconds(4), mix, tally, progress)
                        .run(faults, wrong, new Evidence(kept));
            }
        }

        assertTrue(tally.anomalies().containsKey(Anomaly.ABORTED_READ), tally.anomalies()::toString);
        try (Stream<Path> all = Files.walk(kept)) {
            List<Path> files = all.toList();
            assertTrue(files.stream().anyMatch(file -> file.toString().endsWith("00000000000000000000.log")));
            long seen = files.stream().filter(file -> file.toString().endsWith(".jsonl")).mapToInt(file ->
                    Checker.check(History.read(file)).judged().getOrDefault(Anomaly.ABORTED_READ, 0)).sum();
            assertEquals(tally.anomalies().get(Anomaly.ABORTED_READ), seen);
        }
    }

    @Test
    void tellsAnAnomalyInBothReportsAndLetsNoTextIntoThePageAsMarkup() {
        Tally tally = new Tally();
        Recorder recorder = Recorder.inMemory();
        recorder.end(recorder.begin(Operation.of("w", Kind.SEND).to(new Place("t", 0)).value("<lost>").at(0)),
                Outcome.OK);
        recorder.drained("r", List.of(new Place("t", 0)));

        tally.judged(recorder.history(), Checker.check(recorder.history()), "round 1");

        assertFalse(tally.isClean());
        String page = new HtmlReport(TOLD, tally).page();
        assertTrue(page.contains("1 anomaly found") && page.contains("unseen: 1"), page);
        assertTrue(page.contains("a broker &lt;of&gt; mine") && !page.contains("<lost>"), page);
        assertTrue(new TextReport(TOLD, tally).text().contains("ANOMALY unseen"));
    }
}

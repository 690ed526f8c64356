package io.semel.it.kit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.kit.history.Kind;
import io.semel.it.kit.history.Operation;
import io.semel.it.kit.history.Outcome;
import io.semel.it.kit.history.Place;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every anomaly planted by hand is found by its name, and nothing else is; its innocent twin is left alone.
 */
class CheckerTest {
    /** A history and what it must be called: all that is judged, and all that is told without blame. */
    private record Case(String name, Script script, Set<Anomaly> judged, Set<Anomaly> told) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case guilty(String name, Script script, Anomaly... judged) {
        return new Case(name, script, Set.of(judged), Set.of());
    }

    private static Case innocent(String name, Script script, Anomaly... told) {
        return new Case(name, script, Set.of(), Set.of(told));
    }

    private static Script script() {
        return new Script();
    }

    static Stream<Case> planted() {
        return Stream.of(reads(), writes(), orders(), circles(), ends(), offsets(), zombies())
                .flatMap(List::stream);
    }

    private static List<Case> reads() {
        return List.of(
                guilty("a read of an aborted transaction", script().init("a").send("a/1", "t/0", 0, "v", null)
                        .abort("a/1").poll("r", "t/0@0=v"), Anomaly.ABORTED_READ),
                guilty("a read of a transaction that never asked to commit", script().init("a")
                        .send("a/1", "t/0", 0, "v", null).poll("r", "t/0@0=v"), Anomaly.ABORTED_READ),
                guilty("a read of a refused send", script()
                        .does(Operation.of("a", Kind.SEND).to(new Place("t", 0)).value("v"), Outcome.FAILED)
                        .poll("r", "t/0@0=v"), Anomaly.ABORTED_READ),
                innocent("read_uncommitted sees what is aborted", script().init("a")
                        .send("a/1", "t/0", 0, "v", null).abort("a/1").poll("r", false, "t/0@0=v")),
                guilty("a transaction polls its own write", script().init("a")
                        .send("a/1", "t/0", 0, "v", null).poll("a/1", "t/0@0=v").commit("a/1"),
                        Anomaly.PRECOMMITTED_READ),
                guilty("a write is seen before its commit is asked for", script().init("a")
                        .send("a/1", "t/0", 0, "v", null).poll("r", "t/0@0=v").commit("a/1"),
                        Anomaly.PRECOMMITTED_READ),
                innocent("a transaction whose commit nobody heard of is read", script().init("a")
                        .send("a/1", "t/0", 0, "v", null).commitUnknown("a/1").poll("r", "t/0@0=v")
                        .drained()),
                innocent("values of others are told", script().poll("r", "t/0@0=v"),
                Anomaly.UNRECORDED_VALUE));
    }

    private static List<Case> writes() {
        return List.of(
                guilty("a lost write", script().send("a", "t/0", 0, "x").send("a", "t/0", 1, "y")
                        .send("a", "t/0", 2, "z").poll("r", "t/0@0=x", "t/0@2=z"), Anomaly.LOST_WRITE),
                guilty("a lost write at the beginning", script().send("a", "t/0", 0, "x")
                        .send("a", "t/0", 1, "y").seek("r", "t/0", 0).poll("r", "t/0@1=y"),
                        Anomaly.LOST_WRITE),
                guilty("a write that read_uncommitted misses", script().init("a")
                        .send("a/1", "t/0", 0, "x", null).send("a/1", "t/0", 1, "y", null).abort("a/1")
                        .seek("r", "t/0", 0).poll("r", false, "t/0@1=y"), Anomaly.LOST_WRITE),
                innocent("a reader that begins late misses nothing", script().send("a", "t/0", 0, "x")
                        .send("a", "t/0", 1, "y").poll("r", "t/0@1=y")),
                guilty("a torn transaction", script().init("a").send("a/1", "t/0", 0, "x", null)
                        .send("a/1", "t/1", 0, "y", null).commitUnknown("a/1").send("b", "t/1", 2, "z")
                        .poll("r", "t/0@0=x").seek("r", "t/1", 0).poll("r", "t/1@2=z"),
                        Anomaly.TORN_TRANSACTION, Anomaly.LOST_WRITE),
                guilty("an abort that was half a commit", script().init("a").send("a/1", "t/0", 0, "x", null)
                        .send("a/1", "t/0", 2, "y", null).abort("a/1").send("b", "t/0", 4, "z")
                        .poll("r", "t/0@0=x", "t/0@4=z"), Anomaly.TORN_TRANSACTION, Anomaly.ABORTED_READ),
                guilty("two values at one offset", script().send("a", "t/0", 0, "x").send("b", "t/0", 0, "y"),
                        Anomaly.INCONSISTENT_OFFSETS),
                guilty("two readers disagree", script().send("a", "t/0", 0, "x")
                        .does(Operation.of("b", Kind.SEND).to(new Place("t", 0)).value("y"), Outcome.UNKNOWN)
                        .poll("r", "t/0@0=x").poll("q", "t/0@0=y"), Anomaly.INCONSISTENT_OFFSETS),
                guilty("an acknowledged offset that is not true", script().send("a", "t/0", 0, "x")
                        .poll("r", "t/0@3=x"), Anomaly.INCONSISTENT_OFFSETS),
                guilty("a duplicate", script().send("a", "t/0", 0, "x").poll("r", "t/0@0=x", "t/0@1=x"),
                        Anomaly.DUPLICATE),
                guilty("a duplicate in another partition", script().send("a", "t/0", 0, "x")
                        .poll("r", "t/0@0=x", "t/1@0=x"), Anomaly.DUPLICATE),
                guilty("a value that is sent twice and committed twice", script().init("a")
                        .send("a/1", "t/0", 0, "x", null).commit("a/1").send("a/2", "t/0", 2, "x", null)
                        .commit("a/2").poll("r", "t/0@0=x", "t/0@2=x"), Anomaly.DUPLICATE),
                innocent("a value that is sent again after an abort", script().init("a")
                        .send("a/1", "t/0", 0, "x", null).abort("a/1").send("a/2", "t/0", 2, "x", null)
                        .commit("a/2").poll("r", "t/0@2=x").poll("u", false, "t/0@0=x", "t/0@2=x").drained()),
                guilty("a write that nobody sees until the end", script().send("a", "t/0", 0, "x").drained(),
                        Anomaly.UNSEEN),
                innocent("a write that nobody has had the chance to see", script().send("a", "t/0", 0, "x")),
                innocent("a write whose end is not known", script().vanishes(Operation.of("a", Kind.SEND)
                        .to(new Place("t", 0)).value("x")).drained()));
    }

    private static List<Case> orders() {
        Script xyz = script().send("a", "t/0", 0, "x").send("a", "t/0", 1, "y").send("a", "t/0", 2, "z")
                .poll("q", "t/0@0=x", "t/0@1=y", "t/0@2=z");
        return List.of(
                guilty("one poll leaves out what another saw", copyOfXyz().poll("r", "t/0@0=x", "t/0@2=z"),
                        Anomaly.INT_POLL_SKIP),
                guilty("two polls of a transaction leave out", copyOfXyz().init("b").poll("b/1", "t/0@0=x")
                        .poll("b/1", "t/0@2=z").commit("b/1"), Anomaly.INT_POLL_SKIP),
                guilty("one poll goes back", copyOfXyz().poll("r", "t/0@1=y", "t/0@0=x"),
                        Anomaly.INT_NONMONOTONIC_POLL),
                guilty("the next poll leaves out", copyOfXyz().poll("r", "t/0@0=x").poll("r", "t/0@2=z"),
                        Anomaly.POLL_SKIP),
                guilty("the first poll leaves out what was sought", copyOfXyz().seek("r", "t/0", 1)
                        .poll("r", "t/0@2=z"), Anomaly.POLL_SKIP),
                guilty("the next poll goes back", copyOfXyz().poll("r", "t/0@1=y").poll("r", "t/0@0=x"),
                        Anomaly.NONMONOTONIC_POLL),
                innocent("a subscriber may skip and go back", copyOfXyz().subscribe("r").poll("r", "t/0@0=x")
                        .poll("r", "t/0@2=z").poll("r", "t/0@1=y"), Anomaly.POLL_SKIP,
                        Anomaly.NONMONOTONIC_POLL),
                innocent("a reader may seek", copyOfXyz().poll("r", "t/0@2=z").seek("r", "t/0", 0)
                        .poll("r", "t/0@0=x")),
                innocent("a full read", xyz),
                guilty("a transaction's sends stand in another order", script().init("a")
                        .send("a/1", "t/0", 1, "x", null).send("a/1", "t/0", 0, "y", null).commit("a/1"),
                        Anomaly.INT_NONMONOTONIC_SEND),
                guilty("a process's sends stand in another order", script().send("a", "t/0", 1, "x")
                        .send("a", "t/0", 0, "y"), Anomaly.NONMONOTONIC_SEND),
                innocent("others write between", script().init("a").send("a/1", "t/0", 0, "x", null)
                        .send("b", "t/0", 1, "y").send("a/1", "t/0", 2, "z", null).commit("a/1"),
                        Anomaly.INT_SEND_SKIP, Anomaly.G0));
    }

    private static Script copyOfXyz() {
        return script().send("a", "t/0", 0, "x").send("a", "t/0", 1, "y").send("a", "t/0", 2, "z")
                .poll("q", "t/0@0=x", "t/0@1=y", "t/0@2=z");
    }

    private static List<Case> circles() {
        Script process = script();
        process.does(Operation.of("c", Kind.SEND).to(new Place("t", 1)).value("y"), Outcome.UNKNOWN);
        return List.of(
                guilty("two transactions read each other", script().init("a").init("b")
                        .send("a/1", "t/0", 0, "x", null).send("b/1", "t/1", 0, "y", null)
                        .poll("a/1", "t/1@0=y").poll("b/1", "t/0@0=x").commit("a/1").commit("b/1"),
                        Anomaly.G1C, Anomaly.PRECOMMITTED_READ),
                guilty("a process reads what followed from its own later write", script().poll("a", "t/1@0=y")
                        .init("b").send("a", "t/0", 0, "x").poll("b/1", "t/0@0=x")
                        .send("b/1", "t/1", 0, "y", null).commit("b/1"), Anomaly.G1C_PROCESS,
                        Anomaly.PRECOMMITTED_READ),
                guilty("a read of what is written later", script().poll("a", "t/1@0=y")
                        .send("b", "t/1", 0, "y"), Anomaly.G1C_REALTIME),
                innocent("writes that interleave", script().init("a").init("b")
                        .send("a/1", "t/0", 0, "x", null).send("b/1", "t/0", 1, "y", null)
                        .send("b/1", "t/1", 0, "z", null).send("a/1", "t/1", 1, "w", null).commit("a/1")
                        .commit("b/1"), Anomaly.G0));
    }

    private static List<Case> ends() {
        return List.of(
                guilty("the stable offset goes back", script().ends("r", true, "t/0", 5)
                        .ends("r", true, "t/0", 4), Anomaly.STABLE_OFFSET_BACK),
                guilty("the stable offset is below what was read", script().send("a", "t/0", 5, "x")
                        .poll("r", "t/0@5=x").ends("r", true, "t/0", 5), Anomaly.STABLE_OFFSET_BACK),
                guilty("the high watermark goes back", script().ends("r", false, "t/0", 5)
                        .ends("r", false, "t/0", 4), Anomaly.HIGH_WATERMARK_BACK),
                guilty("the stable offset is above the high watermark", script().ends("r", true, "t/0", 5)
                        .ends("r", false, "t/0", 4), Anomaly.STABLE_OFFSET_ABOVE_HIGH_WATERMARK),
                guilty("a transaction hangs", script().init("a").send("a/1", "t/0", 0, "x", null)
                        .ends("r", true, "t/0", 0).later(65_000).ends("r", true, "t/0", 0).later(6_000)
                        .ends("r", true, "t/0", 0).later(6_000).ends("r", true, "t/0", 0),
                        Anomaly.HANGING_TRANSACTION),
                innocent("a long transaction within its time", script().init("a")
                        .send("a/1", "t/0", 0, "x", null).ends("r", true, "t/0", 0).later(59_000)
                        .ends("r", true, "t/0", 0).later(9_000).ends("r", true, "t/0", 0)),
                innocent("a broker that was paused gets its chance", script().init("a")
                        .send("a/1", "t/0", 0, "x", null).later(100_000).ends("r", true, "t/0", 0).later(100)
                        .ends("r", true, "t/0", 2)),
                innocent("an idle partition stands still", script().send("a", "t/0", 0, "x")
                        .ends("r", true, "t/0", 1).later(900_000).ends("r", true, "t/0", 1).later(900_000)
                        .ends("r", true, "t/0", 1)),
                innocent("one look cuts through a transaction", cut(), Anomaly.PARTIAL_VISIBILITY));
    }

    private static Script cut() {
        return script().init("a").send("a/1", "t/0", 0, "x", null).send("a/1", "t/1", 0, "y", null)
                .commit("a/1").ends("r", true, "t/0", 2, "t/1", 0).ends("r", true, "t/0", 2, "t/1", 2);
    }

    private static List<Case> offsets() {
        return List.of(
                guilty("offsets of an aborted transaction", script().init("a")
                        .send("a/1", "o/0", 0, "x", "i/0@4").offsets("a/1", "g", "i/0", 5).abort("a/1")
                        .committed("r", "g", "i/0", 5), Anomaly.OFFSET_WITHOUT_OUTPUT),
                guilty("a group moves on without the output", script().init("a")
                        .send("a/1", "o/0", 0, "x", "i/0@0").offsets("a/1", "g", "i/0", 1).abort("a/1")
                        .send("a/2", "o/0", 2, "y", "i/0@1").offsets("a/2", "g", "i/0", 2).commit("a/2")
                        .poll("r", "o/0@2=y").committed("r", "g", "i/0", 2), Anomaly.OFFSET_WITHOUT_OUTPUT),
                guilty("output whose offset is gone", script().init("a").send("a/1", "o/0", 0, "x", "i/0@4")
                        .offsets("a/1", "g", "i/0", 5).commit("a/1").poll("r", "o/0@0=x")
                        .committed("r", "g", "i/0", 3), Anomaly.OUTPUT_WITHOUT_OFFSET),
                guilty("output of an unknown commit whose offset is not there", script().init("a")
                        .send("a/1", "o/0", 0, "x", "i/0@4").offsets("a/1", "g", "i/0", 5)
                        .commitUnknown("a/1").poll("r", "o/0@0=x").drained().committed("r", "g", "i/0", -1),
                        Anomaly.OUTPUT_WITHOUT_OFFSET),
                guilty("input that is turned into output twice", script().init("a")
                        .send("a/1", "o/0", 0, "x", "i/0@0").offsets("a/1", "g", "i/0", 1).commit("a/1")
                        .init("a2").send("a2/1", "o/0", 2, "y", "i/0@0").offsets("a2/1", "g", "i/0", 1)
                        .commit("a2/1").poll("r", "o/0@0=x", "o/0@2=y"), Anomaly.OUTPUT_WITHOUT_OFFSET),
                innocent("input that is read again after an abort", script().init("a")
                        .send("a/1", "o/0", 0, "x", "i/0@0").offsets("a/1", "g", "i/0", 1).abort("a/1")
                        .committed("r", "g", "i/0", -1).send("a/2", "o/0", 2, "y", "i/0@0")
                        .offsets("a/2", "g", "i/0", 1).commit("a/2").poll("r", "o/0@2=y").drained()
                        .committed("r", "g", "i/0", 1)));
    }

    private static List<Case> zombies() {
        return List.of(
                guilty("a fenced producer's write is acknowledged", script().init("a1")
                        .send("a1/1", "t/0", 0, "x", null).init("a2").send("a1/1", "t/0", 2, "y", null),
                        Anomaly.ZOMBIE_WRITE),
                guilty("a fenced producer's write is visible", script().init("a1").send("a1/1", "t/0", 0, "x",
                        null).init("a2").commitUnknown("a1/1").poll("r", "t/0@0=x"), Anomaly.ZOMBIE_WRITE),
                guilty("a fenced producer commits", script().init("a1").send("a1/1", "t/0", 0, "x", null)
                        .init("a2").commit("a1/1"), Anomaly.ZOMBIE_WRITE),
                guilty("an administrator's fence is ignored", script().init("a1")
                        .does(Operation.of("admin", Kind.FENCE).under("a")).send("a1/1", "t/0", 0, "x", null),
                        Anomaly.ZOMBIE_WRITE),
                innocent("a fenced producer is refused", script().init("a1").send("a1/1", "t/0", 0, "x", null)
                        .init("a2").does(Operation.of("a1", Kind.COMMIT).in("a1/1").under("a"),
                        Outcome.FAILED).send("a2/1", "t/0", 2, "y", null).commit("a2/1").seek("r", "t/0", 0)
                        .poll("r", "t/0@2=y").drained()),
                innocent("a producer that initialises again is no zombie", script().init("a1").init("a2")
                        .init("a1").send("a1/1", "t/0", 0, "x", null).commit("a1/1").poll("r", "t/0@0=x")));
    }

    @ParameterizedTest
    @MethodSource("planted")
    void callsEachByItsName(Case planted) {
        Report report = planted.script.check();

        assertEquals(new TreeSet<>(planted.judged), report.anomalies(), report::text);
        assertEquals(new TreeSet<>(planted.told), new TreeSet<>(report.allowed().keySet()), report::text);
        report.findings().forEach(finding -> assertTrue(!finding.operations().isEmpty(), finding::toString));
    }

    @Test
    void findsAllNineteen() {
        Set<Integer> found = new TreeSet<>();
        Set<Anomaly> names = new TreeSet<>();
        planted().forEach(planted -> {
            names.addAll(planted.script.check().judged().keySet());
            names.addAll(planted.script.check().allowed().keySet());
        });
        names.forEach(anomaly -> found.add(anomaly.number()));

        found.remove(0);
        assertEquals(IntStream.rangeClosed(1, 19).boxed().collect(Collectors.toCollection(TreeSet::new)),
                found);
        assertEquals(Set.of(Anomaly.values()), names);
    }

    @Test
    void judgesPartialVisibilityWhereAtomicVisibilityIsClaimed() {
        Report report = Checker.check(cut().history(), Options.defaults().withAtomicVisibility(true));

        assertEquals(Set.of(Anomaly.PARTIAL_VISIBILITY), report.anomalies());
    }

    @Test
    void tellsPeopleAndMachines() {
        Report report = script().send("a", "t/0", 0, "x").poll("r", "t/0@0=x", "t/0@1=x").check();

        assertTrue(report.text().contains("ANOMALY duplicate, 1 time"), report.text());
        assertTrue(report.text().contains("x is at t/0@0 and at t/0@1"), report.text());
        assertTrue(report.text().contains("#0 a send t/0@0 \"x\" ok"), report.text());
        Map<?, ?> json = (Map<?, ?>) io.semel.it.kit.history.Json.parse(report.json());
        assertEquals(false, json.get("clean"));
        assertEquals(Map.of("duplicate", 1L), new TreeMap<>((Map<?, ?>) json.get("anomalies")));
    }

    @Test
    void countsWhatItDoesNotTell() {
        Script script = script();
        for (int index = 0; index < 50; index++) script.send("a", "t/" + index, 0, "x" + index);
        Report report = Checker.check(script.drained().history(), Options.defaults().withDetails(3));

        assertEquals(Map.of(Anomaly.UNSEEN, 50), report.judged());
        assertEquals(3, report.findings().size());
    }
}

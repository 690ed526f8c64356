package io.semel.streams.task;

import static io.semel.streams.SessionWindows.session;
import static io.semel.streams.TimeWindows.hopping;
import static io.semel.streams.TimeWindows.tumbling;
import static io.semel.streams.Within.within;
import static io.semel.streams.dsl.Via.via;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.streams.KeyValue;
import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.Timers;
import io.semel.streams.Topic;
import io.semel.streams.Windowed;
import io.semel.streams.dsl.Table;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each operator that keeps more than a value by key, in its plainest case and at its edges. */
class StatefulOperatorsTest {
    private static final Topic<String, String> IN = Topic.of("in", Serdes.string(), Serdes.string());
    private static final Topic<String, String> IN2 = Topic.of("in2", Serdes.string(), Serdes.string());
    private static final Topic<String, String> HOP = Topic.of("hop", Serdes.string(), Serdes.string());
    private static final Topic<String, String> OUT = Topic.of("out", Serdes.string(), Serdes.string());
    private static final Topic<String, String> OUT2 = Topic.of("out2", Serdes.string(), Serdes.string());
    private static final Topic<String, Long> COUNTS = Topic.of("counts", Serdes.string(), Serdes.int64());
    private static final Topic<Windowed<String>, Long> WINDOWS =
            Topic.of("windows", Serdes.windowed(Serdes.string(), Duration.ofMillis(10)), Serdes.int64());
    private static final Topic<Windowed<String>, Long> SESSIONS =
            Topic.of("sessions", Serdes.sessions(Serdes.string()), Serdes.int64());
    private static final Store<String, Long> COUNT = Store.keyed("count", Serdes.string(), Serdes.int64());
    private static final Store<String, String> LEFT = Store.keyed("left", Serdes.string(), Serdes.string());
    private static final Store<String, String> RIGHT = Store.keyed("right", Serdes.string(), Serdes.string());
    private static final Store<String, Void> SEEN = Store.keys("seen", Serdes.string());

    private static Duration ms(long ms) {
        return Duration.ofMillis(ms);
    }

    @Test
    void tumblingWindowsCountEachRecordOnceAndCloseBehindTheGrace() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).windowed(tumbling(ms(10)).grace(ms(5)))
                .count(COUNT).to(WINDOWS));

        driver.pipe(IN, "a", "x", 1).pipe(IN, "a", "x", 12).pipe(IN, "a", "x", 9).pipe(IN, "a", "x", 15)
                .pipe(IN, "a", "late", 9).pipe(IN, null, "x", 16);

        assertEquals(List.of("a@0..10=1@1", "a@10..20=1@12", "a@0..10=2@9", "a@10..20=2@15"),
                driver.read(WINDOWS));
        assertEquals(2, driver.batches().stream().mapToInt(TaskBatch::skipped).sum());
        assertEquals(2, driver.cycle(0).base("count").size(), "the open window and the clock");
    }

    @Test
    void hoppingWindowsOverlap() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).windowed(hopping(ms(10), ms(5)))
                .count(COUNT).to(WINDOWS));

        driver.pipe(IN, "a", "x", 7).pipe(IN, "a", "x", 11);

        assertEquals(List.of("a@0..10=1@7", "a@5..15=1@7", "a@5..15=2@11", "a@10..20=1@11"),
                driver.read(WINDOWS));
    }

    @Test
    void finalWindowsAreToldOnceWhenTheyClose() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).windowed(tumbling(ms(10)).grace(ms(5)))
                .emitFinal().count(COUNT).to(WINDOWS));

        driver.pipe(IN, "a", "x", 1).pipe(IN, "b", "x", 2).pipe(IN, "a", "x", 3).pipe(IN, "a", "x", 14);
        assertEquals(List.of(), driver.read(WINDOWS));

        driver.pipe(IN, "c", "x", 40);
        assertEquals(List.of("a@0..10=2@3", "b@0..10=1@2", "a@10..20=1@14"), driver.read(WINDOWS));
    }

    @Test
    void sessionsGrowMergeAndAreTakenBackWhenTheyDo() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).windowed(session(ms(5)).grace(ms(20)))
                .count(COUNT).to(SESSIONS));

        driver.pipe(IN, "a", "x", 10).pipe(IN, "a", "x", 18).pipe(IN, "a", "x", 14).pipe(IN, "b", "x", 14);

        assertEquals(List.of("a@10..10=1@10", "a@18..18=1@18", "a@10..10=null@10", "a@18..18=null@18",
                "a@10..18=3@18", "b@14..14=1@14"), driver.read(SESSIONS));
    }

    @Test
    void aRecordIsLateForASessionWhenGapAndGraceHavePassedNotBefore() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).windowed(session(ms(5)).grace(ms(10)))
                .count(COUNT).to(SESSIONS));

        driver.pipe(IN, "a", "x", 40).pipe(IN, "b", "in time", 25).pipe(IN, "c", "late", 24);

        assertEquals(List.of("a@40..40=1@40", "b@25..25=1@25"), driver.read(SESSIONS));
    }

    @Test
    void finalSessionsAreToldOnceWhenTheyAreOver() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).windowed(session(ms(5)))
                .emitFinal().count(COUNT).to(SESSIONS));

        driver.pipe(IN, "a", "x", 10).pipe(IN, "a", "x", 13).pipe(IN, "b", "x", 30);

        assertEquals(List.of("a@10..13=2@13"), driver.read(SESSIONS));
    }

    @Test
    void streamsMeetWithinReachAndTheAloneAreToldWhenNothingCanCome() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).outerJoin(s.from(IN2),
                within(ms(5)).grace(ms(3)), LEFT, RIGHT, (a, b) -> a + b).to(OUT));

        driver.pipe(IN, "a", "1", 10).pipe(IN2, "a", "2", 14).pipe(IN2, "a", "3", 20).pipe(IN, "c", "9", 40);

        assertEquals(List.of("a=12@14", "a=null3@20"), driver.read(OUT));
    }

    @Test
    void tablesMeetByKeyAndFollowTheirChanges() {
        CycleDriver driver =
                new CycleDriver(s -> s.table(IN).leftJoin(s.table(IN2), (a, b) -> a + b).to(OUT));

        driver.pipe(IN, "a", "1", 1).pipe(IN2, "a", "2", 2).pipe(IN, "a", null, 3).pipe(IN2, "b", "x", 4);

        assertEquals(List.of("a=1null@1", "a=12@2", "a=null@3"), driver.read(OUT));
    }

    @Test
    void aRowIsTakenOutOfTheAggregateItLeaves() {
        CycleDriver driver = new CycleDriver(s -> s.table(IN)
                .rekey((k, v) -> KeyValue.of(v.substring(0, 1), v), via(HOP)).count(COUNT).to(COUNTS));

        driver.pipe(IN, "a", "x1", 1).pipe(IN, "b", "x2", 2).pipe(IN, "a", "y1", 3).pipe(IN, "b", "x3", 4)
                .pipe(IN, "b", null, 5);

        assertEquals(List.of("x=1@1", "x=2@2", "x=1@3", "y=1@3", "x=1@4", "x=0@5"), driver.read(COUNTS));
    }

    @Test
    void aFilteredTableTellsARemovalOfWhatItTold() {
        CycleDriver driver = new CycleDriver(s -> s.table(IN).filter((k, v) -> v.startsWith("x")).to(OUT));

        driver.pipe(IN, "a", "y", 1).pipe(IN, "a", "x", 2).pipe(IN, "a", "z", 3).pipe(IN, "a", "w", 4);

        assertEquals(List.of("a=x@2", "a=null@3"), driver.read(OUT));
    }

    @Test
    void distinctLetsOnePassWithinReach() {
        CycleDriver driver =
                new CycleDriver(s -> s.from(IN).distinct(SEEN, within(ms(10)).grace(ms(5))).to(OUT));

        driver.pipe(IN, "a", "1", 10).pipe(IN, "a", "2", 15).pipe(IN, "b", "3", 15).pipe(IN, "a", "4", 21)
                .pipe(IN, "a", "5", 17).pipe(IN, "b", "late", 3);

        assertEquals(List.of("a=1@10", "b=3@15", "a=4@21"), driver.read(OUT));
    }

    @Test
    void aValueIsGoneWhenItsTimeIsOverAndLeavesTheStore() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).count(COUNT.ttl(ms(80))).to(COUNTS));

        driver.pipe(IN, "a", "x", 10).pipe(IN, "a", "x", 20).pipe(IN, "b", "x", 105).pipe(IN, "a", "x", 106)
                .pipe(IN, "c", "x", 1000);

        assertEquals(List.of("a=1@10", "a=2@20", "b=1@105", "a=1@106", "c=1@1000"), driver.read(COUNTS));
        assertEquals(3, driver.cycle(0).base("count").size(), "c, its row by time, and the clock");
    }

    @Test
    void splitSendsEachRecordDownTheFirstBranchThatWantsIt() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).split(branches -> branches
                .branch((k, v) -> v.startsWith("x"), some -> some.to(OUT))
                .branch((k, v) -> v.endsWith("x"), some -> some.mapValues(v -> v + "!").to(OUT))
                .otherwise(others -> others.to(OUT2))));

        driver.pipe(IN, "a", "xx", 1).pipe(IN, "a", "yx", 2).pipe(IN, "a", "y", 3);

        assertEquals(List.of("a=xx@1", "a=yx!@2"), driver.read(OUT));
        assertEquals(List.of("a=y@3"), driver.read(OUT2));
    }

    @Test
    void toSendsEachRecordToTheTopicItChooses() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).to((k, v) -> v.startsWith("x") ? OUT : OUT2));

        driver.pipe(IN, "a", "x", 1).pipe(IN, "a", "y", 2);

        assertEquals(List.of("a=x@1"), driver.read(OUT));
        assertEquals(List.of("a=y@2"), driver.read(OUT2));
    }

    @Test
    void timersGoOffInOrderWhenStreamTimePassesThem() {
        Timers<String> timers = Timers.of("timers", Serdes.string());
        CycleDriver driver = new CycleDriver(s -> s.from(IN)
                .<String, String, String>process(timers, LEFT, (event, last, timer, out) -> {
                    last.put(event.key(), event.value());
                    timer.set(Timers.Time.EVENT, event.timestampMs() + 10);
                    if (event.value().equals("stop")) {
                        timer.cancel(Timers.Time.EVENT, event.timestampMs() + 10);
                    }
                }, (due, last, timer, out) -> out.emit(last.get(due.key()) + due.timeMs()))
                .to(OUT));

        driver.pipe(IN, "a", "x", 3).pipe(IN, "b", "y", 1).pipe(IN, "c", "stop", 2).pipe(IN, "a", "z", 30);

        assertEquals(List.of("b=y11@11", "a=z13@13"), driver.read(OUT));
    }

    @Test
    void aTableIsSeenThroughWhatWasMadeOfIt() {
        CycleDriver driver = new CycleDriver(s -> {
            Table<String, String> joined = s.table(IN).filter((k, v) -> !v.isEmpty())
                    .join(s.table(IN2).mapValues(v -> v + "."), (a, b) -> a + b);
            s.from(HOP).leftJoin(joined, (v, t) -> v + t).to(OUT);
        });

        driver.pipe(IN, "a", "1", 1).pipe(HOP, "a", "q", 1).pipe(IN2, "a", "2", 2).pipe(HOP, "a", "q", 3)
                .pipe(IN, "a", "", 4).pipe(HOP, "a", "q", 5);

        assertEquals(List.of("a=qnull@1", "a=q12.@3", "a=qnull@5"), driver.read(OUT));
    }
}

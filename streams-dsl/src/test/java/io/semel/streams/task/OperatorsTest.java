package io.semel.streams.task;

import static io.semel.streams.dsl.Via.via;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.streams.KeyValue;
import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Table;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperatorsTest {
    private static final Topic<String, String> IN = Topic.of("in", Serdes.string(), Serdes.string());
    private static final Topic<String, String> IN2 = Topic.of("in2", Serdes.string(), Serdes.string());
    private static final Topic<String, String> TABLE = Topic.of("names", Serdes.string(), Serdes.string());
    private static final Topic<String, String> HOP = Topic.of("hop", Serdes.string(), Serdes.string());
    private static final Topic<String, String> OUT = Topic.of("out", Serdes.string(), Serdes.string());
    private static final Topic<String, Long> COUNTS = Topic.of("counts", Serdes.string(), Serdes.int64());
    private static final Store<String, Long> COUNT = Store.keyed("count", Serdes.string(), Serdes.int64());
    private static final Store<String,
            String> STRINGS = Store.keyed("strings", Serdes.string(), Serdes.string());

    @Test
    void filterKeepsWhatPasses() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).filter((k, v) -> v.length() > 1).to(OUT));

        driver.pipe(IN, "a", "x", 1).pipe(IN, "b", "yy", 2);

        assertEquals(List.of("b=yy@2"), driver.read(OUT));
    }

    @Test
    void mapReplacesKeyAndValue() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).map((k, v) -> KeyValue.of(v, k)).to(OUT));

        driver.pipe(IN, "a", "x", 1);

        assertEquals(List.of("x=a@1"), driver.read(OUT));
    }

    @Test
    void mapValuesKeepsTheKey() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).mapValues(String::toUpperCase).to(OUT));

        driver.pipe(IN, "a", "x", 1);

        assertEquals(List.of("a=X@1"), driver.read(OUT));
    }

    @Test
    void flatMapMakesAnyNumberInOrder() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN)
                .flatMap((k, v) -> v.isEmpty() ? List.<KeyValue<String, String>>of()
                        : List.of(KeyValue.of(v + 1, k), KeyValue.of(v + 2, k)))
                .to(OUT));

        driver.pipe(IN, "a", "x", 1).pipe(IN, "a", "", 2);

        assertEquals(List.of("x1=a@1", "x2=a@1"), driver.read(OUT));
    }

    @Test
    void flatMapValuesKeepsTheKind() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).flatMapValues(v -> List.of(v.split(" ")))
                .count(COUNT).to(COUNTS));

        driver.pipe(IN, "a", "x y z", 1);

        assertEquals(List.of("a=1@1", "a=2@1", "a=3@1"), driver.read(COUNTS));
    }

    @Test
    void peekSeesAndPassesOn() {
        List<String> seen = new ArrayList<>();
        CycleDriver driver = new CycleDriver(s -> s.from(IN).peek((k, v) -> seen.add(k + v)).to(OUT));

        driver.pipe(IN, "a", "x", 1);

        assertEquals(List.of("ax"), seen);
        assertEquals(List.of("a=x@1"), driver.read(OUT));
    }

    @Test
    void mergeBringsTwoStreamsTogether() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).merge(s.from(IN2)).count(COUNT).to(COUNTS));

        driver.pipe(IN, "a", "x", 1).pipe(IN2, "a", "y", 2);

        assertEquals(List.of("a=1@1", "a=2@2"), driver.read(COUNTS));
    }

    @Test
    void rekeySendsThroughTheTopicAndSkipsNullKeys() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN)
                .rekey(v -> v.isEmpty() ? null : v.substring(0, 1), via(HOP)).count(COUNT).to(COUNTS));

        driver.pipe(IN, "1", "xa", 1).pipe(IN, "2", "xb", 2).pipe(IN, "3", "", 3);

        assertEquals(List.of("x=xa@1", "x=xb@2"), driver.read(HOP));
        assertEquals(List.of("x=1@1", "x=2@2"), driver.read(COUNTS));
    }

    @Test
    void countSkipsRecordsWithoutKeyOrValue() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).count(COUNT).to(COUNTS));

        driver.pipe(IN, null, "x", 1).pipe(IN, "a", null, 2).pipe(IN, "a", "x", 3);

        assertEquals(List.of("a=1@3"), driver.read(COUNTS));
        assertEquals(2, driver.batches().stream().mapToInt(TaskBatch::skipped).sum());
    }

    @Test
    void reduceTakesTheFirstValueAsItIs() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).reduce(STRINGS, (a, b) -> a + b).to(OUT));

        driver.pipe(IN, "a", "x", 1).pipe(IN, "a", "y", 2);

        assertEquals(List.of("a=x@1", "a=xy@2"), driver.read(OUT));
    }

    @Test
    void aggregateKeepsTheNewestTimeAndNullRemovesTheKey() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN)
                .aggregate(STRINGS, () -> "-", (all, v) -> v.equals("end") ? null : all + v).to(OUT));

        driver.pipe(IN, "a", "x", 5).pipe(IN, "a", "y", 2).pipe(IN, "a", "end", 6).pipe(IN, "a", "z", 7);

        assertEquals(List.of("a=-x@5", "a=-xy@5", "a=null@6", "a=-z@7"), driver.read(OUT));
        assertEquals(1, driver.cycle(0).base("strings").size());
    }

    @Test
    void joinDropsWhatHasNoMatchAndSeesTheTableAsItIsNow() {
        CycleDriver driver = new CycleDriver(s -> {
            Table<String, String> names = s.table(TABLE);
            s.from(IN).join(names, (v, name) -> v + name).to(OUT);
        });

        driver.pipe(IN, "a", "1", 1).pipe(TABLE, "a", "Ann", 2).pipe(IN, "a", "2", 3)
                .pipe(TABLE, "a", null, 4).pipe(IN, "a", "3", 5);

        assertEquals(List.of("a=2Ann@3"), driver.read(OUT));
    }

    @Test
    void leftJoinKeepsWhatHasNoMatch() {
        CycleDriver driver = new CycleDriver(s -> {
            Table<String, Integer> sizes = s.table(TABLE).mapValues(String::length);
            s.from(IN).leftJoin(sizes, (v, size) -> v + size).to(OUT);
        });

        driver.pipe(IN, "a", "1", 1).pipe(TABLE, "a", "Ann", 2).pipe(IN, "a", "2", 3).pipe(IN, null, "n", 4);

        assertEquals(List.of("a=1null@1", "a=23@3", "null=nnull@4"), driver.read(OUT));
    }

    @Test
    void tableToStreamShowsEveryChange() {
        CycleDriver driver = new CycleDriver(s -> s.table(TABLE).toStream().to(OUT));

        driver.pipe(TABLE, "a", "Ann", 2).pipe(TABLE, "a", null, 4);

        assertEquals(List.of("a=Ann@2", "a=null@4"), driver.read(OUT));
    }
}

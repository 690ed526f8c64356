package io.semel.streams.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.StreamsError.PoisonRecord;
import io.semel.streams.Topic;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskCycleTest {
    private static final Topic<String, String> IN = Topic.of("in", Serdes.string(), Serdes.string());
    private static final Topic<String, String> NAMES = Topic.of("names", Serdes.string(), Serdes.string());
    private static final Topic<String, String> OUT = Topic.of("out", Serdes.string(), Serdes.string());
    private static final Topic<String, Long> NUMBERS = Topic.of("numbers", Serdes.string(), Serdes.int64());
    private static final Store<String, String> ALL = Store.keyed("all", Serdes.string(), Serdes.string());

    private final CycleDriver driver = new CycleDriver(
            s -> s.from(IN).reduce(ALL, (a, b) -> a + b).to(OUT));
    private final TaskCycle cycle = driver.cycle(0);

    @Test
    void sendsAtOnceButWritesOneChangelogRecordPerKeyOfATransaction() {
        TaskTurn first = cycle.turn(List.of(
                List.of(driver.record(IN, "a", "1", 1), driver.record(IN, "b", "3", 2))), 0);
        TaskTurn second = cycle.turn(List.of(List.of(driver.record(IN, "a", "2", 3))), 0);

        TaskBatch batch = cycle.seal();

        assertEquals(List.of("1", "3"), values(first));
        assertEquals(List.of("12"), values(second));
        assertEquals(2, batch.stores().get(0).changelogRecords().size());
        assertEquals("12", new String(batch.stores().get(0).changelogRecords().get(0).value(), UTF_8));
        assertEquals("app-all-changelog", batch.stores().get(0).changelogRecords().get(0).topic());
        assertEquals(Map.of("in", 2L), first.nextOffsets());
        assertEquals(Map.of("in", 3L), batch.nextOffsets());
        assertEquals(3, batch.recordsIn());
        assertEquals(3, batch.recordsOut());
        assertEquals(0, cycle.seal().recordsIn(), "a transaction is counted once");
    }

    @Test
    void leavesTheBaseAloneUntilTheBatchIsApplied() {
        cycle.turn(List.of(List.of(driver.record(IN, "a", "1", 1))), 0);
        TaskBatch batch = cycle.seal();
        assertNull(cycle.base("all").get("a".getBytes(UTF_8)));

        cycle.apply(batch, Map.of("all", 7L));

        assertEquals("1", new String(cycle.base("all").get("a".getBytes(UTF_8)).value(), UTF_8));
        assertEquals(7, cycle.base("all").position());
    }

    @Test
    void foldsTheNextBatchOverOneWhoseCommitIsOnItsWay() {
        cycle.turn(List.of(List.of(driver.record(IN, "a", "1", 1))), 0);
        TaskBatch first = cycle.seal();

        TaskTurn turn = cycle.turn(List.of(List.of(driver.record(IN, "a", "2", 2))), 0);
        TaskBatch second = cycle.seal();

        assertEquals(List.of("12"), values(turn));
        assertThrows(IllegalStateException.class, () -> cycle.apply(second, Map.of("all", 2L)),
                "a later batch was applied before " + first);
    }

    @Test
    void forgetsWhatIsNotCommittedWhenDropped() {
        cycle.turn(List.of(List.of(driver.record(IN, "a", "0", 1))), 0);
        cycle.seal();
        cycle.turn(List.of(List.of(driver.record(IN, "a", "1", 1))), 0);

        cycle.drop();

        TaskTurn again = cycle.turn(List.of(List.of(driver.record(IN, "a", "2", 2))), 0);
        assertEquals(List.of("2"), values(again));
        assertEquals(1, cycle.seal().recordsIn());
    }

    private static List<String> values(TaskTurn turn) {
        return turn.outputs().stream().map(record -> new String(record.value(), UTF_8)).toList();
    }

    @Test
    void mergesPartitionsByEventTimeTablesFirstOnATie() {
        CycleDriver joined = new CycleDriver(s -> s.from(IN).join(s.table(NAMES), (v, n) -> v + n).to(OUT));

        TaskTurn turn = joined.cycle(0).turn(List.of(
                List.of(joined.record(NAMES, "a", "A", 5), joined.record(NAMES, "a", "B", 8)),
                List.of(joined.record(IN, "a", "1", 4), joined.record(IN, "a", "2", 5),
                joined.record(IN, "a", "3", 9))), 0);

        assertEquals(List.of("2A", "3B"), values(turn));
        assertEquals(Map.of("in", 3L, "names", 2L), turn.nextOffsets());
    }

    @Test
    void namesPositionAndStepOfAPoisonRecord() {
        CycleDriver broken = new CycleDriver(s -> s.from(IN).mapValues(Integer::parseInt)
                .mapValues(String::valueOf).to(OUT));

        PoisonRecord poison = assertThrows(PoisonRecord.class,
                () -> broken.pipe(IN, "a", "1", 1).pipe(IN, "a", "one", 2));

        assertEquals("in", poison.topic());
        assertEquals(1, poison.offset());
        assertEquals("1-mapValues", poison.step());
        assertTrue(poison.getCause() instanceof NumberFormatException);
    }

    @Test
    void namesTheSourceWhoseSerdeRefusesTheBytes() {
        CycleDriver broken = new CycleDriver(s -> s.from(NUMBERS).mapValues(String::valueOf).to(OUT));
        CycleDriver other = new CycleDriver(s -> s.from(Topic.of("numbers", Serdes.string(), Serdes.string()))
                .to(OUT));

        PoisonRecord poison = assertThrows(PoisonRecord.class, () -> broken.cycle(0).turn(List.of(List.of(
                other.record(Topic.of("numbers", Serdes.string(), Serdes.string()), "a", "not eight bytes",
                1))), 0));

        assertEquals("0-from(numbers)", poison.step());
    }
}

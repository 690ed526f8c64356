package io.semel.streams.task;

import static io.semel.streams.dsl.Dlq.dlq;
import static io.semel.streams.dsl.Retry.retry;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.streams.KeyValue;
import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.StreamsError.PoisonRecord;
import io.semel.streams.TimeWindows;
import io.semel.streams.Topic;
import io.semel.streams.topology.StoreSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** A record that a step refuses leaves nothing behind but its dead letter. */
class RecoverTest {
    private static final Topic<String, String> IN = Topic.of("in", Serdes.string(), Serdes.string());
    private static final Topic<String, Integer> NUMBERS =
            Topic.of("numbers", Serdes.string(), Serdes.text(String::valueOf, Integer::parseInt));
    private static final Topic<String, String> OUT = Topic.of("out", Serdes.string(), Serdes.string());
    private static final Topic<String, Integer> SUMS =
            Topic.of("sums", Serdes.string(), Serdes.text(String::valueOf, Integer::parseInt));
    private static final Topic<byte[], byte[]> LETTERS = Topic.of("dlq", Serdes.bytes(), Serdes.bytes());
    private static final Store<String, Integer> SUM =
            Store.keyed("sum", Serdes.string(), Serdes.text(String::valueOf, Integer::parseInt));
    private static final Store<String, Long> COUNT = Store.keyed("count", Serdes.string(), Serdes.int64());

    private static List<ProducerRecord<byte[], byte[]>> letters(CycleDriver driver) {
        return driver.outputs().stream()
                .filter(record -> record.topic().equals(LETTERS.name())).toList();
    }

    private static String header(ProducerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader("__streams.errors." + name).value(), UTF_8);
    }

    @Test
    void aRefusedRecordIsTakenBackWholeAndWrittenDownWithItsBytesAndCause() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN)
                .flatMap((k, v) -> List.of(KeyValue.of(k, v), KeyValue.of(k, "0")))
                .mapValues(Integer::parseInt).recover(retry(2), dlq("dlq")).to(SUMS));

        driver.pipe(IN, "a", "1", 5).pipe(IN, "a", "one", 6).pipe(IN, "a", "2", 7);

        assertEquals(List.of("a=1@5", "a=0@5", "a=2@7", "a=0@7"), driver.read(SUMS));
        ProducerRecord<byte[], byte[]> letter = letters(driver).get(0);
        assertEquals(1, letters(driver).size());
        assertEquals("one", new String(letter.value(), UTF_8));
        assertEquals("a", new String(letter.key(), UTF_8));
        assertEquals(6, letter.timestamp());
        assertEquals("in", header(letter, "topic"));
        assertEquals("0", header(letter, "partition"));
        assertEquals("1", header(letter, "offset"));
        assertEquals("2-mapValues", header(letter, "step"));
        assertEquals("java.lang.NumberFormatException", header(letter, "exception"));
        assertEquals("For input string: \"one\"", header(letter, "message"));
        assertEquals("3", header(letter, "attempts"));
        assertEquals("app", header(letter, "application"));
        assertTrue(header(letter, "stacktrace").contains("Integer.parseInt"));
        assertEquals(1, driver.batches().stream().mapToInt(TaskBatch::deadLetters).sum());
    }

    @Test
    void theStateAStepAboveHasChangedIsTakenBackToo() {
        CycleDriver driver = new CycleDriver(s -> s.from(NUMBERS).reduce(SUM, Integer::sum).toStream()
                .mapValues(sum -> 100 / (sum - 3)).recover(retry(0), dlq("dlq")).to(SUMS));

        driver.pipe(NUMBERS, "a", 1, 1).pipe(NUMBERS, "a", 2, 2).pipe(NUMBERS, "a", 4, 3);

        assertEquals(List.of("a=-50@1", "a=50@3"), driver.read(SUMS), "1, then 1 + 4 without the 2");
        assertEquals("5", new String(driver.cycle(0).base("sum").get("a".getBytes(UTF_8)).value(), UTF_8));
        assertEquals("2", new String(letters(driver).get(0).value(), UTF_8));
    }

    @Test
    void bytesThatTheSerdeRefusesAreADeadLetterOfTheSource() {
        CycleDriver driver = new CycleDriver(s -> s.from(NUMBERS).recover(retry(0), dlq("dlq")).to(SUMS));
        CycleDriver text = new CycleDriver(s -> s.from(IN).to(OUT));
        Topic<String, String> raw = Topic.of("numbers", Serdes.string(), Serdes.string());

        TaskTurn turn = driver.cycle(0).turn(List.of(List.of(text.record(raw, "a", "x", 1),
                text.record(raw, "a", "7", 2))), 0);

        assertEquals(List.of("dlq", "sums"), turn.outputs().stream().map(ProducerRecord::topic).toList());
        assertEquals(Map.of("numbers", 2L), turn.nextOffsets());
    }

    @Test
    void aStepThatSucceedsWhenTriedAgainLeavesNoLetter() {
        List<String> tries = new ArrayList<>();
        CycleDriver driver = new CycleDriver(s -> s.from(IN).peek((k, v) -> {
            tries.add(v);
            if (tries.size() < 3) {
                throw new IllegalStateException("not yet");
            }
        }).recover(retry(2), dlq("dlq")).to(OUT));

        driver.pipe(IN, "a", "x", 1);

        assertEquals(List.of("a=x@1"), driver.read(OUT));
        assertEquals(List.of("x", "x", "x"), tries);
        assertEquals(List.of(), letters(driver));
    }

    @Test
    void aStepWithoutAWordOfItsOwnTakesThatOfTheSources() {
        CycleDriver driver = new CycleDriver(s -> {
            s.recover(retry(0), dlq("dlq"));
            s.from(IN).mapValues(Integer::parseInt).to(SUMS);
        });

        driver.pipe(IN, "a", "one", 1);

        assertEquals(1, letters(driver).size());
    }

    @Test
    void aStepThatDoesNotRecoverStopsTheRunThoughAnotherDoes() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).recover(retry(0), dlq("dlq"))
                .mapValues(Integer::parseInt).to(SUMS));

        assertThrows(PoisonRecord.class, () -> driver.pipe(IN, "a", "one", 1));
    }

    @Test
    void aWindowThatIsRefusedWhenItClosesIsNotTheFaultOfTheRecordThatClosesIt() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN)
                .windowed(TimeWindows.tumbling(Duration.ofMillis(10))).emitFinal().count(COUNT).toStream()
                .map((k, n) -> KeyValue.of(k.key(), String.valueOf(10 / (n - 2))))
                .recover(retry(1), dlq("dlq")).to(OUT));

        driver.pipe(IN, "a", "x", 1).pipe(IN, "a", "x", 2).pipe(IN, "b", "x", 3).pipe(IN, "c", "x", 15)
                .pipe(IN, "d", "x", 30);

        assertEquals(List.of("b=-10@3", "c=-10@15"), driver.read(OUT));
        ProducerRecord<byte[], byte[]> letter = letters(driver).get(0);
        assertEquals(1, letters(driver).size());
        assertNull(letter.value());
        assertNull(letter.headers().lastHeader("__streams.errors.topic"));
        assertEquals("java.lang.ArithmeticException", header(letter, "exception"));
    }

    @Test
    void aRowOfATableStaysThoughAStepBelowRefusesItAsItWouldAfterARestart() {
        CycleDriver driver = new CycleDriver(s -> s.table(NUMBERS).mapValues(n -> 10 / n)
                .recover(retry(1), dlq("dlq")).to(SUMS));

        driver.pipe(NUMBERS, "a", 5, 1).pipe(NUMBERS, "a", 0, 2).pipe(NUMBERS, "b", 1, 3);

        assertEquals(List.of("a=2@1", "b=10@3"), driver.read(SUMS));
        assertEquals(1, letters(driver).size());
        assertEquals("0",
                new String(driver.cycle(0).base("numbers").get("a".getBytes(UTF_8)).value(), UTF_8));
    }

    @Test
    void bytesThatATableRefusedAreNotInItsStoreAfterARestartEither() {
        Topic<String, String> raw = Topic.of("numbers", Serdes.string(), Serdes.string());
        CycleDriver driver = new CycleDriver(s -> s.table(NUMBERS).recover(retry(0), dlq("dlq")).to(SUMS));
        CycleDriver strict = new CycleDriver(s -> s.table(NUMBERS).to(SUMS));
        StoreSpec table = driver.cycle(0).sub().stores().get(0);

        driver.pipe(NUMBERS, "a", 5, 1);
        TaskTurn turn = driver.cycle(0).turn(List.of(List.of(driver.record(raw, "a", "x", 2))), 0);

        assertEquals(List.of("dlq"), turn.outputs().stream().map(ProducerRecord::topic).toList());
        assertEquals(0, driver.cycle(0).seal().stores().get(0).changes().size());
        assertFalse(driver.cycle(0).takes(table, driver.record(raw, "a", "x", 2)));
        assertTrue(driver.cycle(0).takes(table, driver.record(raw, "a", "6", 2)));
        assertTrue(strict.cycle(0).takes(table, driver.record(raw, "a", "x", 2)));
    }
}

package io.semel.streams.task;

import static io.semel.streams.dsl.Dlq.dlq;
import static io.semel.streams.dsl.Retry.retry;
import static io.semel.streams.dsl.Via.via;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.streams.KeyValue;
import io.semel.streams.Serdes;
import io.semel.streams.SessionWindows;
import io.semel.streams.Store;
import io.semel.streams.StreamsError.Defect;
import io.semel.streams.TimeWindows;
import io.semel.streams.Topic;
import io.semel.streams.Windowed;
import io.semel.streams.dsl.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

/** A table that tells of a transaction's changes of a key only the newest. */
class LatestTest {
    private static final Serde<Integer> INT = Serdes.text(String::valueOf, Integer::parseInt);
    private static final Topic<String, Integer> IN = Topic.of("in", Serdes.string(), INT);
    private static final Topic<String, Integer> OTHER = Topic.of("other", Serdes.string(), INT);
    private static final Topic<String, Integer> HOP = Topic.of("hop", Serdes.string(), INT);
    private static final Topic<String, Integer> OUT = Topic.of("out", Serdes.string(), INT);
    private static final Topic<String, Integer> OUT2 = Topic.of("out2", Serdes.string(), INT);
    private static final Store<String, Integer> SUM = Store.keyed("sum", Serdes.string(), INT);
    private static final Store<String, Integer> SUM2 = Store.keyed("sum2", Serdes.string(), INT);
    private static final Store<String, Integer> TOTAL = Store.keyed("total", Serdes.string(), INT);
    private static final Store<String, Long> COUNT = Store.keyed("count", Serdes.string(), Serdes.int64());

    private final CycleDriver sums = new CycleDriver(
            s -> s.from(IN).reduce(SUM, Integer::sum).latest().to(OUT));

    private static ConsumerRecord<byte[], byte[]> in(CycleDriver driver, String key, Integer value, long at) {
        return driver.record(IN, key, value, at);
    }

    @Test
    void tellsTheNewestOfEachKeyWhenTheTransactionIsClosedInTheOrderOfTheLast() {
        TaskTurn turn = sums.cycle(0).turn(List.of(List.of(in(sums, "a", 1, 1), in(sums, "b", 5, 2))), 0);
        assertTrue(turn.outputs().isEmpty() && turn.leavesChanges());
        sums.cycle(0).drop();

        sums.transaction(in(sums, "a", 1, 1), in(sums, "b", 5, 2), in(sums, "a", 2, 3));
        sums.transaction(in(sums, "a", 4, 4));

        assertEquals(List.of("b=5@2", "a=3@3", "a=7@4"), sums.read(OUT));
        TaskBatch batch = sums.batches().get(0);
        assertEquals(2, batch.recordsOut());
        assertEquals(List.of(3, 2), List.of(batch.steps().in()[2], batch.steps().out()[2]));
        assertEquals(2, batch.stores().get(0).changes().size());
    }

    @Test
    void saysWhatWasBeforeTheTransaction() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).reduce(SUM, Integer::sum).latest()
                .filter((key, sum) -> sum % 2 == 0).to(OUT));

        driver.transaction(in(driver, "a", 2, 1));
        driver.transaction(in(driver, "a", 1, 2), in(driver, "a", 2, 3));

        assertEquals(List.of("a=2@1", "a=null@3"), driver.read(OUT), "2, then 5, of which the filter had 2");
    }

    @Test
    void doesNotMentionWhatCameAndWent() {
        CycleDriver driver = new CycleDriver(s -> s.table(IN).latest().to(OUT));

        driver.transaction(in(driver, "a", 1, 1), in(driver, "a", null, 2));
        driver.transaction(in(driver, "a", 3, 3));
        driver.transaction(in(driver, "a", null, 4), in(driver, "a", 5, 5));
        driver.transaction(in(driver, "a", 6, 6), in(driver, "a", null, 7));

        assertEquals(List.of("a=3@3", "a=5@5", "a=null@7"), driver.read(OUT));
    }

    @Test
    void takesArraysWithTheSameBytesForOneKey() {
        Topic<byte[], byte[]> bytes = Topic.of("bytes", Serdes.bytes(), Serdes.bytes());
        Topic<byte[], byte[]> newest = Topic.of("newest", Serdes.bytes(), Serdes.bytes());
        CycleDriver driver = new CycleDriver(s -> s.table(bytes).latest().to(newest));

        driver.transaction(driver.record(bytes, new byte[] {1}, new byte[] {1}, 1),
                driver.record(bytes, new byte[] {1}, new byte[] {2}, 2));

        assertEquals(1, driver.outputs().size());
    }

    @Test
    void severalFollowEachOtherInOneTask() {
        CycleDriver driver = new CycleDriver(s -> {
            Table<String, Integer> ones = s.from(IN).reduce(SUM, Integer::sum).latest();
            Table<String, Integer> others = s.from(OTHER).reduce(SUM2, Integer::sum).latest();
            ones.mapValues(sum -> sum * 10).outerJoin(others, (a, b) -> (a == null ? 0 : a)
                    + (b == null ? 0 : b)).latest().to(OUT);
        });

        driver.transaction(in(driver, "a", 1, 1), driver.record(OTHER, "a", 5, 9), in(driver, "a", 2, 3),
                driver.record(OTHER, "b", 6, 4));

        assertEquals(List.of("a=35@9", "b=6@4"), driver.read(OUT));
    }

    @Test
    void aRefusedChangeIsADeadLetterOfItsOwn() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).reduce(SUM, Integer::sum).latest().toStream()
                .mapValues(sum -> 100 / (sum - 3)).recover(retry(1), dlq("dlq")).to(OUT));

        driver.transaction(in(driver, "a", 1, 1), in(driver, "a", 2, 2), in(driver, "b", 1, 3));
        driver.transaction(in(driver, "a", 1, 4));

        assertEquals(List.of("b=-50@3", "a=100@4"), driver.read(OUT));
        ProducerRecord<byte[], byte[]> letter = driver.outputs().get(0);
        assertEquals("dlq", letter.topic());
        assertNull(letter.value(), "no input is to blame");
        assertEquals(1, driver.batches().get(0).deadLetters());
    }

    @Test
    void aRefusedChangeStopsTheRunWithoutRecovery() {
        CycleDriver driver = new CycleDriver(s -> s.from(IN).reduce(SUM, Integer::sum).latest().toStream()
                .mapValues(sum -> 100 / (sum - 3)).to(OUT));
        driver.cycle(0).turn(List.of(List.of(in(driver, "a", 3, 1))), 0);

        Defect refused = assertThrows(Defect.class, () -> driver.cycle(0).seal());

        assertTrue(refused.getMessage().contains("'3-mapValues' refused a change that was held back"),
                refused.getMessage());
    }

    @Test
    void aRecordThatIsTakenBackIsTakenBackHereToo() {
        CycleDriver driver = new CycleDriver(s -> {
            Table<String, Integer> table = s.from(IN).reduce(SUM, Integer::sum);
            table.latest().to(OUT);
            table.toStream().mapValues(sum -> 100 / (sum - 3)).recover(retry(0), dlq("dlq")).to(OUT2);
        });

        driver.transaction(in(driver, "b", 3, 1), in(driver, "a", 1, 2), in(driver, "a", 2, 3),
                in(driver, "c", 1, 4));

        assertEquals(List.of("a=1@2", "c=1@4"), driver.read(OUT), "neither b, nor a with the 2");
        assertEquals("1", new String(driver.cycle(0).base("sum").get("a".getBytes(UTF_8)).value(), UTF_8));
    }

    @Test
    void forgetsWhatIsDropped() {
        sums.cycle(0).turn(List.of(List.of(in(sums, "a", 1, 1), in(sums, "b", 1, 1))), 0);
        sums.cycle(0).drop();

        sums.transaction(in(sums, "a", 5, 2));

        assertEquals(List.of("a=5@2"), sums.read(OUT));
    }

    @Test
    void aStreamThatIsJoinedFindsWhatIsNotToldYet() {
        CycleDriver driver = new CycleDriver(s -> s.from(OTHER)
                .join(s.from(IN).reduce(SUM, Integer::sum).latest(), Integer::sum).to(OUT));

        driver.transaction(in(driver, "a", 1, 1), driver.record(OTHER, "a", 10, 2), in(driver, "a", 1, 3),
                driver.record(OTHER, "a", 10, 4));

        assertEquals(List.of("a=11@2", "a=12@4"), driver.read(OUT));
    }

    @Test
    void tellsOfWindowsAndSessionsWhatIsNewest() {
        Topic<Windowed<String>, Long> windows =
                Topic.of("windows", Serdes.windowed(Serdes.string(), Duration.ofMillis(10)), Serdes.int64());
        CycleDriver driver = new CycleDriver(s -> s.from(IN)
                .windowed(TimeWindows.tumbling(Duration.ofMillis(10))).count(COUNT).latest().to(windows));

        driver.transaction(in(driver, "a", 1, 1), in(driver, "a", 1, 12), in(driver, "a", 1, 13));

        assertEquals(List.of("1@1", "2@13"), driver.read(windows).stream()
                .map(told -> told.substring(told.indexOf('=', told.indexOf(']')) + 1)).toList());
    }

    /** A session told in an earlier transaction goes, though its newest change came in this one. */
    @Test
    void tellsOfASessionThatItWentThoughItChangedBefore() {
        Topic<Windowed<String>, Long> sessions =
                Topic.of("sessions", Serdes.sessions(Serdes.string()), Serdes.int64());
        CycleDriver driver = new CycleDriver(s -> s.from(IN)
                .windowed(SessionWindows.session(Duration.ofMillis(3))).count(COUNT).latest().to(sessions));

        driver.transaction(in(driver, "a", 1, 5));
        driver.transaction(in(driver, "a", 1, 5), in(driver, "a", 1, 6));

        List<String> told = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> output : driver.outputs()) {
            Windowed<String> key = sessions.keySerde().deserializer().deserialize("", output.key());
            Long count = sessions.valueSerde().deserializer().deserialize("", output.value());
            told.add(key.startMs() + ".." + key.endMs() + "=" + count);
        }
        assertEquals(List.of("5..5=1", "5..5=null", "5..6=3"), told);
    }

    /** What the joined table says of before must be what it said last, or a total of it goes astray. */
    @Test
    void totalsOfJoinedTablesComeOut() {
        for (long seed = 1; seed <= 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            boolean left = random.nextBoolean();
            boolean right = random.nextBoolean();
            CycleDriver driver = new CycleDriver(s -> {
                Table<String, Integer> ones = left ? s.table(IN).latest() : s.table(IN);
                Table<String, Integer> others = right ? s.table(OTHER).latest() : s.table(OTHER);
                ones.outerJoin(others, (a, b) -> (a == null ? 0 : a * 100) + (b == null ? 0 : b))
                        .filter((key, both) -> both % 3 != 0)
                        .rekey((key, both) -> KeyValue.of("all", both), via(HOP))
                        .aggregate(TOTAL, () -> 0, Integer::sum, (all, row) -> all - row).to(OUT);
            });
            Map<String, Integer> a = new TreeMap<>();
            Map<String, Integer> b = new TreeMap<>();
            for (int transaction = 0; transaction < 6; transaction++) {
                List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
                for (int i = 1 + random.nextInt(12); i > 0; i--) {
                    String key = "k" + random.nextInt(3);
                    Integer value = random.nextInt(4) == 0 ? null : random.nextInt(50);
                    boolean one = random.nextBoolean();
                    records.add(driver.record(one ? IN : OTHER, key, value, i));
                    (one ? a : b).put(key, value);
                }
                driver.transaction(records);
                StampedBytes total = driver.cycle(1).base("total").get("all".getBytes(UTF_8));
                assertEquals(total(a, b), total == null ? 0 : Integer.parseInt(new String(total.value())),
                        "seed " + seed);
            }
        }
    }

    private static int total(Map<String, Integer> a, Map<String, Integer> b) {
        int total = 0;
        for (String key : List.of("k0", "k1", "k2")) {
            Integer one = a.get(key);
            Integer other = b.get(key);
            int both = (one == null ? 0 : one * 100) + (other == null ? 0 : other);
            total += (one == null && other == null) || both % 3 == 0 ? 0 : both;
        }
        return total;
    }
}

package io.semel.it.kit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.kit.history.History;
import io.semel.it.kit.history.Kind;
import io.semel.it.kit.history.Operation;
import io.semel.it.kit.history.Outcome;
import io.semel.it.kit.history.Place;
import io.semel.it.kit.history.Recorder;
import io.semel.it.kit.history.Seen;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cost of checking grows with the history, not with its square; and one planted anomaly is found in a
 * million.
 */
class LargeHistoryTest {
    private static final int PLACES = 10;
    private static final int WRITERS = 8;
    private static final int COPIES = 2;

    private long nowNs;
    private final Recorder recorder = Recorder.onClock(() -> nowNs += 1_000);
    private final Map<Place, List<Seen>> logs = new LinkedHashMap<>();
    private final Map<Place, Long> ends = new TreeMap<>();

    /**
     * Transactions of three sends, offsets and a commit by eight writers; two readers of everything; looks at
     * ends.
     */
    private History history(int operations, boolean losesOne) {
        for (int place = 0; place < PLACES; place++) {
            logs.put(new Place("t", place), new ArrayList<>());
            ends.put(new Place("t", place), 0L);
        }
        List<Place> places = List.copyOf(logs.keySet());
        for (int writer = 0; writer < WRITERS; writer++) {
            done(Operation.of("w" + writer, Kind.INIT).under("id" + writer));
        }
        int loses = losesOne ? operations / 20 : -1;
        for (int txn = 0; txn < operations / 7; txn++) {
            String process = "w" + txn % WRITERS;
            for (int send = 0; send < 3; send++) {
                Place place = places.get((txn * 7 + send * 3) % PLACES);
                String value = "value-" + txn + "-" + send;
                long offset = ends.merge(place, 1L, Long::sum) - 1;
                done(of(process, txn, Kind.SEND).to(place).at(offset).value(value));
                if (txn != loses || send != 1) logs.get(place).add(new Seen(place, offset, value));
            }
            done(of(process, txn, Kind.SEND_OFFSETS).group("g").offsets(Map.of(places.get(0), (long) txn)));
            done(of(process, txn, Kind.COMMIT));
            for (Place place : places) ends.merge(place, 1L, Long::sum);
            if (txn % 8 != 7) continue;
            for (int reader = 0; reader < COPIES; reader++) polls("r" + reader, places);
            done(Operation.of("looks", Kind.ENDS).offsets(ends));
            done(Operation.of("looks", Kind.ENDS).readCommitted(false).offsets(ends));
        }
        for (int reader = 0; reader < COPIES; reader++) polls("r" + reader, places);
        recorder.drained("r0", places);
        return recorder.history();
    }

    private final Map<String, int[]> readUpTo = new TreeMap<>();

    private void polls(String reader, List<Place> places) {
        int[] positions = readUpTo.computeIfAbsent(reader, name -> new int[PLACES]);
        List<Seen> seen = new ArrayList<>();
        for (Place place : places) {
            List<Seen> log = logs.get(place);
            for (; positions[place.partition()] < log.size(); positions[place.partition()]++) {
                Seen one = log.get(positions[place.partition()]);
                seen.add(new Seen(place, one.offset(), new String(one.value())));
            }
        }
        done(Operation.of(reader, Kind.POLL).records(seen));
    }

    private static Operation of(String process, int txn, Kind kind) {
        return Operation.of(process, kind).in(process + "/" + txn).under("id" + process.substring(1));
    }

    private void done(Operation operation) {
        recorder.begin(operation);
        recorder.end(operation, Outcome.OK);
    }

    @Test
    void isCheckedWhole() {
        Report report = Checker.check(history(30_000, true));

        assertTrue(report.operations() > 20_000, report::text);
        assertEquals(Map.of(Anomaly.LOST_WRITE, 1, Anomaly.TORN_TRANSACTION, 1), report.judged());
    }

    @Test
    @EnabledIfSystemProperty(named = "semel.scale", matches = "[2-9]|[0-9]{2,}")
    void aMillionOperationsTakeLessThanAMinuteAndTwoGigabytes(@TempDir Path directory) {
        Path file = directory.resolve("million.jsonl");
        history(1_300_000, true).write(file);
        recorder.close();
        logs.clear();
        Runtime runtime = Runtime.getRuntime();
        assertTrue(runtime.maxMemory() <= 2L << 30, "more than 2 GiB to use: " + runtime.maxMemory());

        long beginNs = System.nanoTime();
        History read = History.read(file);
        long readNs = System.nanoTime();
        Report report = Checker.check(read);
        Duration reading = Duration.ofNanos(readNs - beginNs);
        Duration checking = Duration.ofNanos(System.nanoTime() - readNs);

        System.out.println("checked " + report.operations() + " operations: read in " + reading.toMillis()
                + " ms, checked in " + checking.toMillis() + " ms, heap at most " + (runtime
                .maxMemory() >> 20) + " MiB");
        assertTrue(report.operations() >= 1_000_000, report::text);
        assertEquals(Map.of(Anomaly.LOST_WRITE, 1, Anomaly.TORN_TRANSACTION, 1), report.judged());
        assertTrue(reading.plus(checking).compareTo(Duration.ofSeconds(60)) < 0, reading + " and "
                + checking);
    }
}

package io.semel.bench.streams;

import io.semel.bench.contender.Outside;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code ./semel bench --only streams-throughput}: how many records a second pass when they lie ready, for a
 * keyed count and for a word count with a repartition topic, each telling every change and only the newest of
 * a transaction, beside Kafka Streams with and without its cache. All brokers are up and take turns.
 * The second half of them counts: until then programs are compiled; a first run on each broker does not
 * count, since that is compiled meanwhile. Every program is begun anew in every round, in turns, and its
 * counts are added up in the end. One thread.
 */
public final class ThroughputBench {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private final Rivals rivals;
    private final int records;
    private final int rounds;

    /** @param records that lie ready; of lines, which have five words each, a third */
    public ThroughputBench(Path directory, int records, int rounds) {
        this.rivals = new Rivals(directory);
        this.records = records;
        this.rounds = rounds;
    }

    /** What one round gave: records a second, and microseconds of processor time a record. */
    private record Result(double perSecond, double appUs, double brokerUs, double outputs) {
    }

    /** One program on one broker, with what each round gave. */
    private record Seat(String kind, Broker broker, Map<String, String> settings, List<Result> results) {
        Seat(String kind, Broker broker, Map<String, String> settings) {
            this(kind, broker, settings, new ArrayList<>());
        }

        Result median() {
            return results.stream().sorted(Comparator.comparingDouble(Result::perSecond)).toList()
                    .get(results.size() / 2);
        }
    }

    /**
     * Measures the DSL on every one of {@code brokers}, and Kafka Streams on {@code theirs}; prints a line
     * each.
     */
    public void run(List<Broker> brokers, Broker theirs) {
        List<Seat> seats = new ArrayList<>();
        for (Program program : Program.values()) {
            seats.clear();
            for (Broker broker : brokers) {
                seats.add(new Seat(App.OURS, broker, Map.of()));
                seats.add(new Seat(App.OURS_LATEST, broker, Map.of()));
            }
            seats.add(new Seat(Rivals.DEFAULTS, theirs, Map.of()));
            seats.add(new Seat(Rivals.NO_CACHE, theirs, Map.of("statestore.cache.max.bytes", "0")));
            for (Broker broker : brokers) {
                System.err.println("  warming up " + broker.name() + ": " + program.title());
                once(program, new Seat(App.OURS, broker, Map.of()));
            }
            for (int round = 1; round <= rounds; round++) {
                for (Seat seat : seats) {
                    System.err.println("  round " + round + ", " + program.title() + ": " + seat.kind()
                            + " on " + seat.broker().name());
                    seat.results().add(once(program, seat));
                }
            }
            double ours = seats.get(0).median().perSecond();
            seats.forEach(seat -> print(program, seat, ours));
        }
    }

    private static void print(Program program, Seat seat, double ours) {
        Result middle = seat.median();
        System.out.printf(Locale.ROOT, "%-14s %-12s %-28s %9.0f rec/s (%.2f times the first), CPU us a"
                + " record: %.1f program, %.1f broker; %.2f outputs a record%n", seat.broker().name(),
                program.title(), seat.kind(), middle.perSecond(), middle.perSecond() / ours, middle.appUs(),
                middle.brokerUs(), middle.outputs());
    }

    private Result once(Program program, Seat seat) {
        Broker broker = seat.broker();
        App.Spec spec = rivals.spec(program, broker, seat.settings());
        int count = program == Program.WORDS ? records / 3 : records;
        try (Load load = new Load(spec)) {
            load.fill(count);
            try (AppProcess app = AppProcess.start(seat.kind(), spec)) {
                double[] before = new double[2];
                Load.Passed passed = load.passed(load.sumExpected(count), PATIENCE, () -> {
                    before[0] = app.cpu();
                    before[1] = brokerCpu(broker);
                });
                double half = count / 2.0;
                return new Result(half * 1e9 / (passed.endNs() - passed.halfNs()),
                        (app.cpu() - before[0]) * 1e6 / half, (brokerCpu(broker) - before[1]) * 1e6 / half,
                        passed.outputs() / (double) count);
            }
        }
    }

    private static double brokerCpu(Broker broker) {
        return Outside.cpu(broker.pid()).toNanos() / 1e9;
    }
}

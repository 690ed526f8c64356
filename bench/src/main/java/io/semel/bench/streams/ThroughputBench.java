package io.semel.bench.streams;

import io.semel.bench.contender.Outside;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code ./semel bench --only streams-throughput}: how many records a second pass when they lie ready, for a
 * keyed count and for a word count with a repartition topic, each telling every change and only the newest of
 * a transaction, beside Kafka Streams with and without its cache.
 * The second half of them counts: until then programs are compiled; the first run does not count, since the
 * broker is compiled meanwhile. Every program is begun anew in every round, in turns, and its counts are
 * added up in the end. One thread.
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

    /** Measures every program on {@code broker} and prints a line each. */
    public void run(Broker broker) {
        for (Program program : Program.values()) {
            Map<String, Map<String, String>> all = new LinkedHashMap<>();
            all.put(App.OURS, Map.of());
            all.put(App.OURS_LATEST, Map.of());
            all.put(Rivals.DEFAULTS, Map.of());
            all.put(Rivals.NO_CACHE, Map.of("statestore.cache.max.bytes", "0"));
            once(App.OURS, rivals.spec(program, broker, Map.of()), broker);
            Map<String, List<Result>> results = new LinkedHashMap<>();
            for (int round = 0; round < rounds; round++) {
                all.forEach((kind, settings) -> results.computeIfAbsent(kind, first -> new ArrayList<>())
                        .add(once(kind, rivals.spec(program, broker, settings), broker)));
            }
            double ours = median(results.get(App.OURS)).perSecond();
            results.forEach((kind, rounds) -> {
                Result middle = median(rounds);
                System.out.printf(Locale.ROOT, "%-14s %-12s %-28s %9.0f rec/s (ours: %.2f times), CPU us a"
                        + " record: %.1f program, %.1f broker; %.2f outputs a record%n", broker.name(),
                        program.title(), kind, middle.perSecond(), ours / middle.perSecond(),
                        middle.appUs(), middle.brokerUs(), middle.outputs());
            });
        }
    }

    private static Result median(List<Result> results) {
        return results.stream().sorted(java.util.Comparator.comparingDouble(Result::perSecond)).toList()
                .get(results.size() / 2);
    }

    private Result once(String kind, App.Spec spec, Broker broker) {
        int count = spec.program() == Program.WORDS ? records / 3 : records;
        try (Load load = new Load(spec)) {
            load.fill(count);
            try (AppProcess app = AppProcess.start(kind, spec)) {
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

package io.semel.bench.streams;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * {@code ./semel bench --only streams-latency}: from the time a record was due to the time a read_committed
 * consumer has what came of it, at two rates, with one stateful step and with one more behind a repartition
 * topic; and how many records a second pass when they lie ready. One thread.
 */
public final class LatencyBench {
    private static final List<Integer> RATES = List.of(500, 5_000);
    private static final Map<String, Map<String, String>> APPS = new java.util.LinkedHashMap<>();

    static {
        APPS.put("semel", Map.of());
        APPS.put("kafka streams", Map.of());
        APPS.put("kafka streams, commit 10 ms", Map.of("commit.interval.ms", "10"));
    }

    private final Path directory;
    private final Duration turn;
    private final int fill;
    private final Duration warmUp;
    private int number;

    /**
     * @param turn   how long each is measured at each rate
     * @param warmUp before that, at the same rate: clients, program and broker are compiled meanwhile, which
     *               takes both of two cores for half a minute
     * @param fill   records that lie ready for the highest throughput
     */
    public LatencyBench(Path directory, Duration turn, Duration warmUp, int fill) {
        this.directory = directory;
        this.turn = turn;
        this.warmUp = warmUp;
        this.fill = fill;
    }

    /** Measures every program on {@code broker} and prints a line each. */
    public void run(Broker broker) throws InterruptedException {
        for (int hops : List.of(0, 1)) {
            for (Map.Entry<String, Map<String, String>> app : APPS.entrySet()) {
                latency(broker, app.getKey(), app.getValue(), hops);
            }
        }
        for (Map.Entry<String, Map<String, String>> app : APPS.entrySet()) {
            throughput(broker, app.getKey(), app.getValue());
        }
    }

    private void latency(Broker broker, String kind, Map<String, String> settings, int hops)
            throws InterruptedException {
        App.Spec spec = spec(broker, hops, settings);
        try (Load load = new Load(spec); App app = App.start(kind, spec)) {
            if (!app.awaitRunning(Duration.ofMinutes(2))) {
                throw new IllegalStateException(kind + " does not run on " + broker.name());
            }
            for (int rate : RATES) {
                measured(load, rate, warmUp);
                Histogram late = measured(load, rate, turn);
                System.out.printf(Locale.ROOT, "%-14s %-28s %d hop%s %6d rec/s: p50 %8.1f ms, p99 %8.1f ms"
                        + " (%d outputs)%n", broker.name(), kind, hops, hops == 1 ? " " : "s", rate,
                        late.getValueAtPercentile(50) / 1e3, late.getValueAtPercentile(99) / 1e3,
                        late.getTotalCount());
            }
        }
    }

    private static Histogram measured(Load load, int rate, Duration howLong) throws InterruptedException {
        long since = System.nanoTime();
        Thread sender = new Thread(() -> load.send(rate, howLong), "load");
        sender.start();
        Histogram late = load.latencies(since, since + howLong.toNanos(), Duration.ofSeconds(2));
        sender.join();
        return late;
    }

    private void throughput(Broker broker, String kind, Map<String, String> settings)
            throws InterruptedException {
        App.Spec spec = spec(broker, 0, settings);
        try (Load load = new Load(spec)) {
            load.fill(fill);
            try (App app = App.start(kind, spec)) {
                if (!app.awaitRunning(Duration.ofMinutes(2))) {
                    throw new IllegalStateException(kind + " does not run on " + broker.name());
                }
                double seconds = load.secondsOfLastHalf(fill, Duration.ofMinutes(5));
                System.out.printf(Locale.ROOT, "%-14s %-28s 0 hops, %d records lying ready, the second "
                        + "half of them: %8.0f rec/s%n", broker.name(), kind, fill, fill / 2 / seconds);
            }
        }
    }

    private App.Spec spec(Broker broker, int hops, Map<String, String> settings) {
        String name = "app" + ++number;
        Path place = directory.resolve(broker.name().replace(' ', '-')).resolve(name);
        return new App.Spec(name, broker.bootstrap(), hops, place, settings);
    }
}

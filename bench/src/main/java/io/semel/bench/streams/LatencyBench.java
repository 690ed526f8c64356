package io.semel.bench.streams;

import io.semel.bench.contender.Outside;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * {@code ./semel bench --only streams-latency}: from the time a record was due to the time a read_committed
 * consumer has what came of it, at steady rates, for a keyed count and for a word count with a repartition
 * topic. Programs are processes of their own, all of them up, and take turns, as do brokers. One thread.
 */
public final class LatencyBench {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private final Rivals rivals;
    private final List<Integer> rates;
    private final Duration turn;
    private final Duration warmUp;
    private final int rounds;

    /**
     * @param rates  records a second, each measured in its turn
     * @param turn   how long each is measured in each round
     * @param warmUp before the first, at each rate for its share: clients, program and broker are compiled
     *               meanwhile, which takes one of two cores for more than half a minute
     */
    public LatencyBench(Path directory, List<Integer> rates, Duration turn, Duration warmUp, int rounds) {
        this.rivals = new Rivals(directory);
        this.rates = rates;
        this.turn = turn;
        this.warmUp = warmUp;
        this.rounds = rounds;
    }

    /** What was seen at one rate: latencies in microseconds, processor time in seconds. */
    private static final class Figures {
        final Histogram late = new Histogram(TimeUnit.MINUTES.toMicros(5), 3);
        double appCpu;
        double brokerCpu;
    }

    /** One program on one broker, with what it was fed with and what was seen of it. */
    private static final class Seat implements AutoCloseable {
        final String kind;
        final Broker broker;
        final Load load;
        final AppProcess app;
        final Map<Integer, Figures> at = new HashMap<>();

        Seat(String kind, Broker broker, App.Spec spec) {
            this.kind = kind;
            this.broker = broker;
            this.load = new Load(spec);
            this.app = AppProcess.start(kind, spec);
        }

        @Override
        public void close() {
            app.close();
            load.close();
        }
    }

    /**
     * Measures the DSL on every one of {@code brokers}, and Kafka Streams on {@code theirs}; prints a line
     * each.
     */
    public void run(List<Broker> brokers, Broker theirs) {
        for (Program program : Program.values()) {
            List<Seat> seats = new ArrayList<>();
            try {
                for (Broker broker : brokers) seats.add(seat(program, broker, App.OURS, Map.of()));
                seats.add(seat(program, theirs, Rivals.DEFAULTS, Map.of()));
                seats.add(seat(program, theirs, Rivals.TUNED, Map.of("commit.interval.ms", "10")));
                for (Seat seat : seats) {
                    seat.app.told();
                    System.err.println("  warming up " + seat.kind + " on " + seat.broker.name() + " for "
                            + warmUp.toSeconds() + " s: " + program.title());
                    for (int rate : rates) {
                        measured(seat, rate, warmUp.dividedBy(rates.size()), new Figures());
                    }
                }
                for (int round = 0; round < rounds; round++) {
                    for (int rate : rates) {
                        for (Seat seat : seats) {
                            measured(seat, rate, turn, seat.at.computeIfAbsent(rate, first -> new Figures()));
                        }
                    }
                }
                for (int rate : rates) {
                    seats.forEach(seat -> print(program, seat, rate, seats.get(0).at.get(rate).late));
                }
            } finally {
                seats.forEach(Seat::close);
            }
        }
    }

    private Seat seat(Program program, Broker broker, String kind, Map<String, String> settings) {
        return new Seat(kind, broker, rivals.spec(program, broker, settings));
    }

    private void measured(Seat seat, int rate, Duration howLong, Figures into) {
        double appBefore = seat.app.cpu();
        double brokerBefore = Outside.cpu(seat.broker.pid()).toNanos() / 1e9;
        long since = System.nanoTime();
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> seat.load.send(rate, howLong));
        seat.load.latencies(since, since + howLong.toNanos(), PATIENCE, into.late);
        sent.join();
        into.appCpu += seat.app.cpu() - appBefore;
        into.brokerCpu += Outside.cpu(seat.broker.pid()).toNanos() / 1e9 - brokerBefore;
    }

    private void print(Program program, Seat seat, int rate, Histogram ours) {
        Figures seen = seat.at.get(rate);
        double records = (double) rate * turn.toMillis() / 1000 * rounds;
        double p50 = seen.late.getValueAtPercentile(50) / 1e3;
        double p99 = seen.late.getValueAtPercentile(99) / 1e3;
        System.out.printf(Locale.ROOT, "%-14s %-12s %-28s %d rec/s: p50 %8.2f ms, p99 %8.2f ms (%.1f, %.1f"
                + " times the first), CPU us a record: %.0f program, %.0f broker; %d outputs%n",
                seat.broker.name(), program.title(), seat.kind, rate, p50, p99,
                p50 * 1e3 / ours.getValueAtPercentile(50), p99 * 1e3 / ours.getValueAtPercentile(99),
                seen.appCpu * 1e6 / records, seen.brokerCpu * 1e6 / records, seen.late.getTotalCount());
    }
}

package io.semel.bench.streams;

import io.semel.bench.contender.Outside;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * {@code ./semel bench --only streams-latency}: from the time a record was due to the time a read_committed
 * consumer has what came of it, at a steady rate, for a keyed count and for a word count with a repartition
 * topic. Programs are processes of their own, all of them up, and take turns, as do brokers. One thread.
 */
public final class LatencyBench {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private final Rivals rivals;
    private final int perSecond;
    private final Duration turn;
    private final Duration warmUp;
    private final int rounds;

    /**
     * @param turn   how long each is measured in each round
     * @param warmUp before the first, at the same rate: clients, program and broker are compiled meanwhile,
     *               which takes one of two cores for more than half a minute
     */
    public LatencyBench(Path directory, int perSecond, Duration turn, Duration warmUp, int rounds) {
        this.rivals = new Rivals(directory);
        this.perSecond = perSecond;
        this.turn = turn;
        this.warmUp = warmUp;
        this.rounds = rounds;
    }

    /** One program on one broker, with what it was fed with and what was seen of it. */
    private static final class Seat implements AutoCloseable {
        final String kind;
        final Broker broker;
        final Load load;
        final AppProcess app;
        final Histogram late = new Histogram(TimeUnit.MINUTES.toMicros(5), 3);
        double appCpu;
        double brokerCpu;

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
    public void run(List<Broker> brokers, Broker theirs) throws InterruptedException {
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
                    measured(seat, warmUp, new Histogram(seat.late));
                }
                for (int round = 0; round < rounds; round++) {
                    for (Seat seat : seats) measured(seat, turn, seat.late);
                }
                seats.forEach(seat -> print(program, seat, seats.get(0)));
            } finally {
                seats.forEach(Seat::close);
            }
        }
    }

    private Seat seat(Program program, Broker broker, String kind, Map<String, String> settings) {
        return new Seat(kind, broker, rivals.spec(program, broker, settings));
    }

    private void measured(Seat seat, Duration howLong, Histogram into) throws InterruptedException {
        double appBefore = seat.app.cpu();
        double brokerBefore = Outside.cpu(seat.broker.pid()).toNanos() / 1e9;
        long since = System.nanoTime();
        Thread sender = new Thread(() -> seat.load.send(perSecond, howLong), "load");
        sender.start();
        seat.load.latencies(since, since + howLong.toNanos(), PATIENCE, into);
        sender.join();
        if (into == seat.late) {
            seat.appCpu += seat.app.cpu() - appBefore;
            seat.brokerCpu += Outside.cpu(seat.broker.pid()).toNanos() / 1e9 - brokerBefore;
        }
    }

    private void print(Program program, Seat seat, Seat ours) {
        double records = (double) perSecond * turn.toMillis() / 1000 * rounds;
        double p50 = seat.late.getValueAtPercentile(50) / 1e3;
        double p99 = seat.late.getValueAtPercentile(99) / 1e3;
        System.out.printf(Locale.ROOT, "%-14s %-12s %-28s %d rec/s: p50 %8.2f ms, p99 %8.2f ms (%.1f, %.1f"
                + " times ours), CPU us a record: %.0f program, %.0f broker; %d outputs%n",
                seat.broker.name(), program.title(), seat.kind, perSecond, p50, p99,
                p50 * 1e3 / ours.late.getValueAtPercentile(50),
                p99 * 1e3 / ours.late.getValueAtPercentile(99), seat.appCpu * 1e6 / records,
                seat.brokerCpu * 1e6 / records, seat.late.getTotalCount());
    }
}

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
 * topic. Programs are processes of their own, all of them up, and take turns. One thread.
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

    /** One program with what it was fed with and what was seen of it. */
    private static final class Seat implements AutoCloseable {
        final String kind;
        final Load load;
        final AppProcess app;
        final Histogram late = new Histogram(TimeUnit.MINUTES.toMicros(5), 3);
        double appCpu;
        double brokerCpu;

        Seat(String kind, App.Spec spec) {
            this.kind = kind;
            this.load = new Load(spec);
            this.app = AppProcess.start(kind, spec);
        }

        @Override
        public void close() {
            app.close();
            load.close();
        }
    }

    /** Measures every program on {@code broker} and prints a line each. */
    public void run(Broker broker) throws InterruptedException {
        for (Program program : Program.values()) {
            List<Seat> seats = new ArrayList<>();
            try {
                for (Map.Entry<String, Map<String, String>> rival : Rivals.bySettings(Rivals.TUNED,
                        Map.of("commit.interval.ms", "10")).entrySet()) {
                    seats.add(new Seat(rival.getKey(), rivals.spec(program, broker, rival.getValue())));
                }
                for (Seat seat : seats) {
                    seat.app.told();
                    measured(seat, broker, warmUp, new Histogram(seat.late));
                }
                for (int round = 0; round < rounds; round++) {
                    for (Seat seat : seats) measured(seat, broker, turn, seat.late);
                }
                seats.forEach(seat -> print(program, broker, seat, seats.get(0)));
            } finally {
                seats.forEach(Seat::close);
            }
        }
    }

    private void measured(Seat seat, Broker broker, Duration howLong, Histogram into)
            throws InterruptedException {
        double appBefore = seat.app.cpu();
        double brokerBefore = Outside.cpu(broker.pid()).toNanos() / 1e9;
        long since = System.nanoTime();
        Thread sender = new Thread(() -> seat.load.send(perSecond, howLong), "load");
        sender.start();
        seat.load.latencies(since, since + howLong.toNanos(), PATIENCE, into);
        sender.join();
        if (into == seat.late) {
            seat.appCpu += seat.app.cpu() - appBefore;
            seat.brokerCpu += Outside.cpu(broker.pid()).toNanos() / 1e9 - brokerBefore;
        }
    }

    private void print(Program program, Broker broker, Seat seat, Seat ours) {
        double records = (double) perSecond * turn.toMillis() / 1000 * rounds;
        double p50 = seat.late.getValueAtPercentile(50) / 1e3;
        double p99 = seat.late.getValueAtPercentile(99) / 1e3;
        System.out.printf(Locale.ROOT, "%-14s %-12s %-28s %d rec/s: p50 %8.2f ms, p99 %8.2f ms (%.1f, %.1f"
                + " times ours), CPU us a record: %.0f program, %.0f broker; %d outputs%n", broker.name(),
                program.title(), seat.kind, perSecond, p50, p99,
                p50 * 1e3 / ours.late.getValueAtPercentile(50),
                p99 * 1e3 / ours.late.getValueAtPercentile(99), seat.appCpu * 1e6 / records,
                seat.brokerCpu * 1e6 / records, seat.late.getTotalCount());
    }
}

package io.semel.examples.demo;

import io.semel.examples.flights.Airport;
import io.semel.examples.flights.AirportDelays;
import io.semel.examples.flights.DirectComputation;
import io.semel.examples.flights.FlightsFile;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;

/**
 * One run through the kills: starts the processes, loads, kills and restarts what the plan says when the
 * committed results have reached its points, and compares. The loader runs only a little ahead of the
 * results and never far beyond the next kill, so that every kill finds work under way. One thread.
 */
final class Round {

    private static final long STALL_MAX_S = 45;
    private static final long AHEAD_MIN = 20;

    /** What a round works on; the same for all rounds. */
    record Input(FlightsFile flights, Map<String, Airport> airports, DirectComputation expected) { }

    private final Input input;
    private final Stage stage;
    private final Screen screen;
    private final long total;
    private final long ahead;
    private final Deque<KillPlan.Kill> kills;
    private final Set<KillPlan.Target> restarting = new LinkedHashSet<>();
    private long countedAtKill = -1;
    private SortedMap<String, AirportDelays> found;

    Round(Input input, Stage stage, KillPlan plan, Screen screen) {
        this.input = input;
        this.stage = stage;
        this.screen = screen;
        this.total = input.expected().flights();
        this.ahead = Math.max(AHEAD_MIN, total / 8);
        this.kills = new ArrayDeque<>(plan.kills());
    }

    Verdict run() {
        start(KillPlan.Target.BROKER);
        Topics.create(stage.client());
        Topics.fill(stage.client(), input.airports());
        start(KillPlan.Target.APPLICATION);
        try (Loader loader = new Loader(input.flights(), stage.client());
             ResultReader reader = new ResultReader(stage.client(), Topics.PARTITIONS)) {
            loader.start();
            work(loader, reader);
            stage.child(KillPlan.Target.APPLICATION).close();
            Results results = reader.drain();
            found = results.newest();
            return Verdict.of(input.expected().byAirport(), results);
        } finally {
            screen.endProgress();
        }
    }

    /** The newest result of each airport, after {@link #run}. */
    SortedMap<String, AirportDelays> found() {
        return found;
    }

    private void start(KillPlan.Target target) {
        Child child = stage.child(target);
        child.startAndAwait();
        screen.say("%s is up after %.2f s (process %d)", target, child.startupMs() / 1000.0, child.pid());
    }

    private void work(Loader loader, ResultReader reader) {
        long counted = 0, movedNs = System.nanoTime();
        while (counted < total || !kills.isEmpty()) {
            loader.allow(allowed(counted));
            long now = reader.poll().counted();
            if (now != counted) movedNs = System.nanoTime();
            counted = now;
            loader.check();
            stage.check();
            welcome();
            if (isDue(counted)) kill(kills.poll(), counted, loader);
            screen.progress(counted, total, stage.status());
            if (System.nanoTime() - movedNs > TimeUnit.SECONDS.toNanos(STALL_MAX_S)) {
                String stalled = "nothing counted for %d s: %d of %d counted, %d loaded; %s";
                throw new DemoFailure(String.format(
                    stalled, STALL_MAX_S, counted, total, loader.acknowledged(), stage.status()));
            }
        }
    }

    private long allowed(long counted) {
        long next = kills.isEmpty() ? total : Math.max(kills.peek().atCounted(), countedAtKill);
        return Math.min(total, Math.min(counted, next) + ahead);
    }

    /** A kill waits until its target is up and work has gone on since the last one, so that it hits work. */
    private boolean isDue(long counted) {
        if (kills.isEmpty() || kills.peek().atCounted() > counted) return false;
        boolean workWentOn = counted > countedAtKill || counted >= total;
        return workWentOn && stage.child(kills.peek().target()).isReady();
    }

    private void kill(KillPlan.Kill kill, long counted, Loader loader) {
        Child child = stage.child(kill.target());
        long pid = child.pid();
        child.kill9();
        countedAtKill = counted;
        screen.say("kill -9 %s (process %d) at %,d counted, %,d more under way",
            kill.target(), pid, counted, Math.max(0, loader.acknowledged() - counted));
        child.start();
        restarting.add(kill.target());
    }

    private void welcome() {
        restarting.removeIf(target -> {
            Child child = stage.child(target);
            if (child.isReady()) screen.say("%s is back after %.2f s", target, child.startupMs() / 1000.0);
            return child.isReady();
        });
    }
}

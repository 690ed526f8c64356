package io.semel.it.kit.chaos;

import io.semel.it.kit.engine.RunningEngine;
import io.semel.it.kit.faults.Faults;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Deals the blows of one schedule on a thread of its own, and heals what it has done at the end. */
final class Nemesis {
    private static final long SLOW_BYTES_A_SECOND = 50_000;

    private final Schedule schedule;
    private final long lengthMs;
    private final Faults faults;
    private final RunningEngine engine;
    private final Tally tally;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Throwable> failures = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "nemesis");

    /** @param engine null when it is not ours */
    Nemesis(Schedule schedule, long lengthMs, Faults faults, RunningEngine engine, Tally tally) {
        this.schedule = schedule;
        this.lengthMs = lengthMs;
        this.faults = faults;
        this.engine = engine;
        this.tally = tally;
    }

    void begin() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns when everything is as it should be again. @return null, or why it is not */
    String finish() {
        ended.countDown();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return failures.isEmpty() ? null : "the broker did not come back: " + failures.get(0).getMessage();
    }

    private void run() {
        long startNs = System.nanoTime();
        try {
            for (Blow blow : schedule.blows()) {
                boolean over = waits(Math.min(blow.afterMs(), leftMs(startNs)));
                if (over || leftMs(startNs) <= 0) break;
                deal(blow);
            }
            waits(leftMs(startNs));
        } catch (RuntimeException | Error failed) {
            failures.add(failed);
        } finally {
            faults.heal();
        }
    }

    private long leftMs(long startNs) {
        return lengthMs - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    }

    /** @return whether the round is over */
    private boolean waits(long ms) {
        try {
            return ended.await(Math.max(0, ms), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void deal(Blow blow) {
        tally.dealt(blow);
        switch (blow.kind()) {
            case KILL -> comesBackAfter(engine::crash);
            case POWER -> comesBackAfter(engine::cutPower);
            case POWER_TWICE -> {
                engine.cutPower();
                engine.beginRestart();
                waits(blow.lastsMs());
                if (engine.isRecovering()) tally.cutAtRecovery();
                comesBackAfter(engine::cutPower);
            }
            case PAUSE -> {
                engine.pause();
                waits(blow.lastsMs());
                engine.resume();
            }
            case CUT -> faults.connections().cut();
            case RESET -> faults.connections().reset();
            case HALF_OPEN -> faults.connections().halfOpen();
            case BLACKHOLE -> {
                faults.connections().blackhole();
                waits(blow.lastsMs());
                faults.connections().heal();
            }
            case THROTTLE -> {
                faults.connections().throttle(SLOW_BYTES_A_SECOND);
                waits(blow.lastsMs());
                faults.connections().heal();
            }
        }
    }

    private void comesBackAfter(Runnable death) {
        death.run();
        long startNs = System.nanoTime();
        engine.restart();
        tally.restarted(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
    }
}

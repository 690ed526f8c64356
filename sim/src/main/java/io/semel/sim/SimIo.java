package io.semel.sim;

import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.Io;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;

/**
 * Background work of one life: each piece runs whole at a step the seed picks, and is answered at a later
 * one, so that a crash falls before, between or after. Work under one key keeps its order, answers included.
 * One thread.
 */
public final class SimIo implements Io, Actor {
    private static final class Job<T> {
        final Object key;
        final Callable<T> work;
        final Lane home;
        final BiConsumer<T, Throwable> reply;
        long readyMs;
        boolean ran;
        T value;
        Throwable thrown;

        Job(Object key, Callable<T> work, Lane home, BiConsumer<T, Throwable> reply) {
            this.key = key;
            this.work = work;
            this.home = home;
            this.reply = reply;
        }

        void run() {
            try {
                value = work.call();
            } catch (Exception failure) {
                thrown = failure;
            }
            ran = true;
        }

        void answer() {
            home.post(() -> reply.accept(value, thrown));
        }
    }

    private final SimRun run;
    private final Dice dice;
    private final List<Job<?>> jobs = new ArrayList<>();
    private final List<Job<?>> open = new ArrayList<>();
    private int slowPercent;
    private int slowMsMax;

    SimIo(SimRun run, Dice dice) {
        this.run = run;
        this.dice = dice;
    }

    @Override
    public <T> void run(Object key, Callable<T> work, Lane home, BiConsumer<T, Throwable> reply) {
        Job<T> job = new Job<>(key, work, home, reply);
        job.readyMs = run.nowMs() + (dice.percent(slowPercent) ? dice.between(1, slowMsMax) : 0);
        jobs.add(job);
    }

    /**
     * From now on this many percent of the work handed in takes up to {@code msMax}; 0 for a disk in good
     * health.
     */
    public void slow(int percent, int msMax) {
        this.slowPercent = percent;
        this.slowMsMax = msMax;
    }

    /** Pieces of work handed in and not yet answered. */
    public int pending() {
        return jobs.size();
    }

    @Override
    public int choices() {
        open.clear();
        for (int index = 0; index < jobs.size(); index++) {
            Job<?> job = jobs.get(index);
            if (job.readyMs <= run.nowMs() && isFirstOfItsKey(index)) open.add(job);
        }
        return open.size();
    }

    @Override
    public void take(int choice) {
        Job<?> job = open.get(choice);
        run.trace().note(job.ran ? "io answers" : "io runs", choice, jobs.size());
        if (job.ran) {
            jobs.remove(job);
            job.answer();
        } else {
            job.run();
        }
    }

    @Override
    public long nextMs() {
        long nextMs = Long.MAX_VALUE;
        for (int index = 0; index < jobs.size(); index++) {
            if (isFirstOfItsKey(index)) nextMs = Math.min(nextMs, jobs.get(index).readyMs);
        }
        return nextMs;
    }

    private boolean isFirstOfItsKey(int index) {
        Object key = jobs.get(index).key;
        if (key == null) return true;
        for (int earlier = 0; earlier < index; earlier++) if (key.equals(jobs.get(earlier).key)) return false;
        return true;
    }

    void end() {
        jobs.clear();
        run.remove(this);
    }
}

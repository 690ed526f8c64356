package io.semel.sim;

import java.util.ArrayList;
import java.util.List;

/** What clients and the nemesis mean to do later; those that are due go in any order. Owned by its run. */
final class Timers implements Actor {
    private record Timer(long atMs, String what, Runnable work) {
    }

    private final SimRun run;
    private final List<Timer> waiting = new ArrayList<>();

    Timers(SimRun run) {
        this.run = run;
    }

    void add(long atMs, String what, Runnable work) {
        waiting.add(new Timer(atMs, what, work));
    }

    @Override
    public int choices() {
        int due = 0;
        for (Timer timer : waiting) if (timer.atMs <= run.nowMs()) due++;
        return due;
    }

    @Override
    public void take(int choice) {
        int due = choice;
        for (int index = 0; index < waiting.size(); index++) {
            if (waiting.get(index).atMs > run.nowMs() || due-- > 0) continue;
            Timer timer = waiting.remove(index);
            run.trace().note(timer.what, choice, waiting.size());
            timer.work.run();
            return;
        }
        throw new IllegalStateException("no timer is due");
    }

    @Override
    public long nextMs() {
        long nextMs = Long.MAX_VALUE;
        for (Timer timer : waiting) nextMs = Math.min(nextMs, timer.atMs);
        return nextMs;
    }
}

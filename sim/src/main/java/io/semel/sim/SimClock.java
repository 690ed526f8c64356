package io.semel.sim;

import io.semel.kernel.world.Clock;

/**
 * The run's time as one process sees it: milliseconds, set apart from true time by what the wall clock
 * showed when the process started. Never goes back within a life. One thread.
 */
public final class SimClock implements Clock {
    private final SimRun run;
    private final long skewMs;

    SimClock(SimRun run, long skewMs) {
        this.run = run;
        this.skewMs = skewMs;
    }

    @Override
    public long nowMs() {
        return run.nowMs() + skewMs;
    }

    /** What the run's clock shows when this one shows {@code deadlineMs}. */
    long trueMs(long deadlineMs) {
        return deadlineMs == Long.MAX_VALUE ? Long.MAX_VALUE : deadlineMs - skewMs;
    }
}

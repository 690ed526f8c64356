package io.semel.log.disk;

import io.semel.kernel.world.Clock;

/** The wall clock as it stood at the start, and monotonic time since. Any thread. */
public final class RealClock implements Clock {
    private static final long NANOS_PER_MS = 1_000_000;

    private final long startMs = System.currentTimeMillis();
    private final long startNanos = System.nanoTime();

    @Override
    public long nowMs() {
        return startMs + (System.nanoTime() - startNanos) / NANOS_PER_MS;
    }
}

package io.semel.it.kit.engine;

import io.semel.kernel.world.Clock;
import io.semel.log.disk.RealClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Real time and what a test has added to it, over all lives of an engine. Any thread. */
final class MovedClock implements Clock {
    private final Clock real = new RealClock();
    private final AtomicLong movedMs = new AtomicLong();

    @Override
    public long nowMs() {
        return real.nowMs() + movedMs.get();
    }

    /** Forward only: rooms rely on a clock that never goes back. */
    void move(Duration forward) {
        if (forward.isNegative()) throw new IllegalArgumentException("the engine's clock never goes back");
        movedMs.addAndGet(forward.toMillis());
    }
}

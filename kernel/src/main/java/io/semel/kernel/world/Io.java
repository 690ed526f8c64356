package io.semel.kernel.world;

import io.semel.kernel.lane.Lane;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;

/**
 * A bounded pool for what may block: force, open, delete, recovery, cold reads. Answers by mail. Any lane.
 */
public interface Io {
    /**
     * Runs {@code work} off the lanes, then posts {@code reply} to {@code home} with the value, or with what
     * was thrown (a {@link DiskFailure} for a failed disk). Work handed in under one {@code key} runs one at
     * a time, in order; null for no order.
     */
    <T> void run(Object key, Callable<T> work, Lane home, BiConsumer<T, Throwable> reply);
}

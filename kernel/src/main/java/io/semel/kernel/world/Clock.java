package io.semel.kernel.world;

/**
 * Milliseconds since 1970 as they stood when the process started, plus monotonic time since: never jumps,
 * never goes back, fits time-outs and timestamps alike. Any thread.
 */
public interface Clock {
    long nowMs();
}

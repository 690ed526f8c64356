package io.semel.streams;

import java.time.Duration;

/**
 * Windows of one size, aligned to the epoch, a new one every {@code advanceMs}; a record that comes more than
 * {@code graceMs} after the end of a window is late for it. An immutable value; times in milliseconds.
 */
public record TimeWindows(long sizeMs, long advanceMs, long graceMs) {
    public TimeWindows {
        if (sizeMs < 1 || advanceMs < 1 || advanceMs > sizeMs || graceMs < 0) {
            throw new IllegalArgumentException("windows of " + sizeMs + " ms every " + advanceMs
                    + " ms with a grace of " + graceMs
                    + " ms: needs 1 ms <= advance <= size, and a grace of 0 or more");
        }
    }

    /** Windows side by side: each record is in exactly one. */
    public static TimeWindows tumbling(Duration size) {
        return new TimeWindows(size.toMillis(), size.toMillis(), 0);
    }

    /** Windows that overlap: each record is in size / advance of them. */
    public static TimeWindows hopping(Duration size, Duration advance) {
        return new TimeWindows(size.toMillis(), advance.toMillis(), 0);
    }

    /** Waits this long for records out of order; without it a window closes at its end. */
    public TimeWindows grace(Duration wait) {
        return new TimeWindows(sizeMs, advanceMs, wait.toMillis());
    }

    /** The start of the first window that holds {@code timestampMs}; the others follow every advance. */
    public long firstStartMs(long timestampMs) {
        return Math.max(0, timestampMs - sizeMs + advanceMs) / advanceMs * advanceMs;
    }
}

package io.semel.streams;

import java.time.Duration;

/**
 * How far apart in event time two records may be to belong together: the other one at most {@code beforeMs}
 * earlier or {@code afterMs} later, and how long records out of order are waited for. An immutable value;
 * times in milliseconds.
 */
public record Within(long beforeMs, long afterMs, long graceMs) {
    public Within {
        if (beforeMs < 0 || afterMs < 0 || graceMs < 0) {
            throw new IllegalArgumentException("within " + beforeMs + " ms before and " + afterMs
                    + " ms after with a grace of " + graceMs + " ms: none may be negative");
        }
    }

    /** The other one may be this much earlier or later. */
    public static Within within(Duration difference) {
        return new Within(difference.toMillis(), difference.toMillis(), 0);
    }

    /** The other one may be at most this much earlier. */
    public Within before(Duration earlier) {
        return new Within(earlier.toMillis(), afterMs, graceMs);
    }

    /** The other one may be at most this much later. */
    public Within after(Duration later) {
        return new Within(beforeMs, later.toMillis(), graceMs);
    }

    /** Waits this long for records out of order. */
    public Within grace(Duration wait) {
        return new Within(beforeMs, afterMs, wait.toMillis());
    }

    /** The same difference seen from the other one. */
    public Within turned() {
        return new Within(afterMs, beforeMs, graceMs);
    }

    /** For how long a record may still meet another. */
    public long retentionMs() {
        return beforeMs + afterMs + graceMs;
    }
}

package io.semel.streams;

import java.time.Duration;

/**
 * Windows that last while records of a key follow each other within {@code gapMs}; a session closes when
 * stream time is more than gap and grace past its last record. An immutable value; times in milliseconds.
 */
public record SessionWindows(long gapMs, long graceMs) {
    public SessionWindows {
        if (gapMs < 1 || graceMs < 0) {
            throw new IllegalArgumentException("sessions with a gap of " + gapMs + " ms and a grace of "
                    + graceMs
                    + " ms: needs a gap of 1 ms or more, and a grace of 0 or more");
        }
    }

    /** Sessions that end after this long without a record. */
    public static SessionWindows session(Duration gap) {
        return new SessionWindows(gap.toMillis(), 0);
    }

    /** Waits this long for records out of order. */
    public SessionWindows grace(Duration wait) {
        return new SessionWindows(gapMs, wait.toMillis());
    }
}

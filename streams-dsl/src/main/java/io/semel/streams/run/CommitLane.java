package io.semel.streams.run;

import java.time.Duration;
import java.util.List;

/**
 * Where a host's commits are finished while it goes on with the next batch: one after the other, in the order
 * they were given. Called by the host's thread only; what it is given may run on another.
 */
public interface CommitLane extends AutoCloseable {
    /** Runs {@code steps} in order, after all that was given before; stops at the first that throws. */
    Ticket submit(List<Runnable> steps);

    /** Ends the lane; what was given before is finished first. */
    @Override
    void close();

    /** How one submission ended. Asked by the host's thread only. */
    interface Ticket {
        /** Whether it has ended, well or not. */
        boolean isDone();

        /** Waits for the end; false if that takes longer than {@code wait}. */
        boolean await(Duration wait);

        /** What a step threw; null if all went well. Only after the end. */
        RuntimeException failure();
    }
}

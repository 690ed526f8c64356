package io.semel.kernel.lane;

/**
 * Runs mail one at a time, in the order posted by each poster. What a lane owns is touched only by its mail
 * (I12).
 */
public interface Lane {
    int index();

    /** Adds mail. Any thread. */
    void post(Runnable mail);

    /**
     * Runs {@code mail} once the current turn's mail is through: where a turn's appends become one force.
     * Only from the lane itself.
     */
    void atTurnEnd(Runnable mail);

    /**
     * Runs {@code mail} when the clock reaches {@code deadlineMs}, or soon after. Only from the lane itself;
     * cannot be taken back.
     */
    void wakeAt(long deadlineMs, Runnable mail);
}

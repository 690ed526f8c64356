package io.semel.streams.run;

/** Where a running instance stands. */
public enum RunState {
    /** Topics are checked; threads join the group. */
    STARTING,
    /** Stores are being folded from their logs, or tables read to their end, before processing. */
    RESTORING,
    /** Every task of this instance processes (it may own none). */
    RUNNING,
    /** Something was unavailable or fenced; what was in flight is dropped and folded again. */
    HEALING,
    /** Stopped by an error, which {@link Running#error()} tells. */
    FAILED,
    /** Closed on request; the group was left. */
    CLOSED;

    boolean isFinal() {
        return switch (this) {
            case FAILED, CLOSED -> true;
            case STARTING, RESTORING, RUNNING, HEALING -> false;
        };
    }
}

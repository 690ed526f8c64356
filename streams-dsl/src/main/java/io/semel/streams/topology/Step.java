package io.semel.streams.topology;

/** What a node does with a record. Shared by all tasks and threads, hence without state of its own. */
@FunctionalInterface
public interface Step {
    /** Passes a record on unchanged. */
    Step PASS = (rec, out) -> out.forward(rec);

    void on(Rec rec, Out out);

    /**
     * Called after the records of every turn, also of one without records, for what is due by time: {@code
     * streamMs} is the newest event time this task has seen in this life (-1: none yet), {@code wallMs} the
     * clock. Only for steps that say so in {@link #isTimed}.
     */
    default void tick(long streamMs, long wallMs, Out out) {
    }

    /** Whether {@link #tick} wants to be called. */
    default boolean isTimed() {
        return false;
    }
}

package io.semel.kernel.law;

import java.util.List;

/**
 * A room that keeps state and obeys the law: {@code decide} reads state and changes nothing, {@code evolve}
 * changes state and decides nothing; what is owed and when time matters are read off the state. Owned by one
 * lane (I12); pure: no clock, no I/O.
 *
 * @param <C> command: a request, a time-out, the outcome of a duty
 * @param <E> event: what happened. Durable events make up the journal, {@code state == fold(durable events)}
 *        (I2); the others (see {@link #isDurable}) live until the room is dropped
 * @param <R> reply: what the asker gets
 */
public interface Shard<C, E, R> {
    /** What the command leads to in this state at this time. Changes nothing. */
    Decision<E, R> decide(C command, long nowMs);

    /**
     * Changes state by an event that stands at {@code offset} of the journal (for events that are not
     * durable: the journal's end).
     */
    void evolve(E event, long offset);

    /**
     * False for events that are never journalled: parked joins, heartbeats. They must not enter
     * {@link #digest()}.
     */
    default boolean isDurable(E event) {
        return true;
    }

    /**
     * The key whose parked commands are decided anew once {@code event} has evolved, or null when it wakes
     * nobody.
     */
    default Object wakes(E event) {
        return null;
    }

    /**
     * What is owed to the world in this state, in a fixed order. Level-triggered: a duty is listed until an
     * event settles it.
     */
    default List<? extends Duty> duties() {
        return List.of();
    }

    /** When time alone changes something in this state; {@link Long#MAX_VALUE} for never. */
    default long nextDeadlineMs() {
        return Long.MAX_VALUE;
    }

    /** The command that time gives at {@code nowMs}; asked only when {@code nextDeadlineMs() <= nowMs}. */
    default C timeout(long nowMs) {
        throw new IllegalStateException("no deadline was announced");
    }

    /**
     * Tells the durable events that lead to this state and no others: folded into a new shard, in this order,
     * they give a shard of the same {@link #digest}. For a snapshot of the journal.
     */
    default void restate(Restating<E> into) {
        throw new IllegalStateException("this shard is folded from its journal's start");
    }

    /** Takes the events that make up a state, each with the journal offset that counts for it. */
    @FunctionalInterface
    interface Restating<E> {
        void event(E event, long offset);
    }

    /** What an asker gets when this room cannot answer: its journal failed, or it was dropped. */
    R unavailable();

    /** A hash of the durable state: equal after folding the same journal again (I2). */
    long digest();
}

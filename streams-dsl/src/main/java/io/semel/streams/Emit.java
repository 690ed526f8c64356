package io.semel.streams;

/**
 * Where a {@code process} step puts what it makes: any number of values, all of the key at hand, in order.
 */
public interface Emit<R> {
    /** Emits with the event time of the record or timer at hand. */
    void emit(R value);

    /** Emits with another event time, in milliseconds. */
    void emit(R value, long timestampMs);
}

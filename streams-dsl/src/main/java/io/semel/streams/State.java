package io.semel.streams;

import java.util.function.BiPredicate;

/**
 * A store as a {@code process} step sees it: what was committed, with the changes of this batch on top. Valid
 * during the call it is given to, on that thread.
 */
public interface State<K, V> {
    /** The value of {@code key}, or null. */
    V get(K key);

    /** The event time of the value of {@code key}, or -1 if there is none. */
    long timestampMs(K key);

    /** Sets {@code key}, with the time of the record or timer at hand; null removes it. */
    void put(K key, V value);

    /** Removes {@code key}; its changelog gets a tombstone. */
    default void remove(K key) {
        put(key, null);
    }

    /**
     * Visits the keys in [{@code from}, {@code to}) until {@code visit} says false, in the order of their
     * bytes; null is an open end. What {@code visit} puts is not visited.
     */
    void range(K from, K to, BiPredicate<K, V> visit);
}

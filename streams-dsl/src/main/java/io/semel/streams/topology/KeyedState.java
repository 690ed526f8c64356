package io.semel.streams.topology;

import java.util.function.BiPredicate;

/**
 * A store as a step sees it: committed state below, this batch's changes on top. Only for the task's thread.
 */
public interface KeyedState<K, V> {
    /** The newest value of {@code key}, or null. */
    Stamped<V> find(K key);

    /**
     * Visits the rows whose key bytes, as the store's key serde writes them, lie from {@code from} on and
     * before {@code to} in unsigned order, until {@code visit} says false; null is an open end. Rows that
     * {@code visit} itself puts or removes are not visited.
     */
    void scan(K from, K to, BiPredicate<K, Stamped<V>> visit);

    /** The row of {@code key}, to be read and then set, without looking for it again. */
    default Row<V> row(K key) {
        Stamped<V> found = find(key);
        return new Row<>() {
            @Override
            public Stamped<V> found() {
                return found;
            }

            @Override
            public void put(V value, long timestampMs) {
                KeyedState.this.put(key, value, timestampMs);
            }
        };
    }

    /** One row as it was found. To be set once, before anything else is done to the store. */
    interface Row<V> {
        /** The newest value, or null. */
        Stamped<V> found();

        /** As {@link KeyedState#put}. */
        void put(V value, long timestampMs);
    }

    /** Sets {@code key}; a null value removes it and leaves a tombstone in the changelog. */
    void put(K key, V value, long timestampMs);
}

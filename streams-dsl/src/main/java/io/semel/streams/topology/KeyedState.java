package io.semel.streams.topology;

/**
 * A store as a step sees it: committed state below, this batch's changes on top. Only for the task's thread.
 */
public interface KeyedState<K, V> {
    /** The newest value of {@code key}, or null. */
    Stamped<V> find(K key);

    /** Sets {@code key}; a null value removes it and leaves a tombstone in the changelog. */
    void put(K key, V value, long timestampMs);
}

package io.semel.streams.topology;

/**
 * A stored value with its event time in milliseconds. An immutable pair; the value itself belongs to the
 * store.
 */
public record Stamped<V>(V value, long timestampMs) {
}

package io.semel.streams.task;

/**
 * A stored value as bytes (null is a removal) with its event time in milliseconds. The bytes are never
 * changed.
 */
public record StampedBytes(byte[] value, long timestampMs) {
    public boolean isRemoval() {
        return value == null;
    }
}

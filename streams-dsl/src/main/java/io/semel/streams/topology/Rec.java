package io.semel.streams.topology;

import org.apache.kafka.common.header.Headers;

/**
 * One record between two steps: key, value, event time in milliseconds, headers. Types were checked by the
 * compiler where the step was made, so that the casts here cannot fail. Immutable; belongs to the task that
 * made it.
 */
public final class Rec {
    private final Object key;
    private final Object value;
    private final long timestampMs;
    private final Headers headers;

    public Rec(Object key, Object value, long timestampMs, Headers headers) {
        this.key = key;
        this.value = value;
        this.timestampMs = timestampMs;
        this.headers = headers;
    }

    @SuppressWarnings("unchecked")
    public <K> K key() {
        return (K) key;
    }

    @SuppressWarnings("unchecked")
    public <V> V value() {
        return (V) value;
    }

    public long timestampMs() {
        return timestampMs;
    }

    public Headers headers() {
        return headers;
    }

    public boolean hasKey() {
        return key != null;
    }

    public boolean hasValue() {
        return value != null;
    }

    public Rec withValue(Object newValue) {
        return new Rec(key, newValue, timestampMs, headers);
    }

    public Rec with(Object newKey, Object newValue) {
        return new Rec(newKey, newValue, timestampMs, headers);
    }

    public Rec at(long newTimestampMs) {
        return new Rec(key, value, newTimestampMs, headers);
    }
}

package io.semel.streams.topology;

import org.apache.kafka.common.header.Headers;

/**
 * One record between two steps: key, value, event time in milliseconds, headers; behind a table also the
 * value that this one takes the place of. Types were checked by the compiler where the step was made, so that
 * the casts here cannot fail. Immutable; belongs to the task that made it.
 */
public final class Rec {
    private final Object key;
    private final Object value;
    private final Object old;
    private final long timestampMs;
    private final Headers headers;

    public Rec(Object key, Object value, long timestampMs, Headers headers) {
        this(key, value, null, timestampMs, headers);
    }

    private Rec(Object key, Object value, Object old, long timestampMs, Headers headers) {
        this.key = key;
        this.value = value;
        this.old = old;
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

    /** What a table had before this change; null if nothing, or if no step below asked for it. */
    @SuppressWarnings("unchecked")
    public <V> V old() {
        return (V) old;
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

    public boolean hasOld() {
        return old != null;
    }

    /** The same record with another value; what was before is forgotten. */
    public Rec withValue(Object newValue) {
        return new Rec(key, newValue, timestampMs, headers);
    }

    /** The same record as a change of a table. */
    public Rec change(Object oldValue, Object newValue) {
        return new Rec(key, newValue, oldValue, timestampMs, headers);
    }

    public Rec with(Object newKey, Object newValue) {
        return new Rec(newKey, newValue, timestampMs, headers);
    }

    public Rec at(long newTimestampMs) {
        return new Rec(key, value, old, newTimestampMs, headers);
    }

    public Rec withHeaders(Headers newHeaders) {
        return new Rec(key, value, old, timestampMs, newHeaders);
    }
}

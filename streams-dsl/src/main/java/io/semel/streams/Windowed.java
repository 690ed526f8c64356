package io.semel.streams;

/**
 * A key in a window of event time, in milliseconds: from {@code startMs} on and before {@code endMs}; the end
 * of a session is its last record and belongs to it. An immutable value.
 */
public record Windowed<K>(K key, long startMs, long endMs) {
    @Override
    public String toString() {
        return key + "@" + startMs + ".." + endMs;
    }
}

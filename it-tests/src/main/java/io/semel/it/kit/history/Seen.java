package io.semel.it.kit.history;

/** A record that a poll returned. Immutable. */
public record Seen(Place place, long offset, String value) {
    @Override
    public String toString() {
        return place + "@" + offset + "=" + value;
    }
}

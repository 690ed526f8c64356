package io.semel.log;

/** A record's timestamp in milliseconds and its offset. Immutable. */
public record TimestampOffset(long timestamp, long offset) {
}

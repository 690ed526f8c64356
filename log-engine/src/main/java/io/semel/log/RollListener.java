package io.semel.log;

/** Told on the log's lane that a segment ends, so that the owner can write side files for what lies below. */
@FunctionalInterface
public interface RollListener {
    /** Everything below {@code newBase} is folded; nothing at or above it is appended yet. */
    void rolling(long newBase);
}

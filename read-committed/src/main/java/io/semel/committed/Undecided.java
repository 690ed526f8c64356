package io.semel.committed;

/** A transaction that has written to this partition and is not decided here yet. Immutable. */
public record Undecided(long producerId, short epoch, long firstOffset) {
}

package io.semel.idempotence;

/** A transaction that has written to this partition and is not decided here yet. Immutable. */
public record OpenTransaction(long producerId, short epoch, long firstOffset) {
}

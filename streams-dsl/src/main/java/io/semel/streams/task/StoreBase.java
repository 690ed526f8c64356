package io.semel.streams.task;

import java.util.NavigableMap;
import java.util.function.BiPredicate;

/**
 * Committed state of one store of one task: only effects of committed transactions ever get in, so that
 * nothing has to be wiped after a crash. May lag behind its log, never lead it. Owned by the task's thread;
 * throws {@link java.io.UncheckedIOException} if it keeps files and the disk fails.
 */
public interface StoreBase {
    /** The value of {@code key}, or null. */
    StampedBytes get(byte[] key);

    /**
     * Visits rows in unsigned order of their keys, from {@code from} on (null: from the first) and below
     * {@code to} (null: to the last), until {@code visit} says false.
     */
    void scan(byte[] from, byte[] to, BiPredicate<byte[], StampedBytes> visit);

    /** Applies changes and the log position they lead to, both or neither. */
    void apply(NavigableMap<byte[], StampedBytes> changes, long position);

    /** The offset in its log up to which (exclusive) it has been folded. */
    long position();

    /** How many keys it holds. */
    long size();

    /** Forgets everything and returns to position 0. */
    void clear();
}

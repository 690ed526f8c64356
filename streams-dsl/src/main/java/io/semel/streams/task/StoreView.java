package io.semel.streams.task;

import java.util.function.BiPredicate;

/** An ordered store of bytes to be read: committed rows, and how far in the log they have come. */
public interface StoreView {
    /** The value of {@code key}, or null. */
    StampedBytes get(byte[] key);

    /**
     * Visits rows in unsigned order of their keys, from {@code from} on (null: from the first) and below
     * {@code to} (null: to the last), until {@code visit} says false.
     */
    void scan(byte[] from, byte[] to, BiPredicate<byte[], StampedBytes> visit);

    /** The offset in its log up to which (exclusive) it has been folded. */
    long position();

    /** How many keys it holds. */
    long size();
}

package io.semel.committed;

import java.nio.ByteBuffer;

/**
 * What an aborted transaction left on a partition: the entry of Kafka's {@code .txnindex}, 34 bytes.
 * Immutable.
 *
 * @param firstOffset of the transaction's first record here
 * @param lastOffset of its abort marker
 * @param lastStableOffset how far everybody else was decided when the marker came: no later entry begins
 *     below it
 */
public record AbortedRange(long producerId, long firstOffset, long lastOffset, long lastStableOffset) {
    /** Bytes of an entry. */
    public static final int SIZE = Short.BYTES + 4 * Long.BYTES;
    private static final short VERSION = 0;

    /** Appends the entry to {@code bytes}. */
    public void encode(ByteBuffer bytes) {
        bytes.putShort(VERSION).putLong(producerId).putLong(firstOffset).putLong(lastOffset)
                .putLong(lastStableOffset);
    }

    /**
     * Takes the next entry off {@code bytes}, or gives null when it is cut short or cannot be one; then
     * {@code bytes} has not moved.
     */
    public static AbortedRange decode(ByteBuffer bytes) {
        if (bytes.remaining() < SIZE || bytes.getShort(bytes.position()) != VERSION) return null;
        int at = bytes.position() + Short.BYTES;
        AbortedRange range = new AbortedRange(bytes.getLong(at), bytes.getLong(at + Long.BYTES),
                bytes.getLong(at + 2 * Long.BYTES), bytes.getLong(at + 3 * Long.BYTES));
        if (!range.isPossible()) return null;
        bytes.position(bytes.position() + SIZE);
        return range;
    }

    private boolean isPossible() {
        return producerId >= 0 && firstOffset >= 0 && firstOffset < lastOffset && lastStableOffset >= 0;
    }
}

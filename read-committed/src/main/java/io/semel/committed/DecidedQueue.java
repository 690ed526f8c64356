package io.semel.committed;

import java.util.Arrays;

/**
 * Transactions whose marker is written and not durable yet, in the order of their markers; tells the lowest
 * first offset of them in constant time. One that begins no lower than one with a later marker is left out:
 * it would be the lowest at no time. Owned by the partition's lane.
 */
final class DecidedQueue {
    private static final int CAPACITY_FIRST = 8;

    private long[] firstOffsets = new long[CAPACITY_FIRST];
    private long[] markerOffsets = new long[CAPACITY_FIRST];
    private int head;
    private int size;

    void add(long firstOffset, long markerOffset) {
        while (size > 0 && firstOffsets[slot(size - 1)] >= firstOffset) size--;
        if (size == firstOffsets.length) grow();
        firstOffsets[slot(size)] = firstOffset;
        markerOffsets[slot(size)] = markerOffset;
        size++;
    }

    /** Forgets those whose marker is below the high watermark: their decision is durable. */
    void settle(long highWatermark) {
        while (size > 0 && markerOffsets[head] < highWatermark) {
            head = slot(1);
            size--;
        }
    }

    /** The lowest first offset, or {@code otherwise} when there is none. */
    long firstOffset(long otherwise) {
        return size == 0 ? otherwise : firstOffsets[head];
    }

    void clear() {
        size = 0;
    }

    private int slot(int index) {
        return head + index & firstOffsets.length - 1;
    }

    private void grow() {
        int capacity = firstOffsets.length;
        long[] first = Arrays.copyOf(firstOffsets, 2 * capacity);
        long[] marker = Arrays.copyOf(markerOffsets, 2 * capacity);
        System.arraycopy(firstOffsets, 0, first, capacity, head);
        System.arraycopy(markerOffsets, 0, marker, capacity, head);
        firstOffsets = first;
        markerOffsets = marker;
    }
}

package io.semel.log;

import io.semel.kernel.world.IndexBytes;
import io.semel.wire.batch.BatchHeader;

/**
 * The highest timestamp so far at some points of a segment: entries of the timestamp and the last offset,
 * relative to the base, of the batch that has it; both rise from entry to entry. The last entry of an ended
 * segment is its maximum. Owned by the partition's lane.
 */
final class TimeIndex extends SparseIndex {
    static final int ENTRY_BYTES = 12;
    private static final int OFFSET = 8;

    private TimeIndex(IndexBytes bytes, long base, int count) {
        super(bytes, ENTRY_BYTES, base, count);
    }

    /** @param bytes null for one that never gets an entry */
    static TimeIndex empty(IndexBytes bytes, long base) {
        return new TimeIndex(bytes, base, 0);
    }

    /**
     * Takes what is in the file.
     *
     * @return null when that cannot be an index of a segment that ends at {@code endOffset}
     */
    static TimeIndex existing(IndexBytes bytes, long base, long endOffset) {
        int sizeAtOpen = bytes == null ? 0 : bytes.sizeAtOpen();
        if (sizeAtOpen % ENTRY_BYTES != 0) return null;
        long timestamp = -1;
        int relative = -1;
        for (int at = 0; at < sizeAtOpen; at += ENTRY_BYTES) {
            if (bytes.getLong(at) <= timestamp || bytes.getInt(at + OFFSET) <= relative) return null;
            timestamp = bytes.getLong(at);
            relative = bytes.getInt(at + OFFSET);
        }
        return base + relative >= endOffset ? null : new TimeIndex(bytes, base, sizeAtOpen / ENTRY_BYTES);
    }

    /** Takes what is in the file of batches that end at or below {@code end}, as long as it rises. */
    static TimeIndex below(IndexBytes bytes, long base, long end) {
        long timestamp = -1;
        int relative = -1;
        int count = 0;
        for (int at = 0; at + ENTRY_BYTES <= bytes.sizeAtOpen(); at += ENTRY_BYTES, count++) {
            if (bytes.getLong(at) <= timestamp || bytes.getInt(at + OFFSET) <= relative) break;
            timestamp = bytes.getLong(at);
            relative = bytes.getInt(at + OFFSET);
            if (base + relative >= end) break;
        }
        return new TimeIndex(bytes, base, count);
    }

    /**
     * Makes sure that the disk has room for the next entry, so that {@link #add} does not fail once the batch
     * is written.
     */
    void reserve() {
        bytes().putLong(at(count()), 0);
        bytes().putInt(at(count()) + OFFSET, 0);
    }

    /** Adds an entry unless the highest timestamp is still that of the last one. */
    void add(long timestamp, long lastOffset) {
        if (timestamp <= lastTimestamp()) return;
        bytes().putLong(at(count()), timestamp);
        bytes().putInt(at(count()) + OFFSET, (int) (lastOffset - base()));
        added();
    }

    long timestamp(int slot) {
        return bytes().getLong(at(slot));
    }

    @Override
    long lastOffset(int slot) {
        return base() + bytes().getInt(at(slot) + OFFSET);
    }

    /** The highest timestamp indexed, -1 when there is none. */
    long lastTimestamp() {
        return count() == 0 ? -1 : timestamp(count() - 1);
    }

    /** Whether the batch that an entry names is there and has that timestamp. @param walk begins before it */
    boolean holds(int slot, BatchWalk walk) {
        long offset = lastOffset(slot);
        while (walk.next()) {
            if (walk.header().lastOffset() < offset) continue;
            BatchHeader batch = walk.header();
            return batch.lastOffset() == offset && BatchWalk.timestampOf(batch) == timestamp(slot);
        }
        return false;
    }

    /** The first slot with this timestamp or a later one; {@link #count()} when there is none. */
    int ceiling(long timestamp) {
        int low = 0;
        int high = count();
        while (low < high) {
            int middle = low + high >>> 1;
            if (timestamp(middle) >= timestamp) high = middle;
            else low = middle + 1;
        }
        return low;
    }
}

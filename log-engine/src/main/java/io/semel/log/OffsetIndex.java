package io.semel.log;

import io.semel.kernel.world.IndexBytes;

/**
 * Where in a segment some of its batches stand: entries of a batch's last offset, relative to the base, and
 * its position. It is a hint: whoever follows an entry checks that the batch there has that last offset.
 * Owned by the partition's lane.
 */
final class OffsetIndex extends SparseIndex {
    static final int ENTRY_BYTES = 8;
    private static final int POSITION = 4;

    private OffsetIndex(IndexBytes bytes, long base, int count) {
        super(bytes, ENTRY_BYTES, base, count);
    }

    /** @param bytes null for one that never gets an entry */
    static OffsetIndex empty(IndexBytes bytes, long base) {
        return new OffsetIndex(bytes, base, 0);
    }

    /**
     * Takes what is in the file.
     *
     * @return null when that cannot be an index of a segment of {@code size} bytes
     */
    static OffsetIndex existing(IndexBytes bytes, long base, int size) {
        int sizeAtOpen = bytes == null ? 0 : bytes.sizeAtOpen();
        if (sizeAtOpen % ENTRY_BYTES != 0) return null;
        int relative = -1;
        int position = -1;
        for (int at = 0; at < sizeAtOpen; at += ENTRY_BYTES) {
            if (bytes.getInt(at) <= relative || bytes.getInt(at + POSITION) <= position) return null;
            relative = bytes.getInt(at);
            position = bytes.getInt(at + POSITION);
        }
        return position >= size ? null : new OffsetIndex(bytes, base, sizeAtOpen / ENTRY_BYTES);
    }

    /** Takes what is in the file of batches that end at or below {@code end}, as long as it rises. */
    static OffsetIndex below(IndexBytes bytes, long base, long end, int size) {
        int relative = -1;
        int position = -1;
        int count = 0;
        for (int at = 0; at + ENTRY_BYTES <= bytes.sizeAtOpen(); at += ENTRY_BYTES, count++) {
            if (bytes.getInt(at) <= relative || bytes.getInt(at + POSITION) <= position) break;
            relative = bytes.getInt(at);
            position = bytes.getInt(at + POSITION);
            if (base + relative >= end || position >= size) break;
        }
        return new OffsetIndex(bytes, base, count);
    }

    /**
     * Makes sure that the disk has room for the next entry, so that {@link #add} does not fail once the batch
     * is written.
     */
    void reserve() {
        bytes().putLong(at(count()), 0);
    }

    void add(long lastOffset, int position) {
        bytes().putInt(at(count()), (int) (lastOffset - base()));
        bytes().putInt(at(count()) + POSITION, position);
        added();
    }

    @Override
    long lastOffset(int slot) {
        return base() + bytes().getInt(at(slot));
    }

    int position(int slot) {
        return bytes().getInt(at(slot) + POSITION);
    }

    /** The last slot whose position is not above {@code position}, -1 when there is none. */
    int floorOfPosition(long position) {
        return Slots.floor(count(), this::position, position);
    }
}

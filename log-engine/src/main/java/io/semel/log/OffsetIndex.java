package io.semel.log;

import io.semel.kernel.world.IndexBytes;

/**
 * Where in a segment some of its batches stand: entries of a batch's last offset, relative to the base, and
 * its position. It is a hint: whoever follows an entry checks that the batch there has that last offset.
 * Owned by the partition's lane.
 */
final class OffsetIndex {
    static final int ENTRY_BYTES = 8;
    private static final int POSITION = 4;

    private IndexBytes bytes;
    private int capacity;
    private final long base;
    private int count;

    private OffsetIndex(IndexBytes bytes, long base, int count) {
        this.bytes = bytes;
        this.capacity = bytes == null ? 0 : bytes.capacity();
        this.base = base;
        this.count = count;
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

    /** No room for one more beside the last, which is kept for the segment's end. */
    boolean full() {
        return capacity > 0 && (count + 2) * ENTRY_BYTES > capacity;
    }

    /**
     * Makes sure that the disk has room for the next entry, so that {@link #add} does not fail once the batch
     * is written.
     */
    void reserve() {
        bytes.putLong(count * ENTRY_BYTES, 0);
    }

    void add(long lastOffset, int position) {
        bytes.putInt(count * ENTRY_BYTES, (int) (lastOffset - base));
        bytes.putInt(count * ENTRY_BYTES + POSITION, position);
        count++;
    }

    int count() {
        return count;
    }

    int sizeInBytes() {
        return count * ENTRY_BYTES;
    }

    long lastOffset(int slot) {
        return base + bytes.getInt(slot * ENTRY_BYTES);
    }

    int position(int slot) {
        return bytes.getInt(slot * ENTRY_BYTES + POSITION);
    }

    /** The last slot whose offset is not above {@code offset}, -1 when there is none. */
    int floor(long offset) {
        int low = -1;
        int high = count - 1;
        while (low < high) {
            int middle = low + high + 1 >>> 1;
            if (lastOffset(middle) <= offset) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    /** The last slot whose position is not above {@code position}, -1 when there is none. */
    int floorOfPosition(long position) {
        int low = -1;
        int high = count - 1;
        while (low < high) {
            int middle = low + high + 1 >>> 1;
            if (position(middle) <= position) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    /** It has entries, and its file is not open. */
    boolean rests() {
        return bytes == null && count > 0;
    }

    /** Closes its file, and keeps in mind how much is in it. */
    void rest() {
        close();
        bytes = null;
    }

    /** Takes its file back, which holds as many entries as when it went to {@link #rest}. */
    void wake(IndexBytes again) {
        bytes = again;
        capacity = again.capacity();
    }

    /** Bytes it may grow to; 0 when it never had a file. */
    int capacity() {
        return capacity;
    }

    /** Whether entries can be added: it has a file, mapped with room. */
    boolean mapped() {
        return bytes != null;
    }

    /** Writes it back and cuts its file to its entries. Blocking. */
    void trim() {
        if (bytes != null) bytes.trim(sizeInBytes());
    }

    void close() {
        if (bytes != null) bytes.close();
    }
}

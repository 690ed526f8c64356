package io.semel.log;

import io.semel.kernel.world.IndexBytes;

/**
 * What a segment's indexes have in common: entries of one size in a file of its own, which is open or rests.
 * A file that rests keeps its entries and gives its handle and mapping to others. Owned by the partition's
 * lane.
 */
abstract sealed class SparseIndex permits OffsetIndex, TimeIndex {
    private final int entryBytes;
    private final long base;
    private IndexBytes bytes;
    private int capacity;
    private int count;

    /** @param bytes null for one that never gets an entry */
    SparseIndex(IndexBytes bytes, int entryBytes, long base, int count) {
        this.bytes = bytes;
        this.entryBytes = entryBytes;
        this.capacity = bytes == null ? 0 : bytes.capacity();
        this.base = base;
        this.count = count;
    }

    /** The last offset that an entry names. */
    abstract long lastOffset(int slot);

    /** The last slot whose offset is not above {@code offset}, -1 when there is none. */
    final int floorOfOffset(long offset) {
        return Slots.floor(count, this::lastOffset, offset);
    }

    final long base() {
        return base;
    }

    final IndexBytes bytes() {
        return bytes;
    }

    final int at(int slot) {
        return slot * entryBytes;
    }

    final void added() {
        count++;
    }

    final int count() {
        return count;
    }

    final int sizeInBytes() {
        return count * entryBytes;
    }

    /** No room for one more beside the last, which is kept for the segment's end. */
    final boolean full() {
        return capacity > 0 && (count + 2) * entryBytes > capacity;
    }

    /** It has entries, and its file is not open. */
    final boolean rests() {
        return bytes == null && count > 0;
    }

    /** Closes its file, and keeps in mind how much is in it. */
    final void rest() {
        close();
        bytes = null;
    }

    /** Takes its file back, which holds as many entries as when it went to {@link #rest}. */
    final void wake(IndexBytes again) {
        bytes = again;
        capacity = again.capacity();
    }

    /** Bytes it may grow to; 0 when it never had a file. */
    final int capacity() {
        return capacity;
    }

    /** Whether entries can be added: it has a file, mapped with room. */
    final boolean mapped() {
        return bytes != null;
    }

    /** Writes it back and cuts its file to its entries. Blocking. */
    final void trim() {
        if (bytes != null) bytes.trim(sizeInBytes());
    }

    final void close() {
        if (bytes != null) bytes.close();
    }
}

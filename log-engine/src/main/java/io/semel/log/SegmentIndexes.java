package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFile;
import io.semel.kernel.world.IndexBytes;

/**
 * The two indexes of a segment and their files. Mapped with room while the segment is active and has entries,
 * mapped as they are when an ended segment is looked up, otherwise closed; those of an active segment that
 * rests know how many entries they have. Owned by the partition's lane; trimmed by I/O threads once given up.
 */
final class SegmentIndexes {
    /**
     * Indexes that their segment has given up: each is trimmed and closed once, by one I/O thread at a time.
     */
    static final class Retired {
        private final OffsetIndex offsets;
        private final TimeIndex times;
        private boolean trimmed;

        private Retired(OffsetIndex offsets, TimeIndex times) {
            this.offsets = offsets;
            this.times = times;
        }

        boolean trimmed() {
            return trimmed;
        }

        void trim() {
            if (trimmed) return;
            offsets.trim();
            times.trim();
            drop();
        }

        /** Closes them as they are: the log was not closed cleanly, and makes them anew. */
        void drop() {
            if (trimmed) return;
            trimmed = true;
            offsets.close();
            times.close();
        }
    }

    private static final int UNKNOWN = -1;

    private final Disk disk;
    private final String directory;
    private final long base;
    private String suffix = "";
    private OffsetIndex offsets;
    private TimeIndex times;
    private int offsetsSize = UNKNOWN;
    private int timesSize = UNKNOWN;

    SegmentIndexes(Disk disk, String directory, long base) {
        this.disk = disk;
        this.directory = directory;
        this.base = base;
        closeUnmapped();
    }

    private void closeUnmapped() {
        offsets = null;
        times = null;
    }

    /** Their files have this behind their names. */
    SegmentIndexes named(String behind) {
        suffix = behind;
        return this;
    }

    boolean loaded() {
        return offsets != null;
    }

    /** A file of theirs is mapped. */
    boolean mapped() {
        return offsets != null && (offsets.mapped() || times.mapped());
    }

    OffsetIndex offsets() {
        return offsets;
    }

    TimeIndex times() {
        return times;
    }

    /** Begins anew without entries; whatever files there are go. They come back with the first entry. */
    void clear() {
        close();
        disk.delete(path(LogNames.OFFSET_INDEX));
        disk.delete(path(LogNames.TIME_INDEX));
        offsets = OffsetIndex.empty(null, base);
        times = TimeIndex.empty(null, base);
    }

    /**
     * Maps both with room, after {@link #clear}, and makes sure that the disk has room for the next entries.
     */
    private void reserve(int offsetsCapacity, int timesCapacity) {
        if (!offsets.mapped()) {
            offsets.wake(again(LogNames.OFFSET_INDEX, offsets.sizeInBytes(), Math.max(offsetsCapacity,
                    offsets.capacity())));
        }
        if (!times.mapped()) {
            times.wake(again(LogNames.TIME_INDEX, times.sizeInBytes(), Math.max(timesCapacity,
                    times.capacity())));
        }
        offsets.reserve();
        times.reserve();
    }

    /** As {@link #reserve}, with the room that is configured, or needed for so many bytes of batches. */
    void reserveFor(int bytes, LogConfig config) {
        int entries = bytes == 0 ? 0 : bytes / Math.max(1, config.indexIntervalBytes()) + 2;
        reserve(Math.max(config.indexCapacity(OffsetIndex.ENTRY_BYTES), entries * OffsetIndex.ENTRY_BYTES),
                Math.max(config.indexCapacity(TimeIndex.ENTRY_BYTES), entries * TimeIndex.ENTRY_BYTES));
    }

    /** Those of an active segment let their files go; {@link #wake} and {@link #reserve} take them back. */
    void rest() {
        if (offsets == null) return;
        offsets.rest();
        times.rest();
    }

    /** An active segment's are not open, and have entries. */
    boolean resting() {
        return offsets.rests() || times.rests();
    }

    /**
     * Takes back the files of entries that rest.
     *
     * @return false when somebody has made a file shorter: they must be made anew
     */
    boolean wake() {
        if (!holds(LogNames.OFFSET_INDEX, offsets.sizeInBytes())) return false;
        if (!holds(LogNames.TIME_INDEX, times.sizeInBytes())) return false;
        if (offsets.rests()) {
            offsets.wake(again(LogNames.OFFSET_INDEX, offsets.sizeInBytes(), offsets.capacity()));
        }
        if (times.rests()) {
            times.wake(again(LogNames.TIME_INDEX, times.sizeInBytes(), times.capacity()));
        }
        return true;
    }

    private boolean holds(String extension, int size) {
        return disk.sizeOf(path(extension)) >= size;
    }

    /** What lies behind the entries was never written: the disk may have no room for it. */
    private IndexBytes again(String extension, int size, int capacity) {
        if (size > 0) {
            try (DiskFile asFile = disk.open(path(extension))) {
                asFile.truncate(size);
            }
        }
        return disk.openIndex(path(extension), capacity);
    }

    boolean full() {
        return offsets.full() || times.full();
    }

    /**
     * Loads an ended segment's as they are.
     *
     * @return whether they can be what they should be; not loaded otherwise
     */
    boolean load(int segmentSize, long endOffset) {
        return take(openWhole(LogNames.OFFSET_INDEX, offsetsSize), openWhole(LogNames.TIME_INDEX, timesSize),
                segmentSize, endOffset);
    }

    /**
     * Reads those of an active segment, to go on with them once they {@link #rest}.
     *
     * @return whether they can be what they should be; not loaded otherwise
     */
    boolean loadCopies(int segmentSize, long endOffset, LogConfig config) {
        int offsetsCapacity = config.indexCapacity(OffsetIndex.ENTRY_BYTES);
        int timesCapacity = config.indexCapacity(TimeIndex.ENTRY_BYTES);
        if (sizeOf(LogNames.OFFSET_INDEX) > offsetsCapacity || sizeOf(LogNames.TIME_INDEX) > timesCapacity) {
            return false;
        }
        return take(copy(LogNames.OFFSET_INDEX, offsetsCapacity), copy(LogNames.TIME_INDEX, timesCapacity),
                segmentSize, endOffset);
    }

    /**
     * Reads what those of an active segment have of batches that end at or below {@code offset}, up to the
     * last batch of which both tell, to go on from there once they {@link #rest}. What stands behind it in
     * their files goes when they are mapped again.
     *
     * @return whether there is such a batch; not loaded otherwise
     */
    boolean loadCopiesBelow(long offset, int segmentSize, LogConfig config) {
        int entries = segmentSize / Math.max(1, config.indexIntervalBytes()) + 2;
        IndexBytes timeBytes = begin(LogNames.TIME_INDEX, entries, TimeIndex.ENTRY_BYTES, config);
        IndexBytes offsetBytes = begin(LogNames.OFFSET_INDEX, entries, OffsetIndex.ENTRY_BYTES, config);
        times = timeBytes == null ? null : TimeIndex.below(timeBytes, base, offset);
        if (times != null && offsetBytes != null && times.count() > 0) {
            long end = times.lastOffset(times.count() - 1) + 1;
            offsets = OffsetIndex.below(offsetBytes, base, end, segmentSize);
            if (offsets.count() > 0 && !full()) return true;
        }
        closeUnmapped();
        return false;
    }

    private IndexBytes begin(String extension, int entries, int entryBytes, LogConfig config) {
        byte[] content = SmallFile.read(disk, path(extension), entries * entryBytes);
        return IndexCopy.of(content, config.indexCapacity(entryBytes));
    }

    private IndexBytes copy(String extension, int capacity) {
        return IndexCopy.of(SmallFile.read(disk, path(extension)), capacity);
    }

    private boolean take(IndexBytes offsetBytes, IndexBytes timeBytes, int segmentSize, long endOffset) {
        offsets = OffsetIndex.existing(offsetBytes, base, segmentSize);
        times = TimeIndex.existing(timeBytes, base, endOffset);
        if (offsets != null && times != null) return true;
        if (offsetBytes != null) offsetBytes.close();
        if (timeBytes != null) timeBytes.close();
        closeUnmapped();
        return false;
    }

    private IndexBytes openWhole(String extension, int knownSize) {
        int size = knownSize == UNKNOWN ? sizeOf(extension) : knownSize;
        return size == 0 ? null : disk.openIndex(path(extension), size);
    }

    private int sizeOf(String extension) {
        return (int) Math.min(disk.sizeOf(path(extension)), Integer.MAX_VALUE);
    }

    /** Gives the mapped ones up to be trimmed elsewhere; from now on they are loaded as they will be then. */
    Retired retire() {
        if (!offsets.mapped()) disk.open(path(LogNames.OFFSET_INDEX)).close();
        Retired retired = new Retired(offsets, times);
        offsetsSize = offsets.sizeInBytes();
        timesSize = times.sizeInBytes();
        closeUnmapped();
        return retired;
    }

    void close() {
        if (offsets != null) offsets.close();
        if (times != null) times.close();
        closeUnmapped();
    }

    private String path(String extension) {
        return LogNames.path(directory, base, extension) + suffix;
    }
}

package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFile;
import io.semel.kernel.world.IndexBytes;

/**
 * The two indexes of a segment and their files. Mapped with room while the segment is active and has entries,
 * mapped as they are when an ended segment is looked up, otherwise closed. Owned by the partition's lane;
 * trimmed by I/O threads once given up.
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
    void reserve(int offsetsCapacity, int timesCapacity) {
        if (!offsets.mapped()) {
            offsets = OffsetIndex.empty(disk.openIndex(path(LogNames.OFFSET_INDEX), offsetsCapacity), base);
        }
        if (!times.mapped()) {
            times = TimeIndex.empty(disk.openIndex(path(LogNames.TIME_INDEX), timesCapacity), base);
        }
        offsets.reserve();
        times.reserve();
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
     * Loads an active segment's, to go on with them.
     *
     * @return whether they can be what they should be; not loaded otherwise
     */
    boolean loadWithRoom(int segmentSize, long endOffset, LogConfig config) {
        int offsetsCapacity = config.indexCapacity(OffsetIndex.ENTRY_BYTES);
        int timesCapacity = config.indexCapacity(TimeIndex.ENTRY_BYTES);
        if (sizeOf(LogNames.OFFSET_INDEX) > offsetsCapacity || sizeOf(LogNames.TIME_INDEX) > timesCapacity) {
            return false;
        }
        return take(disk.openIndex(path(LogNames.OFFSET_INDEX), offsetsCapacity),
                disk.openIndex(path(LogNames.TIME_INDEX), timesCapacity), segmentSize, endOffset);
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
        if (!disk.exists(path(extension))) return 0;
        try (DiskFile asFile = disk.open(path(extension))) {
            return (int) Math.min(asFile.size(), Integer.MAX_VALUE);
        }
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

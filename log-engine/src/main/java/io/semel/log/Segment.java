package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.DiskFile;
import io.semel.log.disk.SharedFile;
import io.semel.wire.batch.BatchFold;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.BatchSlice;
import java.nio.ByteBuffer;

/**
 * One file of a log, of whole batches from its base offset on, with its indexes. The last segment of a log is
 * active: it alone grows. An ended one opens its file and its indexes when it is read, and then checks that
 * they belong together. Owned by the partition's lane.
 */
final class Segment {
    static final int SCAN_BLOCK_BYTES = 256 << 10;
    private static final int TAIL_BLOCK_BYTES = 16 << 10;
    private static final long UNKNOWN = Long.MIN_VALUE;

    private final Disk disk;
    private String path;
    private final LogConfig config;
    private final long base;
    private final SegmentIndexes indexes;
    private SharedFile file;
    private boolean active;
    private boolean dirty;
    private boolean cutSinceForce;
    private int size;
    private long endOffset;
    private int bytesSinceEntry;
    private long maxTimestamp = -1;
    private long maxTimestampOffset = -1;
    private long firstTimestamp = UNKNOWN;
    private long createdMs = -1;
    private boolean dated;
    private boolean pinned;
    private SegmentIndexes.Retired retired;

    private Segment(Disk disk, String directory, LogConfig config, long base) {
        this.disk = disk;
        this.path = LogNames.path(directory, base, LogNames.LOG);
        this.config = config;
        this.base = base;
        this.indexes = new SegmentIndexes(disk, directory, base);
        this.endOffset = base;
    }

    /** A new, empty, active one; its file is created. */
    static Segment create(Disk disk, String directory, LogConfig config, long base) {
        return new Segment(disk, directory, config, base).begun();
    }

    /** A new, empty one under the names of a cleaning; stays open until its files have their own. */
    static Segment cleaned(Disk disk, String directory, LogConfig config, long base) {
        Segment segment = new Segment(disk, directory, config, base);
        segment.path += SegmentSwap.CLEANED;
        segment.indexes.named(SegmentSwap.CLEANED);
        segment.pinned = true;
        return segment.begun();
    }

    private Segment begun() {
        indexes.clear();
        file().truncate(0);
        active = true;
        dated = true;
        return this;
    }

    /**
     * One whose file is there; what it holds is found out by {@link #ended}, {@link #adopt} or {@link
     * #rescan}.
     */
    static Segment existing(Disk disk, String directory, LogConfig config, long base) {
        Segment segment = new Segment(disk, directory, config, base);
        long size = disk.sizeOf(segment.path);
        if (size > Integer.MAX_VALUE) {
            throw new DiskFailure(segment.path + ": " + size + " bytes are more than a segment has", null);
        }
        segment.size = (int) size;
        return segment;
    }

    String path() {
        return path;
    }

    long base() {
        return base;
    }

    int size() {
        return size;
    }

    /** The offset after its last record; of an ended one the next segment's base. */
    long endOffset() {
        return endOffset;
    }

    boolean active() {
        return active;
    }

    /** The highest timestamp in it, -1 when there is none. */
    long maxTimestamp() {
        load();
        return maxTimestamp;
    }

    /** Whether {@link #latestMs} is known without reading a file. */
    boolean dated() {
        return dated;
    }

    /** The highest timestamp in it, -1 when there is none; only when {@link #dated}. */
    long latestMs() {
        return maxTimestamp;
    }

    SegmentDating dating() {
        return new SegmentDating(disk, LogNames.parent(path), config, base, endOffset);
    }

    boolean firstDated() {
        return firstTimestamp != UNKNOWN;
    }

    /** The timestamp of its first batch, negative when there is none; only when {@link #firstDated}. */
    long firstMs() {
        return firstTimestamp;
    }

    /** What a dating has found. */
    void dated(long firstMs, long latestMs) {
        if (!firstDated()) firstTimestamp = firstMs;
        if (dated) return;
        maxTimestamp = latestMs;
        dated = true;
    }

    /** Nothing is to be done to its files any more; their indexes are as long as their entries. */
    boolean settled() {
        return retired == null || retired.trimmed();
    }

    /** By its indexes where they fit, else by its batches; makes no index anew. */
    long findLatestMs() {
        long nextBase = endOffset;
        boolean fits = indexes.load(size, nextBase) && followTail() == null;
        if (fits && (endOffset == nextBase || config.compacted())) return maxTimestamp;
        long latest = -1;
        BatchWalk walk = walk(SCAN_BLOCK_BYTES).from(0, base);
        while (walk.next()) latest = Math.max(latest, BatchWalk.timestampOf(walk.header()));
        if (walk.flaw() != null) throw damaged(walk.position(), walk.endOffset(), walk.flaw());
        return latest;
    }

    /** It is the log's no more: lets go of its files, so that they can be deleted. Off the lane. */
    void leave() {
        if (retired != null) retired.drop();
        rest();
    }

    OffsetIndex offsets() {
        load();
        return indexes.offsets();
    }

    TimeIndex times() {
        load();
        return indexes.times();
    }

    DiskFile file() {
        if (file == null) file = new SharedFile(disk.open(path));
        return file.file();
    }

    SharedFile shareFile() {
        file();
        return file.share();
    }

    BatchSlice slice(int position, int end) {
        SharedFile held = shareFile();
        return new BatchSlice(held.file(), position, end - position, held::release);
    }

    BatchWalk walk(int blockBytes) {
        return new BatchWalk(file(), base, config.compacted(), size, blockBytes);
    }

    /** @return whether this is the first unforced change since the last {@link #captured} */
    boolean becomesDirty() {
        boolean first = !dirty;
        dirty = true;
        return first;
    }

    void captured() {
        dirty = false;
        cutSinceForce = false;
    }

    boolean resting() {
        return file == null && !indexes.loaded();
    }

    /** Lets the open file and the mapped indexes go; they are opened again when needed. */
    void rest() {
        if (pinned) return;
        if (file != null) file.release();
        file = null;
        indexes.close();
    }

    /** Its files have their names now. */
    void unpinned() {
        if (!pinned) return;
        pinned = false;
        path = path.substring(0, path.length() - SegmentSwap.CLEANED.length());
        indexes.named("");
    }

    /** Whether this batch belongs into a new segment: this one is full, too old, or cannot count that far. */
    boolean mustEndBefore(BatchHeader batch, long offset, long nowMs) {
        if (createdMs < 0) createdMs = nowMs;
        if (size == 0) return false;
        if ((long) size + batch.sizeInBytes() > config.segmentBytes() || indexes.full()) return true;
        if (offset + batch.lastOffsetDelta() - base > Integer.MAX_VALUE) return true;
        boolean dated = firstTimestamp >= 0 && batch.maxTimestamp() >= 0;
        return (dated ? batch.maxTimestamp() - firstTimestamp : nowMs - createdMs) > config.segmentMs();
    }

    /**
     * Writes a stamped batch at the end. When the disk was full nothing has changed; after another failure
     * the end is not known.
     */
    void append(BatchHeader batch, ByteBuffer bytes) {
        boolean entryDue = bytesSinceEntry > config.indexIntervalBytes();
        if (entryDue) {
            indexes.reserve(config.indexCapacity(OffsetIndex.ENTRY_BYTES),
                    config.indexCapacity(TimeIndex.ENTRY_BYTES));
        }
        int start = bytes.position();
        try {
            file().write(bytes, size);
        } catch (DiskFailure failure) {
            if (failure.full()) cutBack(failure);
            throw failure;
        } finally {
            bytes.position(start);
        }
        take(batch, size, entryDue);
        size += batch.sizeInBytes();
    }

    /** Counts a batch of a cleaned segment that stands, or will be written, at {@code position}. */
    void put(BatchHeader batch, int position) {
        boolean entryDue = bytesSinceEntry > config.indexIntervalBytes() && !indexes.full();
        if (entryDue) reserveFor(config.segmentBytes());
        take(batch, position, entryDue);
        size = position + batch.sizeInBytes();
    }

    /** A cleaned one has all it gets: forced, with trimmed indexes, up to the next one's base. */
    void finish(long nextBase) {
        file().force();
        end().trim();
        endOffset = nextBase;
    }

    private void cutBack(DiskFailure full) {
        try {
            file().truncate(size);
            cutSinceForce = true;
        } catch (DiskFailure failure) {
            failure.addSuppressed(full);
            throw new DiskFailure(path + ": the disk is full, and the half-written batch at position " + size
                    + " could not be removed: restart the broker, so that the log is recovered", failure);
        }
    }

    private void take(BatchHeader batch, int position, boolean entryDue) {
        if (position == 0) firstTimestamp = batch.maxTimestamp();
        if (BatchWalk.timestampOf(batch) > maxTimestamp) {
            maxTimestamp = BatchWalk.timestampOf(batch);
            maxTimestampOffset = batch.lastOffset();
        }
        if (entryDue) {
            indexes.offsets().add(batch.lastOffset(), position);
            indexes.times().add(maxTimestamp, maxTimestampOffset);
            bytesSinceEntry = 0;
        }
        bytesSinceEntry += batch.sizeInBytes();
        endOffset = batch.nextOffset();
    }

    /**
     * No batch comes any more: the last time entry is made. What a full disk left behind the end must not
     * come back after a power cut, when this segment may lie below the recovery point and is not looked at.
     *
     * @return the indexes, to be trimmed off the lane
     */
    SegmentIndexes.Retired end() {
        if (cutSinceForce) file().force();
        if (maxTimestamp > indexes.times().lastTimestamp()) {
            if (!indexes.times().mapped()) {
                indexes.reserve(config.indexCapacity(OffsetIndex.ENTRY_BYTES),
                        config.indexCapacity(TimeIndex.ENTRY_BYTES));
            }
            indexes.times().add(maxTimestamp, maxTimestampOffset);
        }
        retired = indexes.retire();
        active = false;
        return retired;
    }

    /**
     * It is not the last one: everything up to the next segment's base is in it. Nothing is read until it is
     * needed.
     */
    void ended(long nextBase) {
        endOffset = nextBase;
        rest();
    }

    /** Cuts what is not the log's. */
    void cut(int position) {
        file().truncate(position);
        size = position;
    }

    /** It is the last one, and goes on growing after {@link #rescan}. */
    void activate() {
        active = true;
    }

    /**
     * Takes the last segment of a log that was closed cleanly, to go on with it.
     *
     * @return false when it is not as it was left
     */
    boolean adopt() {
        active = true;
        if (size == 0) {
            indexes.clear();
            dated = true;
            return true;
        }
        if (!indexes.loadWithRoom(size, Long.MAX_VALUE, config)) return false;
        BatchWalk first = walk(BatchHeader.SIZE).from(0, base);
        if (!first.next()) return false;
        firstTimestamp = first.header().maxTimestamp();
        dated = followTail() == null;
        return dated;
    }

    /** How {@link #rescan} takes the batches that reach above an offset. */
    enum Tail {
        /** Their CRC is checked. */
        CHECKED,
        /** They are written again where they stand, then checked: the next force makes them durable. */
        WRITTEN_AGAIN
    }

    /**
     * Goes over all of it: makes its indexes anew, and checks the CRC of batches that reach above {@code
     * checkedOffset}.
     *
     * @param each told of each good batch's header
     * @return the walk, at the end or at a flaw
     */
    BatchWalk rescan(long checkedOffset, Tail tail, BatchFold each) {
        boolean again = tail == Tail.WRITTEN_AGAIN;
        indexes.clear();
        bytesSinceEntry = 0;
        maxTimestamp = -1;
        maxTimestampOffset = -1;
        endOffset = base;
        BatchWalk walk = walk(SCAN_BLOCK_BYTES).from(0, base);
        while (walk.next()) {
            if (again && walk.header().nextOffset() > checkedOffset) {
                again = false;
                Recovery.writeAgain(file(), walk.position(), size);
                if (!walk.again()) break;
            }
            if (walk.header().nextOffset() > checkedOffset && !walk.crcHolds()) break;
            boolean entryDue = bytesSinceEntry > config.indexIntervalBytes() && !indexes.full();
            if (entryDue) reserveFor(size);
            take(walk.header(), walk.position(), entryDue);
            each.fold(walk.header());
        }
        dated = true;
        return walk;
    }

    private void reserveFor(int bytes) {
        int entries = bytes / Math.max(1, config.indexIntervalBytes()) + 2;
        int offsetsCapacity = Math.max(config.indexCapacity(OffsetIndex.ENTRY_BYTES),
                entries * OffsetIndex.ENTRY_BYTES);
        int timesCapacity = Math.max(config.indexCapacity(TimeIndex.ENTRY_BYTES),
                entries * TimeIndex.ENTRY_BYTES);
        indexes.reserve(offsetsCapacity, timesCapacity);
    }

    /** Makes an ended one ready to be read: its indexes, and whether it goes up to the next one's base. */
    void load() {
        if (active || indexes.loaded()) return;
        long nextBase = endOffset;
        String flaw = "no index files that fit";
        if (indexes.load(size, nextBase)) flaw = followTail();
        if (flaw != null) {
            endOffset = nextBase;
            reindex();
            if (!indexes.load(size, nextBase)) throw damaged(size, nextBase, "its indexes cannot be made");
        }
        long foundEnd = endOffset;
        endOffset = nextBase;
        if (misses(foundEnd)) {
            indexes.close();
            throw damaged(size, foundEnd, "the log goes on at offset " + nextBase + " in the next file");
        }
        dated = true;
    }

    /** From the last index entry on, counts as {@link #append} did. @return what does not fit, or null */
    private String followTail() {
        OffsetIndex offsets = indexes.offsets();
        TimeIndex times = indexes.times();
        int last = offsets.count() - 1;
        if (times.count() > 0 && !timeEntryHolds(times.count() - 1)) {
            return "the time index points at another batch";
        }
        endOffset = base;
        bytesSinceEntry = 0;
        maxTimestamp = times.lastTimestamp();
        maxTimestampOffset = times.count() == 0 ? -1 : times.lastOffset(times.count() - 1);
        BatchWalk walk = walk(TAIL_BLOCK_BYTES).from(last < 0 ? 0 : offsets.position(last));
        boolean atEntry = last >= 0;
        while (walk.next()) {
            BatchHeader batch = walk.header();
            if (atEntry && batch.lastOffset() != offsets.lastOffset(last)) {
                return "the offset index points at another batch";
            }
            if (!atEntry && bytesSinceEntry > config.indexIntervalBytes()) {
                return "the offset index is too short";
            }
            if (BatchWalk.timestampOf(batch) > maxTimestamp) return "the time index is too short";
            take(batch, walk.position(), false);
            atEntry = false;
        }
        return walk.flaw();
    }

    /** Whether the batch that an entry of the time index names is there and has that timestamp. */
    boolean timeEntryHolds(int slot) {
        TimeIndex times = indexes.times();
        long offset = times.lastOffset(slot);
        int entry = indexes.offsets().floor(offset);
        BatchWalk walk = walk(TAIL_BLOCK_BYTES).from(entry < 0 ? 0 : indexes.offsets().position(entry));
        while (walk.next()) {
            if (walk.header().lastOffset() < offset) continue;
            BatchHeader batch = walk.header();
            return batch.lastOffset() == offset && BatchWalk.timestampOf(batch) == times.timestamp(slot);
        }
        return false;
    }

    /**
     * The index entries lie: makes them anew. Only from a walk that began at one and met nothing that can be
     * true.
     */
    void reindex() {
        long nextBase = endOffset;
        BatchWalk walk = rescan(Long.MAX_VALUE, Tail.CHECKED, batch -> { });
        endOffset = nextBase;
        String flaw = walk.flaw() == null && misses(walk.endOffset()) ? "it ends elsewhere" : walk.flaw();
        if (flaw != null) {
            indexes.close();
            throw damaged(walk.position(), walk.endOffset(), flaw);
        }
        if (!active) end().trim();
    }

    private boolean misses(long foundEnd) {
        return foundEnd != endOffset && (!config.compacted() || foundEnd > endOffset);
    }

    DiskFailure damaged(int position, long offset, String flaw) {
        return Recovery.damaged(path, position, offset, flaw);
    }
}

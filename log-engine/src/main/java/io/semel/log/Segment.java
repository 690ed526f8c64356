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
 * active: it alone grows. Each opens its file and its indexes when they are needed, and may let them go again
 * ({@link OpenSegments}); an ended one checks then that they belong together. Owned by the partition's lane.
 */
final class Segment {
    static final int SCAN_BLOCK_BYTES = 256 << 10;
    private static final int TAIL_BLOCK_BYTES = 16 << 10;

    private final Disk disk;
    private final LogConfig config;
    private final long base;
    private final SegmentIndexes indexes;
    private final SegmentFile file;
    private final SegmentDates dates = new SegmentDates();
    private final OpenSegments.Place place = new OpenSegments.Place(this);
    private boolean active;
    private boolean dirty;
    private boolean cutSinceForce;
    private int size;
    private long endOffset;
    private int bytesSinceEntry;
    private long createdMs = -1;
    private boolean pinned;
    private boolean asLeft;
    private SegmentIndexes.Retired retired;

    private Segment(Disk disk, String directory, LogConfig config, long base) {
        this.disk = disk;
        this.file = new SegmentFile(disk, LogNames.path(directory, base, LogNames.LOG));
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
        segment.file.named(SegmentSwap.CLEANED);
        segment.indexes.named(SegmentSwap.CLEANED);
        segment.pinned = true;
        return segment.begun();
    }

    private Segment begun() {
        indexes.clear();
        file().truncate(0);
        active = true;
        dates.complete(true);
        return this;
    }

    /**
     * One whose file is there; what it holds is found out by {@link #ended}, {@link #adopt} or {@link
     * #rescan}.
     */
    static Segment existing(Disk disk, String directory, LogConfig config, long base) {
        Segment segment = new Segment(disk, directory, config, base);
        long size = disk.sizeOf(segment.path());
        if (size > Integer.MAX_VALUE) {
            throw new DiskFailure(segment.path() + ": " + size + " bytes are more than a segment has", null);
        }
        segment.size = (int) size;
        return segment;
    }

    String path() {
        return file.path();
    }

    OpenSegments.Place place() {
        return place;
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
        return dates.latestMs();
    }

    /** When its records were made, as far as that is known without reading a file. */
    SegmentDates dates() {
        return dates;
    }

    SegmentDating dating() {
        return new SegmentDating(disk, LogNames.parent(path()), config, base, endOffset);
    }

    /** Nothing is to be done to its files any more; their indexes are as long as their entries. */
    boolean settled() {
        return retired == null || retired.trimmed();
    }

    /** Whether its indexes tell when its latest record was made; makes none anew. */
    boolean datesItself() {
        long nextBase = endOffset;
        boolean fits = indexes.load(size, nextBase) && followTail() == null;
        return fits && (endOffset == nextBase || config.compacted());
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
        place.use();
        if (!file.isOpen()) place.opens();
        return file.opened(size);
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
        asLeft = false;
        place.use();
        dirty = true;
        return first;
    }

    boolean dirty() {
        return dirty;
    }

    void captured() {
        dirty = false;
        place.captured();
        cutSinceForce = false;
    }

    boolean resting() {
        return !file.isOpen() && !indexes.mapped();
    }

    /** A clean close left it so: nothing was written since, and no index was mapped with room. */
    boolean asLeft() {
        return asLeft;
    }

    /** Lets the open file and the mapped indexes go; they are opened again when needed. */
    void rest() {
        file.close();
        if (active) indexes.rest();
        else indexes.close();
    }

    /** Its files have their names now. */
    void unpinned() {
        if (!pinned) return;
        pinned = false;
        file.named("");
        indexes.named("");
    }

    /** It stays open: its files do not have their names yet. */
    boolean pinned() {
        return pinned;
    }

    /** Whether this batch belongs into a new segment: this one is full, too old, or cannot count that far. */
    boolean mustEndBefore(BatchHeader batch, long offset, long nowMs) {
        if (createdMs < 0) createdMs = nowMs;
        if (size == 0) return false;
        if ((long) size + batch.sizeInBytes() > config.segmentBytes() || indexes.full()) return true;
        if (offset + batch.lastOffsetDelta() - base > Integer.MAX_VALUE) return true;
        return dates.spanMs(batch, createdMs, nowMs) > config.segmentMs();
    }

    /**
     * Writes a stamped batch at the end. When the disk was full nothing has changed; after another failure
     * the end is not known.
     */
    void append(BatchHeader batch, ByteBuffer bytes) {
        boolean entryDue = bytesSinceEntry > config.indexIntervalBytes();
        if (entryDue) reserveFor(0);
        int start = bytes.position();
        try {
            file().write(bytes, size);
        } catch (DiskFailure failure) {
            if (failure.full()) file.cutBack(size, failure);
            cutSinceForce |= failure.full();
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

    private void take(BatchHeader batch, int position, boolean entryDue) {
        if (position == 0) dates.begin(batch);
        dates.take(batch);
        if (entryDue) {
            indexes.offsets().add(batch.lastOffset(), position);
            dates.enter(indexes.times());
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
        load();
        asLeft = false;
        if (dates.latestMs() > indexes.times().lastTimestamp()) {
            if (!indexes.times().mapped()) reserveFor(0);
            dates.enter(indexes.times());
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
        asLeft = false;
        dates.complete(true);
    }

    /** It is the last one, and goes on growing after {@link #rescan}. */
    void activate() {
        active = true;
    }

    /**
     * Takes the last segment of a log that was closed cleanly, to go on with it. It has nothing open then.
     *
     * @return false when it is not as it was left
     */
    boolean adopt() {
        active = true;
        if (size == 0) {
            indexes.clear();
            dates.complete(true);
            return true;
        }
        if (!indexes.loadCopies(size, Long.MAX_VALUE, config)) return false;
        BatchWalk first = walk(BatchHeader.SIZE).from(0, base);
        if (!first.next()) return false;
        dates.begin(first.header());
        asLeft = followTail() == null;
        dates.complete(asLeft);
        rest();
        return asLeft;
    }

    /**
     * Goes over all of it: makes its indexes anew, and checks the CRC of batches that reach above {@code
     * checkedOffset}.
     *
     * @param each told of each good batch's header
     * @return the walk, at the end or at a flaw
     */
    BatchWalk rescan(long checkedOffset, Tail tail, BatchFold each) {
        asLeft = false;
        indexes.clear();
        bytesSinceEntry = 0;
        dates.clear();
        endOffset = base;
        return goOver(walk(SCAN_BLOCK_BYTES).from(0, base), checkedOffset, tail, each);
    }

    /**
     * As {@link #rescan}, but only from the last batch on that both indexes lead to, below {@code
     * checkedOffset}; their entries up to it are kept.
     *
     * @return null when they lead to none that is what they say
     */
    BatchWalk resume(long checkedOffset, Tail tail, BatchFold each) {
        asLeft = false;
        if (!indexes.loadCopiesBelow(checkedOffset, size, config)) return null;
        BatchWalk first = walk(BatchHeader.SIZE).from(0, base);
        if (!first.next() || !timeEntryHolds(indexes.times().count() - 1)) return null;
        dates.begin(first.header());
        BatchWalk walk = toLastEntry(SCAN_BLOCK_BYTES);
        if (walk == null || !walk.crcHolds()) return null;
        take(walk.header(), walk.position(), false);
        each.fold(walk.header());
        indexes.rest();
        return goOver(walk, checkedOffset, tail, each);
    }

    private BatchWalk goOver(BatchWalk walk, long checkedOffset, Tail tail, BatchFold each) {
        boolean again = tail == Tail.WRITTEN_AGAIN;
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
        dates.complete(walk.flaw() == null);
        return walk;
    }

    private void reserveFor(int bytes) {
        place.opens();
        indexes.reserveFor(bytes, config);
    }

    /**
     * Makes it ready to be looked up: its indexes, and of an ended one whether it goes up to the next one's
     * base.
     */
    void load() {
        place.use();
        if (active && indexes.resting()) {
            place.opens();
            asLeft = false;
            if (!indexes.wake()) reindex();
        }
        if (active || indexes.loaded()) return;
        place.opens();
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
        dates.complete(true);
    }

    /** From the last index entry on, counts as {@link #append} did. @return what does not fit, or null */
    private String followTail() {
        TimeIndex times = indexes.times();
        if (times.count() > 0 && !timeEntryHolds(times.count() - 1)) {
            return "the time index points at another batch";
        }
        BatchWalk walk = toLastEntry(TAIL_BLOCK_BYTES);
        if (walk == null) return "the offset index points at another batch";
        boolean atEntry = indexes.offsets().count() > 0;
        while (atEntry || walk.next()) {
            if (!atEntry && bytesSinceEntry > config.indexIntervalBytes()) {
                return "the offset index is too short";
            }
            if (BatchWalk.timestampOf(walk.header()) > dates.latestMs()) return "the time index is too short";
            take(walk.header(), walk.position(), false);
            atEntry = false;
        }
        return walk.flaw();
    }

    /**
     * Counts what the indexes tell, and stands on the batch of the last offset entry, or before the first one
     * if there is no entry; null when the batch there is another one.
     */
    private BatchWalk toLastEntry(int blockBytes) {
        OffsetIndex offsets = indexes.offsets();
        int last = offsets.count() - 1;
        endOffset = base;
        bytesSinceEntry = 0;
        dates.resume(indexes.times());
        BatchWalk walk = walk(blockBytes).from(last < 0 ? 0 : offsets.position(last));
        boolean found = last < 0 || walk.next() && walk.header().lastOffset() == offsets.lastOffset(last);
        return found ? walk : null;
    }

    /** Whether the batch that an entry of the time index names is there and has that timestamp. */
    boolean timeEntryHolds(int slot) {
        int entry = indexes.offsets().floorOfOffset(indexes.times().lastOffset(slot));
        int from = entry < 0 ? 0 : indexes.offsets().position(entry);
        return indexes.times().holds(slot, walk(TAIL_BLOCK_BYTES).from(from));
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
        return Recovery.damaged(path(), position, offset, flaw);
    }
}

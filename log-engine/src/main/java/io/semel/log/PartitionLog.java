package io.semel.log;

import io.semel.kernel.law.Invariant;
import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import io.semel.log.disk.Health;
import io.semel.log.disk.Reserve;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.BatchSlice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The log of one partition: batches of records in segments, in Kafka's own format. Offsets are given here, at
 * the write. Opened on an I/O thread, then owned by the partition's lane; only slices, forces and side files
 * go elsewhere. Every method throws {@link DiskFailure} when the disk fails it; after a failed write or force
 * all later ones throw (I13), reads go on. A log that was never written has no files, not even a directory.
 */
public final class PartitionLog {
    /**
     * Makes what was appended before {@link #beginForce} durable. {@link #run} blocks: once, on an I/O
     * thread, one at a time.
     */
    public interface Forcing {
        void run();

        /** The log is durable up to here when {@link #run} has returned. */
        long offset();
    }

    /**
     * Files that the log's owner keeps beside the segments, named by an offset and an extension. One caller
     * at a time: the opening thread, then the I/O thread whose work is keyed by the log. A file above the
     * log's end is deleted when the log is opened, so a snapshot taken at an offset never outlives the
     * batches below it; what it relies on besides them must be forced before it is written.
     */
    public interface SideFiles {
        /** Replaces it as a whole. @param forced it and its name are durable on return */
        void write(long base, String extension, byte[] content, boolean forced);

        /** Its content, or null when there is none. */
        byte[] read(long base, String extension);

        /** Whether what was read is what was written, as far as that can be told. */
        SideFileState stateOf(long base, String extension, byte[] content);

        void delete(long base, String extension);

        String pathOf(long base, String extension);

        /** The offsets of the files with this extension, in order. */
        List<Long> list(String extension);

        /** The segments' bases, in order. */
        List<Long> segmentBases();
    }

    /** A leader epoch and the offset after its last batch. */
    public record EpochEnd(int epoch, long endOffset) {
    }

    private final Disk disk;
    private final String directory;
    private final LogConfig config;
    private final SegmentList segments;
    private final LeaderEpochs epochs;
    private final TailRing ring = new TailRing();
    private final Health health;
    private final Reserve reserve;
    private final Reserve.Claim claim;
    private final BatchHeader header = new BatchHeader();
    private final SideFileStore sideFiles;
    private final LogReads reads;
    private final Recovered recovered;
    private final Compactor compactor;
    private long startOffset;
    private final List<Segment> dirty = new ArrayList<>();
    private final List<String> dirtyDirectories = new ArrayList<>();
    private final List<SegmentIndexes.Retired> retired = new ArrayList<>();
    private RollListener rollListener = newBase -> { };
    private Runnable onPressed = () -> { };
    private String metadata;
    private boolean epochsDirty;
    private int leaderEpoch;
    private long endOffset;
    private long recoveryPoint;
    private long forcingOffset;
    private ForcingWork unconfirmed;

    private PartitionLog(Disk disk, String directory, LogConfig config, LogOpening opening,
            Recovery recovery, String metadata) {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
        this.segments = recovery.segments();
        this.epochs = recovery.epochs();
        this.endOffset = recovery.endOffset();
        this.recovered = recovery.report();
        this.startOffset = segments.isEmpty() ? endOffset : Math.max(segments.get(0).base(),
                opening.startOffset());
        this.health = new Health(directory);
        this.reserve = opening.reserve();
        this.claim = opening.endsTopics() ? reserve.ofRemovals() : reserve.ofRecords();
        this.reads = new LogReads(segments, ring, config.compacted());
        this.sideFiles = new SideFileStore(disk, directory, segments::bases);
        this.compactor = new Compactor(disk, directory, config, segments, this::replaced);
        this.leaderEpoch = Math.max(0, epochs.latest());
        this.metadata = metadata;
    }

    /**
     * Opens and recovers, blocking: checks what may be torn, makes it durable, folds. The log is durable up
     * to its end on return.
     *
     * @param directory the partition's, relative to the disk's root: {@code topic-0}
     * @throws DiskFailure also when bytes that were durable are damaged or missing: names the file, the
     * position and the offset
     */
    public static PartitionLog open(Disk disk, String directory, LogConfig config, LogOpening opening) {
        String metadata = PartitionMetadata.owed(disk, directory, opening.topicId());
        Recovery recovery = new Recovery(disk, directory, config, opening);
        try {
            recovery.run();
            PartitionLog log = new PartitionLog(disk, directory, config, opening, recovery, metadata);
            if (recovery.changed()) log.forceAll();
            log.recoveryPoint = log.endOffset;
            recovery.fold(Math.max(log.firstBase(), opening.loadNewestSnapshot(log.sideFiles,
                    log.endOffset)));
            recovery.segments().rest();
            recovery.segments().join(opening.openSegments(), log::pressed);
            return log;
        } catch (RuntimeException failure) {
            recovery.segments().rest();
            throw failure;
        }
    }

    private void pressed() {
        onPressed.run();
    }

    private void forceAll() {
        Segment last = segments.last();
        if (last.becomesDirty()) dirty.add(last);
        epochsDirty = epochs.latest() >= 0;
        namesChanged();
        Forcing force = beginForce();
        try {
            force.run();
            unconfirmed = null;
        } catch (DiskFailure failure) {
            // all but the files beside the log: the next force writes them, or who makes room could not begin
            if (!failure.full()) throw failure;
        }
    }

    private void namesChanged() {
        if (!dirtyDirectories.isEmpty()) return;
        dirtyDirectories.add(directory);
        String parent = directory;
        while (!parent.isEmpty()) {
            parent = LogNames.parent(parent);
            dirtyDirectories.add(parent);
        }
    }

    public String directory() {
        return directory;
    }

    /** The first offset a reader may ask for. */
    public long startOffset() {
        return startOffset;
    }

    /** The offset of the next record. */
    public long endOffset() {
        return endOffset;
    }

    /** Everything below is durable; what the checkpoint may be written with. */
    public long recoveryPoint() {
        return recoveryPoint;
    }

    /** What opening found. */
    public Recovered recovered() {
        return recovered;
    }

    public int leaderEpoch() {
        return leaderEpoch;
    }

    /** From now on batches are stamped with this epoch; never a lower one than before. */
    public void leadUnder(int epoch) {
        Invariant.check(epoch >= leaderEpoch, "a leader epoch falls from %d to %d", leaderEpoch, epoch);
        leaderEpoch = epoch;
    }

    /**
     * The largest leader epoch in the log not above {@code epoch} and where it ended (KIP-101); null when
     * there is none.
     */
    public EpochEnd endOfEpoch(int epoch) {
        return epochs.endOf(epoch, endOffset);
    }

    public void onRoll(RollListener listener) {
        this.rollListener = listener;
    }

    /** Whether the next append has to open its file first. */
    public boolean resting() {
        return segments.isEmpty() || segments.last().resting();
    }

    /** Told when unforced writes keep files open that others need, so that it should be forced soon. */
    public void onPressed(Runnable pressed) {
        this.onPressed = pressed;
    }

    public SideFiles sideFiles() {
        return sideFiles;
    }

    /** What is given up for writes without which nothing can be removed from a full disk. */
    public Reserve reserve() {
        return reserve;
    }

    public long sizeInBytes() {
        return segments.sizeInBytes();
    }

    public List<Long> segmentBases() {
        return segments.bases();
    }

    /** Where the first segment begins: below {@link #startOffset} when that lies within it. */
    public long firstBase() {
        return segments.isEmpty() ? endOffset : segments.get(0).base();
    }

    /** Where the first segment would begin if the log started at {@code start}. */
    public long firstBaseFor(long start) {
        return segments.isEmpty() ? endOffset : segments.get(Math.max(0, segments.indexOf(start))).base();
    }

    /** What is too old or too much, none of it at or above {@code bound}. Touches no file. */
    public Retention.Expiry expiry(Retention retention, long bound, long nowMs) {
        return retention.expiry(this, segments, Math.min(bound, endOffset), nowMs);
    }

    /** What an {@link Retention.Expiry#undated} has found, after it was run. */
    public void take(SegmentDating dating) {
        int index = segments.indexOf(dating.base());
        Segment segment = index < 0 ? null : segments.get(index);
        if (segment == null || segment.base() != dating.base()) return;
        segment.dates().found(dating.firstMs(), dating.latestMs());
    }

    /**
     * Ends the active segment before it is full, so that it can be removed; nothing when it is empty.
     *
     * @throws DiskFailure as {@link #append} does
     */
    public void endActive() {
        health.check();
        Segment active = segments.last();
        if (active == null || active.size() == 0) return;
        try {
            roll(active);
        } catch (DiskFailure failure) {
            throw failure.full() ? failure : health.failed(failure);
        }
    }

    /**
     * Readers begin here from now on. The caller has made that durable, so that {@link
     * LogOpening#startOffset} tells it after any crash, and has a snapshot of the folds at or above {@link
     * #firstBaseFor} it. Never an offset above what is durable for readers; the same as before frees what was
     * active then; a lower one changes nothing.
     *
     * @return frees the bytes of whole segments below it, the active one excepted; null when there are none
     */
    public SegmentRemoval advanceStart(long newStart) {
        Invariant.check(newStart <= endOffset, "a log that ends at %d cannot start at %d", endOffset,
                newStart);
        if (newStart < startOffset) return null;
        startOffset = newStart;
        if (epochs.startAt(newStart)) epochsDirty = true;
        int below = segments.indexOf(newStart);
        if (below <= 0) return null;
        List<Segment> removed = segments.removeFirst(below);
        forget(removed);
        return new SegmentRemoval(disk, directory, removed, firstBase());
    }

    private void replaced(List<Segment> old) {
        forget(old);
        reads.allowGaps();
    }

    private void forget(List<Segment> removed) {
        reads.forget();
        dirty.removeAll(removed);
        if (unconfirmed != null) unconfirmed.forget(removed);
    }

    /** Whether records may be missing, since it is compacted or was. */
    public boolean isCompacted() {
        return config.compacted();
    }

    /** Cleans the log, when its topic is compacted. */
    public Compactor compactor() {
        return compactor;
    }

    /**
     * Writes one checked batch to the page cache at the log's end, after stamping its base offset and leader
     * epoch in place; ends the active segment first when it must. The buffer's position stays.
     *
     * @param batch exactly one batch between position and limit
     * @return its base offset
     * @throws DiskFailure nothing of the batch counts; the log goes on only when {@link DiskFailure#full}
     */
    public long append(ByteBuffer batch, long nowMs) {
        health.check();
        claim.check();
        header.wrap(batch, batch.position());
        Invariant.check(header.sizeInBytes() == batch.remaining(), "a batch of %d bytes comes in %d",
                header.sizeInBytes(),
                batch.remaining());
        try {
            Segment segment = segments.last();
            if (segment == null) segment = begin();
            else if (segment.mustEndBefore(header, endOffset, nowMs)) segment = roll(segment);
            return write(segment, batch);
        } catch (DiskFailure failure) {
            if (failure.full() && claim.makeRoom()) return append(batch, nowMs);
            throw failure.full() ? failure : health.failed(failure);
        }
    }

    private long write(Segment segment, ByteBuffer batch) {
        long baseOffset = endOffset;
        header.stamp(baseOffset, leaderEpoch);
        if (segment.becomesDirty()) dirty.add(segment);
        int position = segment.size();
        segment.append(header, batch);
        ring.add(baseOffset, position);
        if (epochs.began(leaderEpoch, baseOffset)) epochsDirty = true;
        endOffset = header.nextOffset();
        return baseOffset;
    }

    private Segment begin() {
        disk.createDirectories(directory);
        Segment first = Segment.create(disk, directory, config, endOffset);
        segments.add(first);
        namesChanged();
        return first;
    }

    private Segment roll(Segment ending) {
        forceNames();
        Segment next = Segment.create(disk, directory, config, endOffset);
        try {
            retired.add(ending.end());
        } catch (DiskFailure failure) {
            next.rest();
            disk.delete(next.path());
            throw failure;
        }
        namesChanged();
        rollListener.rolling(endOffset);
        reads.rolled(ending);
        segments.add(next);
        ring.clear();
        return next;
    }

    /**
     * Names become durable in order, so that no power cut leaves a segment without the one before it: nobody
     * could tell then that the log does not start there. Between two rolls there was nearly always a force,
     * which did it already.
     */
    private void forceNames() {
        if (unconfirmed != null) unconfirmed.directories().forEach(disk::forceDirectory);
        dirtyDirectories.forEach(disk::forceDirectory);
        dirtyDirectories.clear();
    }

    /**
     * Captures what is dirty now; cheap, on the lane. Whoever begins one runs it, in order, and tells {@link
     * #markDurable} when it is done.
     */
    public Forcing beginForce() {
        health.check();
        ForcingWork work = new ForcingWork(disk, directory, health, reserve, endOffset);
        for (Segment segment : dirty) {
            work.segment(segment);
            segment.captured();
        }
        if (unconfirmed != null) work.alsoAllOf(unconfirmed);
        work.retired(retired);
        work.directories(dirtyDirectories);
        if (!segments.isEmpty()) {
            work.metadata(metadata);
            metadata = null;
        }
        work.epochs(epochsDirty ? epochs.text() : null);
        epochsDirty = false;
        dirty.clear();
        retired.clear();
        dirtyDirectories.clear();
        unconfirmed = work;
        forcingOffset = endOffset;
        return work;
    }

    /** A force up to {@code offset} was done: the recovery point rises to it. On the lane. */
    public void markDurable(long offset) {
        recoveryPoint = Math.max(recoveryPoint, Math.min(offset, forcingOffset));
        if (unconfirmed == null || unconfirmed.offset() > recoveryPoint) return;
        unconfirmed.confirmed();
        unconfirmed = null;
        segments.forced();
    }

    /**
     * Whole batches from the one that holds {@code offset} on, which must not be below the log's start.
     *
     * @param boundOffset only batches that lie below it
     * @param bytesMax at most so many bytes, unless the first batch is larger and {@code oneAtLeast}
     * @return slices to be released one by one, or null when there is nothing
     */
    public List<BatchSlice> read(long offset, long boundOffset, int bytesMax, boolean oneAtLeast) {
        Invariant.check(offset >= startOffset, "read at %d below the log's start %d", offset, startOffset);
        return reads.slices(offset, Math.min(boundOffset, endOffset), bytesMax, oneAtLeast);
    }

    /**
     * What the last {@link #read} found that nobody has looked at since it came from the disk; null when that
     * is nothing. Nothing of it is sent before it was run and taken.
     */
    public ReadCheck checkOfLastRead() {
        return reads.check();
    }

    /** What a check has found, after it was run. */
    public void take(ReadCheck check) {
        reads.take(check);
    }

    /**
     * The first record with a timestamp of {@code timestampMs} or later, below {@code boundOffset}; null when
     * there is none. Decompresses one batch when it is compressed.
     */
    public TimestampOffset findByTimestamp(long timestampMs, long boundOffset) {
        return reads.findByTimestamp(timestampMs, startOffset, Math.min(boundOffset, endOffset));
    }

    /**
     * The first record with the highest timestamp below {@code boundOffset}; null when no record there has a
     * timestamp.
     */
    public TimestampOffset maxTimestamp(long boundOffset) {
        return reads.maxTimestamp(startOffset, Math.min(boundOffset, endOffset));
    }

    /** On the lane, before {@link #close} elsewhere: from then on the lane closes none of its files. */
    public void leaveLane() {
        segments.leave();
    }

    /**
     * Closes all files; slices handed out stay readable. Blocking.
     *
     * @param clean what was appended is forced, and indexes are complete,  so that the next open need not
     * check anything when it is told this end as the recovery point
     */
    public void close(boolean clean) {
        try {
            if (clean && !segments.isEmpty() && health.good()) {
                beginForce().run();
                if (!segments.last().asLeft()) segments.last().end().trim();
                disk.forceDirectory(directory);
                recoveryPoint = endOffset;
            }
        } finally {
            retired.forEach(SegmentIndexes.Retired::drop);
            segments.rest();
            health.closed();
        }
    }
}

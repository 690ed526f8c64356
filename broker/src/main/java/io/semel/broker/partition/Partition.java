package io.semel.broker.partition;

import io.semel.broker.config.Durability;
import io.semel.committed.AbortedRange;
import io.semel.idempotence.OpenTransaction;
import io.semel.idempotence.ProducerEntry;
import io.semel.idempotence.Verdict;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.law.Gate;
import io.semel.kernel.law.Invariant;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.DiskFile;
import io.semel.kernel.world.Saboteur;
import io.semel.kernel.world.World;
import io.semel.log.PartitionLog;
import io.semel.log.Retention;
import io.semel.wire.batch.BatchCheck;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.BatchSlice;
import io.semel.wire.batch.Marker;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition: judge, append, fold, and when durable release. The data plane's side of the law, with
 * batches as events. Owned by one lane; opened by {@link PartitionOpening} and reached through {@link Rooms}.
 *
 * <p>A failed disk takes it offline for good ({@code KAFKA_STORAGE_ERROR}) until the broker starts again; a
 * full disk refuses the batch and goes on.
 */
public final class Partition {
    /** Instead of an offset up to which records are to be deleted. */
    public static final long HIGH_WATERMARK = -1;
    private static final Logger LOG = LoggerFactory.getLogger(Partition.class);

    private final TopicPartition name;
    private final World world;
    private final Lane lane;
    private final PartitionLog log;
    private final PartitionFolds folds;
    private final Room room;
    private final Gate gate;
    private final ForcePump pump;
    private final SideFilesKeeper sideFiles;
    private final StartMover starts;
    private final ColdReads cold;
    private final StateKeeper states;
    private final PartitionCleaner cleaner;
    private final boolean readsUndurable;
    private final boolean duplicatesEarly;
    private final BatchHeader header = new BatchHeader();
    private final BatchCheck check = new BatchCheck();
    private final Set<Runnable> watchers = new LinkedHashSet<>();
    private long durableOffset;
    private long armedForMs = Long.MAX_VALUE;
    private boolean offline;
    private boolean full;

    Partition(World world, Lane lane, Durability durability, PartitionOpening.Opened opened) {
        this.name = opened.name();
        this.world = world;
        this.lane = lane;
        this.log = opened.log();
        this.folds = opened.folds();
        this.room = opened.journal() == null ? null : opened.journal().room();
        this.durableOffset = log.endOffset();
        this.gate = new Gate(durableOffset, world.sabotaged(Saboteur.REPLY_EARLY));
        this.pump = new ForcePump(world, lane, log, durability, this::durable, this::fail);
        this.sideFiles = new SideFilesKeeper(opened, world, lane, this::fail);
        this.starts = new StartMover(this, world, lane, log, folds, sideFiles);
        this.cold = new ColdReads(name, world, lane, log);
        this.states = room == null ? null : new StateKeeper(name, world, lane, log, pump, opened.journal());
        this.cleaner = new PartitionCleaner(opened, world, lane, sideFiles, starts, this);
        this.readsUndurable = world.sabotaged(Saboteur.READ_ABOVE_DURABLE);
        this.duplicatesEarly = world.sabotaged(Saboteur.DUPLICATE_EARLY);
        log.onRoll(newBase -> {
            sideFiles.rolled(newBase);
            pump.rolled();
        });
        if (room != null) {
            room.bind(this);
            armTimer();
            states.grown(opened.journal().bytesSince());
        }
    }

    /** Runs {@code then} once everything below {@code offset} is durable. */
    void whenDurable(long offset, Runnable then) {
        if (offset > durableOffset) hasten();
        gate.hold(offset, then);
    }

    /** What has been appended is made durable soon, if it is not. */
    void hasten() {
        if (!offline && log.endOffset() > durableOffset) pump.dirty();
    }

    /** Of the room that stands here; null for none. */
    StateKeeper states() {
        return states;
    }

    /**
     * A client's batch, already checked ({@code BatchCheck}).
     *
     * @param version2 the client speaks transaction version 2 (KIP-890: Produce 12 and later)
     * @param guard    what an earlier {@link ProduceAsker#needsEnlistment} said, else 0
     */
    public void produce(ByteBuffer batch, boolean version2, long guard, ProduceAsker asker) {
        if (offline) {
            asker.refused(ErrorCode.KAFKA_STORAGE_ERROR);
            return;
        }
        header.wrap(batch, batch.position());
        if (!header.hasProducerId()) {
            appendFor(batch, asker);
            return;
        }
        Verdict verdict = folds.ledger.judge(header, guard, version2);
        switch (verdict.kind()) {
            case ACCEPT -> appendFor(batch, asker);
            case DUPLICATE -> {
                long baseOffset = verdict.baseOffset();
                long appendTimeMs = asker.stampsAppendTime() ? verdict.timestamp() : -1;
                answer(duplicatesEarly ? 0 : verdict.lastOffset() + 1, asker, baseOffset, appendTimeMs);
            }
            case REJECT -> {
                ErrorCode error = verdict.error();
                whenDurable(log.endOffset(), () -> asker.refused(error));
            }
            case NEEDS_ENLISTMENT -> asker.needsEnlistment(verdict.guard());
        }
    }

    /** The marker of a transaction that ended (I5). Answered when it is durable. */
    public void mark(long producerId, short producerEpoch, boolean commit, int coordinatorEpoch,
            boolean version2, Consumer<ErrorCode> asker) {
        if (offline) {
            asker.accept(ErrorCode.KAFKA_STORAGE_ERROR);
            return;
        }
        Verdict verdict = folds.ledger.judgeMarker(producerId, producerEpoch, coordinatorEpoch, version2);
        if (verdict.kind() == Verdict.Kind.REJECT) {
            // rests on what it was judged by: a courier believes that somebody newer ended it (I1, I6)
            ErrorCode error = verdict.error();
            whenDurable(log.endOffset(), () -> asker.accept(offline ? ErrorCode.KAFKA_STORAGE_ERROR : error));
            return;
        }
        long nowMs = world.clock().nowMs();
        ByteBuffer marker = Marker.build(producerId, producerEpoch, commit, coordinatorEpoch, nowMs);
        try {
            append(marker);
        } catch (DiskFailure failure) {
            appendFailed(failure);
            asker.accept(ErrorCode.KAFKA_STORAGE_ERROR);
            return;
        }
        if (room != null) {
            room.marked(header, commit, nowMs);
            armTimer();
        }
        whenDurable(log.endOffset(), () -> asker.accept(offline ? ErrorCode.KAFKA_STORAGE_ERROR
                : ErrorCode.NONE));
    }

    /**
     * For records that the broker writes itself into a client's transaction: 0 when it is open here, else
     * the guard to enlist with.
     */
    public long guardFor(long producerId, short producerEpoch, boolean version2) {
        return folds.ledger.guardFor(producerId, producerEpoch, version2);
    }

    /** Whether such records may be appended now, with the guard that {@link #guardFor} gave. */
    public ErrorCode judgeOffsets(long producerId, short producerEpoch, long guard) {
        Verdict verdict = folds.ledger.judgeOffsets(producerId, producerEpoch, guard);
        return verdict.kind() == Verdict.Kind.ACCEPT ? ErrorCode.NONE : verdict.error();
    }

    /**
     * Appends a batch of the room's own; what rests on it waits for {@link #durableOffset()}, and makes haste
     * ({@link #hasten}).
     */
    long appendOwn(ByteBuffer batch) {
        if (offline) throw new DiskFailure("partition " + name + " is offline after a disk failure", null);
        try {
            long baseOffset = append(batch);
            pump.tarry();
            return baseOffset;
        } catch (DiskFailure failure) {
            appendFailed(failure);
            throw failure;
        }
    }

    /**
     * Reads whole batches from {@code offset} on, below the high watermark or, for read_committed, the
     * stable offset (I7, I9).
     *
     * @param watcher called once, on this lane, when something more may be read; null for none
     */
    public ReadResult read(long offset, int bytesMax, boolean oneAtLeast, boolean readCommitted,
            Runnable watcher) {
        cold.forget();
        if (offline) return ReadResult.failed(ErrorCode.KAFKA_STORAGE_ERROR);
        long highWatermark = highWatermark();
        long stableOffset = stableOffset();
        if (offset < log.startOffset() || offset > log.endOffset()) {
            return new ReadResult(ErrorCode.OFFSET_OUT_OF_RANGE, highWatermark, stableOffset,
                    log.startOffset(), List.of(), null);
        }
        long bound = readCommitted ? stableOffset : highWatermark;
        List<BatchSlice> slices = List.of();
        List<AbortedRange> aborted = readCommitted ? List.of() : null;
        if (offset < bound) {
            try {
                List<BatchSlice> found = log.read(offset, bound, bytesMax, oneAtLeast);
                if (found != null) slices = found;
                cold.found();
                if (found != null && readCommitted) aborted = abortedIn(slices, offset, bound);
            } catch (DiskFailure failure) {
                cold.forget();
                slices.forEach(BatchSlice::release);
                return cold.unreadable(failure);
            }
        }
        if (watcher != null) watchers.add(watcher);
        return new ReadResult(ErrorCode.NONE, highWatermark, stableOffset, log.startOffset(), slices,
                aborted);
    }

    /**
     * Hands over what {@link #read} has just returned, on this lane: at once, or when an I/O thread has
     * compared with its CRC what came from the disk. Never a damaged batch: the whole ones below it, or an
     * error.
     */
    public void checked(ReadResult result, Consumer<ReadResult> then) {
        cold.checked(result, then);
    }

    /**
     * The ranges that touch what is sent, not all up to the bound: a reader far behind must not be told of
     * every one.
     */
    private List<AbortedRange> abortedIn(List<BatchSlice> slices, long offset, long bound) {
        List<AbortedRange> ranges = folds.aborted.overlapping(offset, bound);
        if (ranges.isEmpty()) return ranges;
        long end = offsetAfter(slices.get(slices.size() - 1));
        return folds.aborted.overlapping(offset, Math.min(bound, end));
    }

    /** Where the batch behind the slice begins, or else the segment behind it. */
    private long offsetAfter(BatchSlice slice) {
        long behind = offsetAt(slice.file(), slice.position() + slice.sizeInBytes());
        if (behind >= 0) return behind;
        long first = offsetAt(slice.file(), slice.position());
        for (long base : log.segmentBases()) if (base > first) return base;
        return log.endOffset();
    }

    /** The base offset of the batch at this position, -1 when the file ends there. */
    private static long offsetAt(DiskFile file, long position) {
        ByteBuffer offset = ByteBuffer.allocate(Long.BYTES);
        return file.read(offset, position) == Long.BYTES ? offset.getLong(0) : -1;
    }

    public void unwatch(Runnable watcher) {
        watchers.remove(watcher);
    }

    /** How many wait for more to read. */
    public int watcherCount() {
        return watchers.size();
    }

    public TopicPartition name() {
        return name;
    }

    public PartitionLog log() {
        return log;
    }

    public Room room() {
        return room;
    }

    /** For compacted topics. */
    public PartitionCleaner cleaner() {
        return cleaner;
    }

    /**
     * Moves the start up to {@code offset}, or to the high watermark for {@link #HIGH_WATERMARK}
     * (DeleteRecords, KIP-107). Producers are remembered all the same.
     *
     * @param asker told when that survives a crash
     */
    public void deleteBelow(long offset, StartKeeping keeping, Consumer<ErrorCode> asker) {
        long start = offset == HIGH_WATERMARK ? highWatermark() : offset;
        if (offline) {
            asker.accept(ErrorCode.KAFKA_STORAGE_ERROR);
        } else if (start < 0 || start > highWatermark()) {
            asker.accept(ErrorCode.OFFSET_OUT_OF_RANGE);
        } else {
            starts.move(start, keeping, error -> {
                wakeWatchers();
                asker.accept(error);
            });
        }
    }

    /** Removes old segments; nothing that is not decided and durable. */
    public void expire(Retention retention, StartKeeping keeping) {
        if (!offline) starts.expire(retention, this::stableOffset, keeping, this::endActiveSegment);
    }

    private void endActiveSegment() {
        try {
            log.endActive();
            pump.dirty();
        } catch (DiskFailure failure) {
            appendFailed(failure);
        }
    }

    /**
     * Forgets producers that have written nothing for so long and have no transaction open here (KIP-98,
     * KIP-854).
     */
    public void forgetIdleProducers(long nowMs, int idleMs) {
        if (!offline) folds.ledger.expire(nowMs, idleMs);
    }

    /** Who has written here, for those who ask. */
    public List<ProducerEntry> producers() {
        return folds.ledger.describe();
    }

    /** Transactions that have written here and are not decided here. */
    public List<OpenTransaction> openTransactions() {
        return folds.ledger.open();
    }

    /** What is the same after folding again: for the simulator (I2). */
    public long digest() {
        return folds.ledger.digest();
    }

    public boolean offline() {
        return offline;
    }

    public long endOffset() {
        return log.endOffset();
    }

    /** Everything below is durable. */
    public long durableOffset() {
        return durableOffset;
    }

    public long highWatermark() {
        return readsUndurable ? log.endOffset() : durableOffset;
    }

    /** An open transaction that began below the start holds nothing back there: nobody can read it. */
    public long stableOffset() {
        long stable = Math.max(folds.stable.stableOffset(highWatermark()), log.startOffset());
        Invariant.check(stable <= highWatermark(), "I7 stable offset %d above high watermark %d", stable,
                highWatermark());
        return stable;
    }

    /**
     * Forces what is there, leaves snapshots and trimmed indexes behind, closes. Returns what must still be
     * run on an I/O thread.
     */
    Runnable closeCleanly() {
        shut();
        List<SideFilesKeeper.SideFile> files = sideFiles.finalFiles();
        return () -> {
            sideFiles.write(files);
            if (states != null) states.writeLast(room);
            log.close(true);
        };
    }

    /** Stops serving at once: the partition is deleted. */
    Runnable closeForDeletion() {
        shut();
        return () -> log.close(false);
    }

    /** Arms the lane's alarm for the room's next deadline. */
    void armTimer() {
        long nextMs = room.nextDeadlineMs();
        if (nextMs >= armedForMs || offline) return;
        armedForMs = nextMs;
        lane.wakeAt(nextMs, this::ring);
    }

    private void ring() {
        if (offline) return;
        long nowMs = world.clock().nowMs();
        if (armedForMs <= nowMs) armedForMs = Long.MAX_VALUE;
        room.tick(nowMs);
        armTimer();
    }

    private void appendFor(ByteBuffer batch, ProduceAsker asker) {
        long baseOffset;
        long appendTimeMs = -1;
        try {
            if (asker.stampsAppendTime()) {
                appendTimeMs = world.clock().nowMs();
                check.stampAppendTime(header.wrap(batch, batch.position()), appendTimeMs);
            }
            baseOffset = append(batch);
        } catch (DiskFailure failure) {
            appendFailed(failure);
            asker.refused(ErrorCode.KAFKA_STORAGE_ERROR);
            return;
        }
        answer(log.endOffset(), asker, baseOffset, appendTimeMs);
    }

    private void answer(long restsOn, ProduceAsker asker, long baseOffset, long appendTimeMs) {
        whenDurable(restsOn, () -> {
            if (offline) asker.refused(ErrorCode.KAFKA_STORAGE_ERROR);
            else asker.accepted(baseOffset, log.startOffset(), appendTimeMs);
        });
    }

    private long append(ByteBuffer batch) {
        int start = batch.position();
        long baseOffset = log.append(batch, world.clock().nowMs());
        header.wrap(batch, start);
        folds.fold(header);
        if (full) LOG.warn("{}: the disk has room again, batches are taken", name);
        full = false;
        if (sideFiles.appended()) pump.rolled();
        if (states != null) states.grown(header.sizeInBytes());
        return baseOffset;
    }

    private void durable(long offset) {
        if (offline) return;
        durableOffset = offset;
        gate.durable(offset);
        if (room != null) {
            room.durable(world.clock().nowMs());
            armTimer();
        }
        wakeWatchers();
    }

    private void appendFailed(DiskFailure failure) {
        if (!failure.full()) fail(failure);
        else if (!full) LOG.warn("{}: the disk is full, batches are refused: {}", name, failure.getMessage());
        full |= failure.full();
    }

    void fail(DiskFailure failure) {
        if (offline) return;
        LOG.error("{} goes offline until the broker starts again: {}", name, failure.getMessage());
        shut();
    }

    private void shut() {
        if (offline) return;
        offline = true;
        log.leaveLane();
        pump.stop();
        starts.stop();
        cleaner.stop();
        if (states != null) states.stop();
        gate.drop().forEach(Runnable::run);
        if (room != null) room.close();
        wakeWatchers();
    }

    private void wakeWatchers() {
        if (watchers.isEmpty()) return;
        List<Runnable> woken = new ArrayList<>(watchers);
        watchers.clear();
        woken.forEach(Runnable::run);
    }
}

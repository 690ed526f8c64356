package io.semel.broker.partition;

import io.semel.committed.AbortedRange;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.Saboteur;
import io.semel.kernel.world.World;
import io.semel.log.PartitionLog;
import io.semel.wire.topic.TopicPartition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the folds need beside the segments: the ledger's {@code .snapshot} at every roll, and the
 * aborted ranges' {@code .txnindex} of every ended segment; both in between as well, after so many bytes that
 * a start which folds what comes after them is short. A snapshot is written after the indexes below it are
 * forced, so that a snapshot that is there vouches for them. Owned by the partition's lane; writes on I/O
 * threads.
 */
final class SideFilesKeeper {
    static final String SNAPSHOT = "snapshot";
    static final String ABORTED = "txnindex";
    private static final int SNAPSHOTS = 2;
    /** A snapshot is made when its log has grown by so many times what the last one took. */
    private static final int SHARE = 16;
    private static final Logger LOG = LoggerFactory.getLogger(SideFilesKeeper.class);

    record SideFile(long base, String extension, byte[] content) {
    }

    private final TopicPartition name;
    private final World world;
    private final Lane lane;
    private final PartitionLog log;
    private final PartitionFolds folds;
    private final Consumer<DiskFailure> onFailure;
    private final List<AbortedRange> inSegment = new ArrayList<>();
    private final List<SideFile> owed = new ArrayList<>();
    private final boolean snapshotsLate;
    private byte[] beforeLast;
    private byte[] latest;
    private long segmentBase;
    private final int snapshotEveryBytes;
    private long filesBytes;
    private boolean writing;

    SideFilesKeeper(PartitionOpening.Opened opened, World world, Lane lane,
                    Consumer<DiskFailure> onFailure) {
        this.name = opened.name();
        this.world = world;
        this.lane = lane;
        this.log = opened.log();
        this.folds = opened.folds();
        this.snapshotEveryBytes = opened.snapshotEveryBytes();
        this.onFailure = onFailure;
        this.snapshotsLate = world.sabotaged(Saboteur.SNAPSHOT_ONE_BATCH_LATE);
        List<Long> bases = log.segmentBases();
        this.segmentBase = bases.isEmpty() ? log.startOffset() : bases.get(bases.size() - 1);
        for (int index = 0; index + 1 < bases.size(); index++) {
            long end = bases.get(index + 1);
            boolean stands = end <= folds.indexedBelow && !folds.unwritten.contains(bases.get(index));
            if (!stands) owed.add(new SideFile(bases.get(index), ABORTED,
                    encode(closedIn(bases.get(index), end))));
        }
        inSegment.addAll(closedIn(segmentBase, Long.MAX_VALUE));
        folds.drainFresh(range -> { });
        if (folds.unwritten.isEmpty()) return;
        if (folds.unwritten.contains(segmentBase)) {
            owed.add(new SideFile(segmentBase, ABORTED, encode(inSegment)));
        }
        write(List.copyOf(owed), () -> { });
    }

    /** The ranges whose marker stands in a segment. */
    private List<AbortedRange> closedIn(long base, long end) {
        List<AbortedRange> closed = new ArrayList<>();
        for (AbortedRange range : folds.aborted.overlapping(base, end)) {
            if (range.lastOffset() >= base && range.lastOffset() < end) closed.add(range);
        }
        return closed;
    }

    /**
     * A batch was folded: remembers the aborted ranges it closed.
     *
     * @return whether so much was that a snapshot is made, which had better be durable with what it tells of
     */
    boolean appended() {
        folds.drainFresh(inSegment::add);
        if (snapshotsLate) {
            beforeLast = latest;
            latest = bytes(folds.ledger.snapshot());
        }
        if (writing || folds.bytesSince <= Math.max(snapshotEveryBytes, SHARE * filesBytes)) return false;
        between();
        return true;
    }

    private void between() {
        List<SideFile> files = finalFiles();
        List<Long> bases = log.segmentBases();
        long durableOffset = log.recoveryPoint();
        snapshotted(files);
        write(files, () -> prune(bases, durableOffset));
    }

    private void snapshotted(List<SideFile> files) {
        filesBytes = files.stream().mapToLong(file -> file.content.length).sum();
        folds.bytesSince = 0;
    }

    /** The log is about to roll to {@code newBase}; everything below is folded. */
    void rolled(long newBase) {
        owed.add(new SideFile(segmentBase, ABORTED, encode(inSegment)));
        owed.add(new SideFile(newBase, SNAPSHOT, snapshot()));
        inSegment.clear();
        segmentBase = newBase;
        snapshotted(owed);
        write(List.copyOf(owed), () -> { });
    }

    private void write(List<SideFile> files, Runnable then) {
        writing = true;
        world.io().run(log, () -> {
            write(files);
            then.run();
            return null;
        }, lane, (done, problem) -> {
            writing = false;
            if (problem == null) owed.removeAll(files);
            else notWritten(problem);
        });
    }

    /**
     * What a full disk did not take is written at the next roll, or before it: folding again takes longer
     * meanwhile, and nothing else.
     */
    private void notWritten(Throwable problem) {
        LOG.warn("{}: no snapshot at {}: {}", name, segmentBase, problem.getMessage());
        if (problem instanceof DiskFailure failure && failure.full()) return;
        onFailure.accept(problem instanceof DiskFailure failure ? failure
                : new DiskFailure("snapshot failed: " + problem, problem));
    }

    /**
     * What must be there before bytes below an offset are removed: two snapshots at or above it, with the
     * indexes they rest on; one where a full disk takes no more. Nothing is removed before the log is durable
     * up to {@link #restsOn}: an opening deletes a snapshot above the end that it finds. Made on the lane,
     * run once on an I/O thread.
     */
    final class Securing {
        private final long firstBase;
        private final List<Long> bases = log.segmentBases();
        private final List<SideFile> files = finalFiles();
        private final long endOffset = log.endOffset();
        private final long durableOffset = log.recoveryPoint();
        private final long indexedFrom;
        private long restsOn;
        private boolean written;

        private Securing(long firstBase, long indexedFrom) {
            this.firstBase = firstBase;
            this.indexedFrom = indexedFrom;
        }

        /** Once the log is durable up to here, one of the snapshots outlives a power cut. */
        long restsOn() {
            return restsOn;
        }

        void run() {
            List<Long> usable = usable();
            restsOn = usable.isEmpty() ? endOffset : usable.get(0);
            if (usable.size() >= SNAPSHOTS) return;
            try {
                log.reserve().run(() -> write(files));
                written = true;
                prune(bases, durableOffset);
            } catch (DiskFailure failure) {
                if (!failure.full() || usable.isEmpty()) throw failure;
            }
        }

        /** In their order. */
        private List<Long> usable() {
            List<Long> indexes = log.sideFiles().list(ABORTED);
            List<Long> usable = new ArrayList<>();
            for (long offset : log.sideFiles().list(SNAPSHOT)) {
                boolean indexed = bases.stream().filter(base -> base >= indexedFrom && base < offset)
                        .allMatch(indexes::contains);
                if (offset >= firstBase && indexed) usable.add(offset);
            }
            return usable;
        }

    }

    /** Of the snapshots between rolls the newest ones are enough; of those that no power cut takes. */
    private void prune(List<Long> bases, long durableOffset) {
        List<Long> between = new ArrayList<>(log.sideFiles().list(SNAPSHOT));
        between.removeAll(bases);
        between.removeIf(offset -> offset > durableOffset);
        int tooMany = Math.max(0, between.size() - SNAPSHOTS);
        for (long offset : between.subList(0, tooMany)) log.sideFiles().delete(offset, SNAPSHOT);
    }

    Securing securing(long firstBase) {
        return new Securing(firstBase, firstBase);
    }

    /** What must be there before the log is cleaned below an offset; all of its segments stay indexed. */
    Securing securingCleaning(long end) {
        return new Securing(end, log.firstBase());
    }

    /** A cleaned segment took the place of all from {@code base} to {@code end}, and has its index. */
    void replaced(long base, long end) {
        owed.removeIf(file -> file.extension.equals(ABORTED) && file.base >= base && file.base < end);
    }

    /** It was run. */
    void secured(Securing securing) {
        if (securing.written) owed.removeAll(securing.files);
    }

    /** Segments below are no more. */
    void forgetBelow(long firstBase) {
        owed.removeIf(file -> file.base < firstBase);
    }

    /**
     * What a clean close leaves behind, to be {@link #write}n on an I/O thread once the lane has stopped
     * appending.
     */
    List<SideFile> finalFiles() {
        List<SideFile> files = new ArrayList<>(owed);
        if (log.segmentBases().isEmpty()) return files;
        files.add(new SideFile(segmentBase, ABORTED, encode(inSegment)));
        files.add(new SideFile(log.endOffset(), SNAPSHOT, snapshot()));
        return files;
    }

    /** In their order: a snapshot counts only once the indexes below it are there. Blocking. */
    void write(List<SideFile> files) {
        for (SideFile file : files) log.sideFiles().write(file.base, file.extension, file.content, true);
    }

    private byte[] snapshot() {
        return snapshotsLate && beforeLast != null ? beforeLast : bytes(folds.ledger.snapshot());
    }

    static byte[] encode(List<AbortedRange> ranges) {
        ByteBuffer entries = ByteBuffer.allocate(ranges.size() * AbortedRange.SIZE);
        for (AbortedRange range : ranges) range.encode(entries);
        return entries.array();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}

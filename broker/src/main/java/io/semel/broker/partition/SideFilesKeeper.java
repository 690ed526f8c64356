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
 * Keeps what the folds need beside the segments: the ledger's {@code .snapshot} at every roll and the aborted ranges'
 * {@code .txnindex} of every ended segment. A snapshot is written after the indexes below it are forced, so that a snapshot that is
 * there vouches for them. Owned by the partition's lane; writes on I/O threads.
 */
final class SideFilesKeeper {
    static final String SNAPSHOT = "snapshot";
    static final String ABORTED = "txnindex";
    private static final Logger LOG = LoggerFactory.getLogger(SideFilesKeeper.class);

    private record SideFile(long base, String extension, byte[] content) {
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

    SideFilesKeeper(TopicPartition name, World world, Lane lane, PartitionLog log, PartitionFolds folds,
                    Consumer<DiskFailure> onFailure) {
        this.name = name;
        this.world = world;
        this.lane = lane;
        this.log = log;
        this.folds = folds;
        this.onFailure = onFailure;
        this.snapshotsLate = world.sabotaged(Saboteur.SNAPSHOT_ONE_BATCH_LATE);
        List<Long> bases = log.segmentBases();
        this.segmentBase = bases.isEmpty() ? log.startOffset() : bases.get(bases.size() - 1);
        for (AbortedRange range : folds.aborted.overlapping(segmentBase, Long.MAX_VALUE)) {
            if (range.lastOffset() >= segmentBase) inSegment.add(range);
        }
        folds.drainFresh(range -> { });
    }

    /** A batch was folded: remembers the aborted ranges it closed. */
    void appended() {
        folds.drainFresh(inSegment::add);
        if (!snapshotsLate) return;
        beforeLast = latest;
        latest = bytes(folds.ledger.snapshot());
    }

    /** The log is about to roll to {@code newBase}; everything below is folded. */
    void rolled(long newBase) {
        owed.add(new SideFile(segmentBase, ABORTED, encode(inSegment)));
        owed.add(new SideFile(newBase, SNAPSHOT, snapshot()));
        inSegment.clear();
        segmentBase = newBase;
        writeOwed();
    }

    private void writeOwed() {
        List<SideFile> files = List.copyOf(owed);
        owed.clear();
        world.io().run(log, () -> {
            for (SideFile file : files) log.sideFiles().write(file.base, file.extension, file.content, true);
            return null;
        }, lane, (done, problem) -> {
            if (problem != null) notWritten(files, problem);
        });
    }

    /** What a full disk did not take is written at the next roll: folding again takes longer meanwhile, and nothing else. */
    private void notWritten(List<SideFile> files, Throwable problem) {
        LOG.warn("{}: no snapshot at {}: {}", name, segmentBase, problem.getMessage());
        if (problem instanceof DiskFailure failure && failure.full()) {
            owed.addAll(0, files);
            return;
        }
        onFailure.accept(problem instanceof DiskFailure failure ? failure : new DiskFailure("snapshot failed: " + problem, problem));
    }

    byte[] finalSnapshot() {
        return snapshot();
    }

    private byte[] snapshot() {
        return snapshotsLate && beforeLast != null ? beforeLast : bytes(folds.ledger.snapshot());
    }

    /** On an I/O thread, after the lane has stopped appending. */
    void writeFinal(byte[] snapshot) {
        if (log.segmentBases().isEmpty()) return;
        log.sideFiles().write(segmentBase, ABORTED, encode(inSegment), true);
        log.sideFiles().write(log.endOffset(), SNAPSHOT, snapshot, true);
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

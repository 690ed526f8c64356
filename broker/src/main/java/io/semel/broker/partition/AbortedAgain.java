package io.semel.broker.partition;

import io.semel.committed.AbortedRange;
import io.semel.kernel.world.World;
import io.semel.log.PartitionLog;
import io.semel.wire.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Folds the aborted ranges of some segments again, whose files are not as they were written: from the newest
 * snapshot below the first of them, which knows what was open there, else from the log's start. The log's
 * other folds begin where they would have. Used by the I/O thread that opens the log.
 */
final class AbortedAgain {
    private final List<Long> bases;
    private final List<Long> damaged;
    private PartitionFolds folds;
    private long from;

    private AbortedAgain(List<Long> bases, List<Long> damaged, World world) {
        this.bases = bases;
        this.damaged = damaged;
        this.folds = new PartitionFolds(world);
    }

    /**
     * @param snapshots offsets, the newest first
     * @param damaged bases of the segments, in order; one at least
     */
    static AbortedAgain of(PartitionLog.SideFiles files, List<Long> snapshots, List<Long> damaged,
            World world) {
        AbortedAgain again = new AbortedAgain(files.segmentBases(), damaged, world);
        for (long offset : snapshots) {
            if (offset > damaged.get(0) || offset < again.bases.get(0)) continue;
            PartitionFolds restored = new PartitionFolds(world);
            byte[] content = files.read(offset, SideFilesKeeper.SNAPSHOT);
            if (!restored.restore(ByteBuffer.wrap(content), List.of())) continue;
            again.folds = restored;
            again.from = offset;
            break;
        }
        return again;
    }

    /** Where folding begins. */
    long from() {
        return from;
    }

    void fold(BatchHeader batch) {
        if (batch.baseOffset() >= from && batch.baseOffset() < endOf(last())) folds.fold(batch);
    }

    /** What was found, with markers in those segments. */
    List<AbortedRange> found() {
        List<AbortedRange> found = new ArrayList<>();
        for (AbortedRange range : folds.aborted.overlapping(damaged.get(0), Long.MAX_VALUE)) {
            for (long base : damaged) {
                if (range.lastOffset() >= base && range.lastOffset() < endOf(base)) found.add(range);
            }
        }
        return found;
    }

    private long last() {
        return damaged.get(damaged.size() - 1);
    }

    private long endOf(long base) {
        int next = bases.indexOf(base) + 1;
        return next < bases.size() ? bases.get(next) : Long.MAX_VALUE;
    }
}

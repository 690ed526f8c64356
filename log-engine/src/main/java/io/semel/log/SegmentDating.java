package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.wire.batch.BatchHeader;

/**
 * Finds out how old an ended segment is that nobody has read since the log was opened. Made on the lane; run
 * once, blocking, on an I/O thread; then given back to the log with {@link PartitionLog#take}. It has a file
 * and a mapping of its own and changes nothing.
 */
public final class SegmentDating {
    private final Disk disk;
    private final String directory;
    private final LogConfig config;
    private final long base;
    private final long endOffset;
    private long firstMs;
    private long latestMs;

    SegmentDating(Disk disk, String directory, LogConfig config, long base, long endOffset) {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
        this.base = base;
        this.endOffset = endOffset;
    }

    /** @throws io.semel.kernel.world.DiskFailure the segment is damaged, or cannot be read */
    public void run() {
        Segment copy = Segment.existing(disk, directory, config, base);
        copy.ended(endOffset);
        try {
            latestMs = copy.datesItself() ? copy.dates().latestMs() : latestOf(copy);
            BatchWalk first = copy.walk(BatchHeader.SIZE).from(0, base);
            firstMs = first.next() ? first.header().maxTimestamp() : -1;
        } finally {
            copy.rest();
        }
    }

    private static long latestOf(Segment copy) {
        long latest = -1;
        BatchWalk walk = copy.walk(Segment.SCAN_BLOCK_BYTES).from(0, copy.base());
        while (walk.next()) latest = Math.max(latest, BatchWalk.timestampOf(walk.header()));
        if (walk.flaw() != null) throw copy.damaged(walk.position(), walk.endOffset(), walk.flaw());
        return latest;
    }

    long base() {
        return base;
    }

    long firstMs() {
        return firstMs;
    }

    long latestMs() {
        return latestMs;
    }
}

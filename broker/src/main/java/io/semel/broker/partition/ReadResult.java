package io.semel.broker.partition;

import io.semel.committed.AbortedRange;
import io.semel.wire.batch.BatchSlice;
import io.semel.wire.error.ErrorCode;
import java.util.List;

/**
 * What one read of a partition found. The slices must be released by whoever gets this. Immutable.
 *
 * @param aborted aborted ranges that touch the slices, null unless asked for read_committed
 */
public record ReadResult(ErrorCode error, long highWatermark, long stableOffset, long logStartOffset,
                         List<BatchSlice> slices, List<AbortedRange> aborted) {

    static ReadResult failed(ErrorCode error) {
        return new ReadResult(error, -1, -1, -1, List.of(), null);
    }

    /** What is left of it when only these slices may be sent. */
    ReadResult withSlices(List<BatchSlice> good) {
        return new ReadResult(error, highWatermark, stableOffset, logStartOffset, good, aborted);
    }

    public int sizeInBytes() {
        int size = 0;
        for (BatchSlice slice : slices) size += slice.sizeInBytes();
        return size;
    }

    public void release() {
        for (BatchSlice slice : slices) slice.release();
    }
}

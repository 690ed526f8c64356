package io.semel.committed;

import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.Marker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * The reader's side of read_committed, as Apache Kafka's consumer does it: of the batches of one answer, in
 * their order, which are delivered, given the aborted ranges that came with them. A range begins to count
 * with the first batch that reaches its first offset, and ends with its producer's abort marker. One per
 * answer; owned by the reader.
 */
public final class CommittedFilter {
    /** By first offset; those before {@link #next} are in {@link #aborting} or over. */
    private final List<AbortedRange> ranges;
    private final TreeSet<Long> aborting = new TreeSet<>();
    private int next;

    /** @param aborted in any order; only producer id and first offset count */
    public CommittedFilter(List<AbortedRange> aborted) {
        ranges = new ArrayList<>(aborted);
        ranges.sort(Comparator.comparingLong(AbortedRange::firstOffset));
    }

    /** Is the next batch delivered? Control batches never are. */
    public boolean delivers(BatchHeader batch) {
        if (!batch.hasProducerId()) return !batch.isControl();
        while (next < ranges.size() && ranges.get(next).firstOffset() <= batch.lastOffset()) {
            aborting.add(ranges.get(next++).producerId());
        }
        if (batch.isControl()) {
            Marker marker = Marker.read(batch);
            if (marker != null && !marker.commit()) aborting.remove(batch.producerId());
            return false;
        }
        return !batch.isTransactional() || !aborting.contains(batch.producerId());
    }
}

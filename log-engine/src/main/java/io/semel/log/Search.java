package io.semel.log;

import io.semel.wire.batch.BatchCheck;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.RecordCursor;

/**
 * Finds batches in one segment: index first, then from header to header with one block read or few. An index
 * entry is believed only when the batch it points at is the one it names; otherwise the index is made anew.
 * Used on the partition's lane; not kept.
 */
final class Search {
    static final int NOT_HERE = -1;
    private static final int BLOCK_BYTES = 8 << 10;

    private final Segment segment;
    private final TailRing ring;

    /** @param ring where the active segment's last batches stand; null for an ended segment */
    Search(Segment segment, TailRing ring) {
        this.segment = segment;
        this.ring = ring;
    }

    /**
     * Where the batch stands that holds {@code offset}, or the first one above it; {@link #NOT_HERE} when
     * there is none.
     */
    int positionOf(long offset) {
        int near = ring == null ? -1 : ring.floorOfOffset(offset);
        if (near >= 0) return ring.position(near);
        BatchWalk walk = walkFromEntry(segment.offsets().floorOfOffset(offset));
        do {
            if (walk.header().lastOffset() >= offset) return walk.position();
        } while (step(walk));
        return NOT_HERE;
    }

    /**
     * Where whole batches from {@code from} on end that lie below offset {@code bound} and above no more than
     * {@code bytesMax} bytes.
     *
     * @param oneAtLeast the first batch may be larger
     */
    int endOf(int from, long bound, int bytesMax, boolean oneAtLeast) {
        long limit = (long) from + bytesMax;
        if (segment.size() <= limit && segment.endOffset() <= bound) return segment.size();
        if (ring != null && ring.count() > 0 && from >= ring.position(0)) {
            return endInRing(from, bound, limit, oneAtLeast);
        }
        OffsetIndex offsets = segment.offsets();
        int slot = Math.min(offsets.floorOfPosition(limit), offsets.floorOfOffset(bound - 1));
        boolean skips = slot >= 0 && offsets.position(slot) > from;
        BatchWalk walk = skips ? walkFromEntry(slot) : walkFrom(from);
        do {
            checkEnd(walk);
            boolean fits = walk.endPosition() <= limit || oneAtLeast && walk.position() == from;
            if (!fits || walk.header().nextOffset() > bound) return walk.position();
        } while (step(walk));
        return segment.size();
    }

    /** Else a turned bit in an offset would look like a batch that nobody may read yet, for ever. */
    private void checkEnd(BatchWalk walk) {
        long next = walk.header().nextOffset();
        if (next <= segment.endOffset()) return;
        throw segment.damaged(walk.position(), walk.header().baseOffset(), "a batch claims offsets up to "
                + (next - 1) + ", and the last one there is " + (segment.endOffset() - 1));
    }

    private int endInRing(int from, long bound, long limit, boolean oneAtLeast) {
        int first = ring.floorOfPosition(from);
        int beyondBytes = segment.size() <= limit ? ring.count() : ring.floorOfPosition(limit);
        if (beyondBytes == first && oneAtLeast) beyondBytes = first + 1;
        int beyondBound = segment.endOffset() <= bound ? ring.count() : ring.floorOfOffset(bound);
        int end = Math.min(beyondBytes, beyondBound);
        if (end <= first) return from;
        return end == ring.count() ? segment.size() : ring.position(end);
    }

    /**
     * The first record from offset {@code start} on and below {@code bound} with a timestamp of {@code
     * timestamp} or later; null when there is none.
     */
    TimestampOffset firstNotBefore(long timestamp, long start, long bound) {
        int later = segment.times().ceiling(timestamp);
        believe(later - 1);
        believe(later);
        TimeIndex times = segment.times();
        OffsetIndex offsets = segment.offsets();
        later = times.ceiling(timestamp);
        int slot = later == times.count() ? offsets.count() - 1
                : offsets.floorOfOffset(times.lastOffset(later) - 1);
        BatchWalk walk = walkFromEntry(slot);
        do {
            if (walk.header().nextOffset() > bound) return null;
            if (BatchWalk.timestampOf(walk.header()) >= timestamp && walk.header().lastOffset() >= start) {
                TimestampOffset found = recordNotBefore(walk.whole(), timestamp, start);
                if (found != null) return found;
            }
        } while (step(walk));
        return null;
    }

    /**
     * A batch whose records cannot be read counts as its first record: a reader that starts there misses
     * nothing.
     */
    private static TimestampOffset recordNotBefore(BatchHeader batch, long timestamp, long start) {
        RecordCursor records = new RecordCursor().open(batch);
        while (records.next()) {
            if (records.timestamp() >= timestamp && records.offset() >= start) {
                return new TimestampOffset(records.timestamp(), records.offset());
            }
        }
        return records.problem() == BatchCheck.Problem.NONE ? null : new TimestampOffset(batch.maxTimestamp(),
                batch.baseOffset());
    }

    /** The highest timestamp from offset {@code start} on and below {@code bound}, -1 when there is none. */
    long maxTimestamp(long start, long bound) {
        if (start > segment.base()) return maxTimestampByWalk(start, bound);
        if (segment.endOffset() <= bound) return segment.maxTimestamp();
        int slot = segment.offsets().floorOfOffset(bound - 1);
        long highest = -1;
        if (slot >= 0) {
            TimeIndex times = segment.times();
            int known = times.floorOfOffset(segment.offsets().lastOffset(slot));
            believe(known);
            known = segment.times().floorOfOffset(segment.offsets().lastOffset(slot));
            if (known >= 0) highest = segment.times().timestamp(known);
        }
        BatchWalk walk = walkFromEntry(slot);
        do {
            if (walk.header().nextOffset() > bound) return highest;
            highest = Math.max(highest, BatchWalk.timestampOf(walk.header()));
        } while (step(walk));
        return highest;
    }

    /** The indexes do not tell: what they know of may lie below {@code start}. */
    private long maxTimestampByWalk(long start, long bound) {
        long highest = -1;
        BatchWalk walk = walkFromEntry(segment.offsets().floorOfOffset(start - 1));
        do {
            BatchHeader batch = walk.header();
            if (batch.nextOffset() > bound) return highest;
            if (batch.baseOffset() >= start) highest = Math.max(highest, BatchWalk.timestampOf(batch));
            else if (batch.nextOffset() > start) highest = maxTimestampOfRecords(walk.whole(), start);
        } while (step(walk));
        return highest;
    }

    private static long maxTimestampOfRecords(BatchHeader batch, long start) {
        long highest = -1;
        RecordCursor records = new RecordCursor().open(batch);
        while (records.next()) {
            if (records.offset() >= start) highest = Math.max(highest, records.timestamp());
        }
        return highest;
    }

    /** Makes the indexes anew when this entry of the time index is not true. */
    private void believe(int slot) {
        if (slot >= 0 && slot < segment.times().count() && !segment.timeEntryHolds(slot)) segment.reindex();
    }

    /**
     * A walk that stands on the batch of this index entry; on the first one for slot -1. The segment must not
     * be empty.
     */
    private BatchWalk walkFromEntry(int slot) {
        if (slot >= 0) {
            OffsetIndex offsets = segment.offsets();
            long named = offsets.lastOffset(slot);
            BatchWalk walk = segment.walk(BLOCK_BYTES).from(offsets.position(slot));
            if (walk.next() && walk.header().lastOffset() == named) return walk;
            segment.reindex();
            return walkFromEntry(segment.offsets().floorOfOffset(named));
        }
        return walkFrom(0);
    }

    private BatchWalk walkFrom(int position) {
        BatchWalk walk = segment.walk(BLOCK_BYTES).from(position);
        step(walk);
        return walk;
    }

    /**
     * Like {@link BatchWalk#next}, but what cannot be true in a segment that was checked is a failure of the
     * disk.
     */
    private boolean step(BatchWalk walk) {
        if (walk.next()) return true;
        if (walk.flaw() != null) throw segment.damaged(walk.position(), walk.endOffset(), walk.flaw());
        return false;
    }
}

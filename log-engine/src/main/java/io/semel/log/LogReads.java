package io.semel.log;

import io.semel.wire.batch.BatchSlice;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what readers ask for, over all segments of a log, and knows which of it must be checked first. Owned
 * by the partition's lane.
 */
final class LogReads {
    private static final int SLICES_MAX = 16;

    private final SegmentList segments;
    private final TailRing ring;
    private boolean gapsAllowed;
    private final CheckedBytes checked = new CheckedBytes();
    private ReadCheck check;
    private int writtenFrom;

    /** @param compacted offsets may have gaps */
    LogReads(SegmentList segments, TailRing ring, boolean compacted) {
        this.gapsAllowed = compacted;
        this.segments = segments;
        this.ring = ring;
        this.writtenFrom = segments.isEmpty() ? 0 : segments.last().size();
    }

    /** What this process has written to the segment came from memory and needs no check. */
    void rolled(Segment ending) {
        checked.add(ending.base(), writtenFrom, ending.size());
        writtenFrom = 0;
    }

    /** Segments were removed or replaced. */
    void forget() {
        checked.clear();
    }

    /** The log was cleaned, be it that its topic was not compacted when it was opened. */
    void allowGaps() {
        gapsAllowed = true;
    }

    ReadCheck check() {
        return check;
    }

    void take(ReadCheck done) {
        for (ReadCheck.Part part : done.parts()) {
            if (part.good()) checked.add(part.base(), part.position(), part.end());
        }
    }

    /** Below {@code bound}, which is not above the log's end; null when there is nothing. */
    List<BatchSlice> slices(long offset, long bound, int bytesMax, boolean oneAtLeast) {
        check = null;
        if (offset >= bound) return null;
        List<BatchSlice> slices = null;
        int bytesLeft = bytesMax;
        try {
            for (int index = Math.max(0, segments.indexOf(offset)); index < segments.count(); index++) {
                Segment segment = segments.get(index);
                boolean enough = slices != null && (bytesLeft <= 0 || slices.size() == SLICES_MAX);
                if (enough || segment.base() >= bound) break;
                if (segment.size() == 0) continue;
                Search search = search(segment);
                int from = slices == null ? search.positionOf(offset) : 0;
                if (from == Search.NOT_HERE) continue;
                int end = search.endOf(from, bound, bytesLeft, oneAtLeast && slices == null);
                if (end > from) {
                    if (slices == null) slices = new ArrayList<>(1);
                    slices.add(slice(segment, from, end, slices));
                    bytesLeft -= end - from;
                }
                if (end < segment.size()) break;
            }
            return slices;
        } catch (RuntimeException failure) {
            check = null;
            if (slices != null) slices.forEach(BatchSlice::release);
            throw failure;
        }
    }

    private BatchSlice slice(Segment segment, int from, int end, List<BatchSlice> slices) {
        BatchSlice slice = segment.slice(from, end);
        boolean written = segment.active() && from >= writtenFrom;
        if (written || checked.covers(segment.base(), from, end)) return slice;
        if (check == null) check = new ReadCheck(slices, gapsAllowed);
        check.add(segment.base(), slice);
        return slice;
    }

    TimestampOffset findByTimestamp(long timestampMs, long start, long bound) {
        for (int index = Math.max(0, segments.indexOf(start)); index < segments.count(); index++) {
            Segment segment = segments.get(index);
            if (segment.base() >= bound) return null;
            if (segment.size() == 0) continue;
            Search search = search(segment);
            if (segment.maxTimestamp() < timestampMs) continue;
            TimestampOffset found = search.firstNotBefore(timestampMs, start, bound);
            if (found != null) return found;
        }
        return null;
    }

    TimestampOffset maxTimestamp(long start, long bound) {
        long highest = -1;
        for (int index = Math.max(0, segments.indexOf(start)); index < segments.count(); index++) {
            Segment segment = segments.get(index);
            if (segment.base() >= bound) break;
            if (segment.size() == 0) continue;
            highest = Math.max(highest, search(segment).maxTimestamp(start, bound));
        }
        return highest < 0 ? null : findByTimestamp(highest, start, bound);
    }

    private Search search(Segment segment) {
        segment.load();
        return new Search(segment, segment.active() ? ring : null);
    }
}

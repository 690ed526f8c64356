package io.semel.log;

import io.semel.kernel.world.DiskFailure;
import io.semel.wire.batch.BatchSlice;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what readers ask for, over all segments of a log, and knows which of it must be checked first. Owned
 * by the partition's lane.
 */
final class LogReads {
    private static final int SLICES_MAX = 16;
    private static final int FLAW_BLOCK_BYTES = 8 << 10;

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
                Stretch found = find(segment, offset, bound, bytesLeft, oneAtLeast && slices == null);
                if (found == null) continue;
                if (found.end > found.from) {
                    if (slices == null) slices = new ArrayList<>(1);
                    slices.add(slice(segment, found.from, found.end, slices));
                    bytesLeft -= found.end - found.from;
                }
                if (found.damaged || found.end < segment.size()) break;
            }
            return slices;
        } catch (DiskFailure failure) {
            // who comes to it is told of it
            if (slices != null && !slices.isEmpty()) return slices;
            check = null;
            throw failure;
        } catch (RuntimeException failure) {
            check = null;
            if (slices != null) slices.forEach(BatchSlice::release);
            throw failure;
        }
    }

    /** Whole batches of one segment; nothing that follows belongs to them when it is damaged. */
    private record Stretch(int from, int end, boolean damaged) {
    }

    /** From the batch that holds {@code offset} on, or from the first one above it; null for none. */
    private Stretch find(Segment segment, long offset, long bound, int bytesMax, boolean oneAtLeast) {
        try {
            Search search = search(segment);
            int from = segment.base() > offset ? 0 : search.positionOf(offset);
            return from == Search.NOT_HERE ? null
                    : new Stretch(from, search.endOf(from, bound, bytesMax, oneAtLeast), false);
        } catch (Damage damage) {
            Stretch below = belowFlaw(segment, offset, bound, bytesMax, oneAtLeast);
            if (below == null) throw damage;
            return below;
        }
    }

    /**
     * As far as the headers of a damaged segment go from its beginning; null where that is not far enough.
     * Where gaps are allowed only the next batch shows that an offset is not another one.
     */
    private Stretch belowFlaw(Segment segment, long offset, long bound, int bytesMax, boolean oneAtLeast) {
        long most = Math.min(bound, segment.endOffset());
        BatchWalk walk = segment.walk(FLAW_BLOCK_BYTES).from(0, segment.base());
        int from = Search.NOT_HERE;
        int end = Search.NOT_HERE;
        int sure = Search.NOT_HERE;
        while (walk.next()) {
            sure = end;
            if (walk.header().nextOffset() > most) break;
            if (walk.header().lastOffset() < offset) continue;
            if (from == Search.NOT_HERE) from = walk.position();
            boolean fits = walk.endPosition() - from <= bytesMax || oneAtLeast && walk.position() == from;
            if (!fits) break;
            end = walk.endPosition();
        }
        if (walk.flaw() != null && gapsAllowed) end = sure;
        return end == Search.NOT_HERE ? null : new Stretch(from, end, true);
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

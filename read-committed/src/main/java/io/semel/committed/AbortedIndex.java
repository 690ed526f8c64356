package io.semel.committed;

import io.semel.wire.batch.BatchFold;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.Marker;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Consumer;

/**
 * Which ranges of a partition were aborted, for readers of committed records to leave out (I9). A fold; owned
 * by the partition's lane. Each new range is handed to a sink, which keeps it in the side file of the
 * marker's segment; the files are only a way to fold less at start-up, and a range that is folded again is
 * known and not handed on.
 */
public final class AbortedIndex implements BatchFold {
    private final Consumer<AbortedRange> sink;
    private final boolean forgetsRanges;
    private final UndecidedList undecided = new UndecidedList();
    /** By ascending marker offset. */
    private List<AbortedRange> ranges = new ArrayList<>();

    /** @param sink gets each range that was not known, while its marker is folded */
    public AbortedIndex(Consumer<AbortedRange> sink) {
        this(sink, false);
    }

    /** @param forgetsRanges the saboteur "a reader is not told of an aborted range" (I9) */
    public AbortedIndex(Consumer<AbortedRange> sink, boolean forgetsRanges) {
        this.sink = sink;
        this.forgetsRanges = forgetsRanges;
    }

    /**
     * Begins again with these transactions open, in any order: before folding on from a snapshot. Ranges
     * stay.
     */
    public void restore(List<Undecided> open) {
        undecided.restore(open);
    }

    /**
     * Takes in what side files hold, in any order; what is known already is left alone. Nothing is handed to
     * the sink.
     */
    public void load(List<AbortedRange> entries) {
        for (AbortedRange entry : entries) insert(entry);
    }

    @Override
    public void fold(BatchHeader batch) {
        if (!batch.isControl()) {
            undecided.write(batch);
            return;
        }
        Marker marker = Marker.read(batch);
        if (marker == null || !batch.hasProducerId()) return;
        long firstOffset = undecided.close(batch.producerId());
        if (firstOffset != UndecidedList.NONE && !marker.commit()) aborted(batch, firstOffset);
    }

    /**
     * The ranges that touch offsets from {@code fetchOffset} to below {@code upperBound}, by marker offset.
     */
    public List<AbortedRange> overlapping(long fetchOffset, long upperBound) {
        List<AbortedRange> overlapping = new ArrayList<>();
        for (int index = indexFrom(fetchOffset); index < ranges.size(); index++) {
            AbortedRange range = ranges.get(index);
            if (range.firstOffset() < upperBound) overlapping.add(range);
            if (range.lastStableOffset() >= upperBound) break;
        }
        return overlapping;
    }

    /** Forgets ranges whose marker lies below the log's start. */
    public void forgetBelow(long logStartOffset) {
        int gone = indexFrom(logStartOffset);
        if (gone > 0) ranges = new ArrayList<>(ranges.subList(gone, ranges.size()));
    }

    /** Forgets ranges whose marker lies at or above the log's end, after a truncation. */
    public void forgetFrom(long logEndOffset) {
        ranges = new ArrayList<>(ranges.subList(0, indexFrom(logEndOffset)));
    }

    /**
     * Forgets the ranges whose marker lies from {@code from} on and below {@code end}, but for these: of the
     * others compaction has left no data.
     */
    public void keepOnly(long from, long end, SortedSet<Long> markerOffsets) {
        List<AbortedRange> kept = new ArrayList<>(ranges.subList(0, indexFrom(from)));
        for (AbortedRange range : ranges.subList(kept.size(), ranges.size())) {
            boolean stays = range.lastOffset() >= end || markerOffsets.contains(range.lastOffset());
            if (stays) kept.add(range);
        }
        ranges = kept;
    }

    /** How many ranges are known. */
    public int size() {
        return ranges.size();
    }

    private void aborted(BatchHeader marker, long firstOffset) {
        if (forgetsRanges) return;
        long markerOffset = marker.baseOffset();
        long stable = undecided.firstOffset(markerOffset + 1);
        AbortedRange range = new AbortedRange(marker.producerId(), firstOffset, markerOffset, stable);
        if (insert(range)) sink.accept(range);
    }

    private boolean insert(AbortedRange range) {
        int index = indexFrom(range.lastOffset());
        if (index < ranges.size() && ranges.get(index).lastOffset() == range.lastOffset()) return false;
        ranges.add(index, range);
        return true;
    }

    /** The first range whose marker is at or above the offset. */
    private int indexFrom(long offset) {
        int low = 0;
        int high = ranges.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ranges.get(middle).lastOffset() < offset) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}

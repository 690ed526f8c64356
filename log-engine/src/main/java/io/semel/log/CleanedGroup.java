package io.semel.log;

import java.util.List;
import java.util.SortedSet;

/**
 * A cleaned segment and those it is to take the place of. Made by a {@link Cleaning}; then {@link #decide} on
 * an I/O thread, {@link Compactor#take} on the log's lane, {@link #complete} on an I/O thread, both in order
 * with the log's forces, {@link Compactor#settle} on the lane.
 */
public final class CleanedGroup {
    private final SegmentSwap swap;
    private final Segment segment;
    private final List<Cleaning.Source> sources;
    private final SortedSet<Long> abortedMarkers;
    private List<Segment> replaced = List.of();

    CleanedGroup(SegmentSwap swap, Segment segment, List<Cleaning.Source> sources,
            SortedSet<Long> abortedMarkers) {
        this.abortedMarkers = abortedMarkers;
        this.swap = swap;
        this.segment = segment;
        this.sources = sources;
    }

    public long base() {
        return segment.base();
    }

    public long endOffset() {
        return segment.endOffset();
    }

    /** Of the aborted ranges that end in it those of which data is left; the others are to be forgotten. */
    public SortedSet<Long> abortedMarkers() {
        return abortedMarkers;
    }

    Segment segment() {
        return segment;
    }

    List<Cleaning.Source> sources() {
        return sources;
    }

    void replaces(List<Segment> old) {
        replaced = old;
    }

    /** From now on the next opening finds the new segment, whatever happens. Blocking. */
    public void decide() {
        swap.decide(segment.base());
    }

    /**
     * Removes the old ones' files and gives the new one its name. Slices handed out stay readable. Blocking.
     */
    public void complete() {
        replaced.forEach(Segment::leave);
        swap.complete(segment.base(), segment.endOffset());
    }

    /** Instead of {@link #decide}. Blocking. */
    public void discard() {
        segment.unpinned();
        segment.leave();
        swap.discard(segment.base());
    }
}

package io.semel.log;

import java.util.ArrayList;
import java.util.List;

/** The segments of a log in the order of their bases. Owned by the partition's lane. */
final class SegmentList {
    private final List<Segment> segments = new ArrayList<>();
    private OpenSegments among;
    private Runnable onPressed;

    /** From now on their files are opened, and closed, on the lane. */
    void join(OpenSegments others, Runnable onPressed) {
        this.among = others;
        this.onPressed = onPressed;
        for (Segment segment : segments) segment.place().join(others, onPressed);
    }

    /** They are to be closed elsewhere. */
    void leave() {
        OpenSegments left = among;
        among = null;
        for (Segment segment : segments) segment.place().leave();
        if (left != null) left.forced();
    }

    /** Something of them was forced, which kept its file open until now. */
    void forced() {
        if (among != null) among.forced();
    }

    void add(Segment segment) {
        segments.add(segment);
        if (among != null) segment.place().join(among, onPressed);
    }

    /** Takes out the first {@code count}. */
    List<Segment> removeFirst(int count) {
        List<Segment> first = segments.subList(0, count);
        List<Segment> removed = new ArrayList<>(first);
        first.clear();
        for (Segment segment : removed) segment.place().leave();
        return removed;
    }

    /** Puts one in the place of {@code count}, from {@code first} on. */
    List<Segment> replace(int first, int count, Segment by) {
        List<Segment> range = segments.subList(first, first + count);
        List<Segment> replaced = new ArrayList<>(range);
        range.clear();
        segments.add(first, by);
        for (Segment segment : replaced) segment.place().leave();
        if (among != null) by.place().join(among, onPressed);
        return replaced;
    }

    boolean isEmpty() {
        return segments.isEmpty();
    }

    int count() {
        return segments.size();
    }

    Segment get(int index) {
        return segments.get(index);
    }

    Segment last() {
        return segments.isEmpty() ? null : segments.get(segments.size() - 1);
    }

    /**
     * The index of the segment whose range holds {@code offset}: -1 when that is below the first one's base.
     */
    int indexOf(long offset) {
        int low = -1;
        int high = segments.size() - 1;
        while (low < high) {
            int middle = low + high + 1 >>> 1;
            if (segments.get(middle).base() <= offset) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    long sizeInBytes() {
        long size = 0;
        for (Segment segment : segments) size += segment.size();
        return size;
    }

    List<Long> bases() {
        List<Long> bases = new ArrayList<>(segments.size());
        for (Segment segment : segments) bases.add(segment.base());
        return bases;
    }

    void rest() {
        for (Segment segment : segments) {
            segment.unpinned();
            segment.rest();
        }
    }
}

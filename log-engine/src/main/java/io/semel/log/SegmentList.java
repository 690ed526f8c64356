package io.semel.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The segments of a log in the order of their bases. Keeps few ended ones open. Owned by the partition's
 * lane.
 */
final class SegmentList {
    private static final int AWAKE_MAX = 4;

    private final List<Segment> segments = new ArrayList<>();
    private final ArrayDeque<Segment> awake = new ArrayDeque<>();

    void add(Segment segment) {
        segments.add(segment);
    }

    /** Takes out the first {@code count}. */
    List<Segment> removeFirst(int count) {
        List<Segment> first = segments.subList(0, count);
        List<Segment> removed = new ArrayList<>(first);
        first.clear();
        awake.removeAll(removed);
        return removed;
    }

    /** Puts one in the place of {@code count}, from {@code first} on. */
    List<Segment> replace(int first, int count, Segment by) {
        List<Segment> range = segments.subList(first, first + count);
        List<Segment> replaced = new ArrayList<>(range);
        range.clear();
        segments.add(first, by);
        awake.removeAll(replaced);
        return replaced;
    }

    boolean isAwake(Segment segment) {
        return awake.contains(segment);
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

    /**
     * An ended segment was or will be read: the one that was read longest ago goes to rest when too many are
     * awake.
     */
    void woken(Segment segment) {
        if (segment.active() || awake.peekLast() == segment) return;
        awake.remove(segment);
        awake.addLast(segment);
        if (awake.size() > AWAKE_MAX) awake.removeFirst().rest();
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
        awake.clear();
        for (Segment segment : segments) {
            segment.unpinned();
            segment.rest();
        }
    }
}

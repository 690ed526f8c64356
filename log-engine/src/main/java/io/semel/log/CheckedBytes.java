package io.semel.log;

/**
 * Which bytes of a few segments were found to match their CRC, or were written by this process, not long ago:
 * one stretch of each, the segment looked at longest ago forgotten first. Owned by the partition's lane.
 */
final class CheckedBytes {
    private static final int SEGMENTS = 4;

    private final long[] bases = new long[SEGMENTS];
    private final int[] froms = new int[SEGMENTS];
    private final int[] ends = new int[SEGMENTS];
    private int count;

    boolean covers(long base, int from, int end) {
        int slot = slotOf(base);
        return slot >= 0 && froms[slot] <= from && end <= ends[slot];
    }

    /** Joins what it touches, else takes the place of what was known of the segment. */
    void add(long base, int from, int end) {
        if (end <= from) return;
        int joinedFrom = from;
        int joinedEnd = end;
        int slot = slotOf(base);
        if (slot >= 0) {
            boolean touches = from <= ends[slot] && froms[slot] <= end;
            if (touches) joinedFrom = Math.min(from, froms[slot]);
            if (touches) joinedEnd = Math.max(end, ends[slot]);
            remove(slot);
        } else if (count == SEGMENTS) {
            remove(0);
        }
        bases[count] = base;
        froms[count] = joinedFrom;
        ends[count++] = joinedEnd;
    }

    void clear() {
        count = 0;
    }

    private void remove(int slot) {
        count--;
        System.arraycopy(bases, slot + 1, bases, slot, count - slot);
        System.arraycopy(froms, slot + 1, froms, slot, count - slot);
        System.arraycopy(ends, slot + 1, ends, slot, count - slot);
    }

    private int slotOf(long base) {
        for (int slot = 0; slot < count; slot++) if (bases[slot] == base) return slot;
        return -1;
    }
}

package io.semel.log;

/**
 * Where the last batches of the active segment stand, so that reads at a log's end need neither index nor
 * disk. Owned by its lane.
 */
final class TailRing {
    private static final int FIRST_SLOTS = 16;
    private static final int SLOTS = 128;

    private long[] baseOffsets = new long[FIRST_SLOTS];
    private int[] positions = new int[FIRST_SLOTS];
    private int next;
    private int count;

    void clear() {
        next = 0;
        count = 0;
    }

    void add(long baseOffset, int position) {
        if (count == baseOffsets.length && count < SLOTS) grow();
        baseOffsets[next] = baseOffset;
        positions[next] = position;
        next = (next + 1) % baseOffsets.length;
        if (count < baseOffsets.length) count++;
    }

    private void grow() {
        long[] offsets = new long[SLOTS];
        int[] places = new int[SLOTS];
        for (int index = 0; index < count; index++) {
            offsets[index] = baseOffset(index);
            places[index] = position(index);
        }
        baseOffsets = offsets;
        positions = places;
        next = count;
    }

    int count() {
        return count;
    }

    long baseOffset(int index) {
        return baseOffsets[slot(index)];
    }

    int position(int index) {
        return positions[slot(index)];
    }

    /** The batch that contains {@code offset} or is the last below it: -1 when it is older than all here. */
    int floorOfOffset(long offset) {
        return Slots.floor(count, this::baseOffset, offset);
    }

    /** The last batch that starts at or below {@code position}: -1 when it is older than all here. */
    int floorOfPosition(long position) {
        return Slots.floor(count, this::position, position);
    }

    private int slot(int index) {
        return Math.floorMod(next - count + index, baseOffsets.length);
    }
}

package io.semel.it.kit.check;

import java.util.Arrays;

/** From offsets to small numbers, without boxes: open addressing in two arrays. Used by one thread. */
final class OffsetTable {
    static final int NONE = -1;

    private long[] offsets = new long[16];
    private int[] numbers = new int[16];
    private int size;

    OffsetTable() {
        Arrays.fill(numbers, NONE);
    }

    int get(long offset) {
        return numbers[slot(offset)];
    }

    /** @param number not negative */
    void put(long offset, int number) {
        int slot = slot(offset);
        if (numbers[slot] == NONE && ++size * 2 > numbers.length) {
            grow();
            slot = slot(offset);
        }
        offsets[slot] = offset;
        numbers[slot] = number;
    }

    private int slot(long offset) {
        int mask = numbers.length - 1;
        int slot = (int) ((offset * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (numbers[slot] != NONE && offsets[slot] != offset) slot = (slot + 1) & mask;
        return slot;
    }

    private void grow() {
        long[] oldOffsets = offsets;
        int[] oldNumbers = numbers;
        offsets = new long[oldOffsets.length * 2];
        numbers = new int[oldNumbers.length * 2];
        Arrays.fill(numbers, NONE);
        for (int index = 0; index < oldNumbers.length; index++) {
            if (oldNumbers[index] == NONE) continue;
            int slot = slot(oldOffsets[index]);
            offsets[slot] = oldOffsets[index];
            numbers[slot] = oldNumbers[index];
        }
    }
}

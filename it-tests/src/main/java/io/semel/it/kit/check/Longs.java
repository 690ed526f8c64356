package io.semel.it.kit.check;

import java.util.Arrays;

/** A growing row of longs. Used by one thread. */
final class Longs {
    private long[] all = new long[4];
    private int size;

    void add(long one) {
        if (size == all.length) all = Arrays.copyOf(all, size * 2);
        all[size++] = one;
    }

    long get(int index) {
        return all[index];
    }

    void set(int index, long one) {
        all[index] = one;
    }

    int size() {
        return size;
    }

    long[] sorted() {
        long[] sorted = Arrays.copyOf(all, size);
        Arrays.sort(sorted);
        return sorted;
    }

    /** The index of the last that is not above {@code limit} in a row that never falls, or -1. */
    int lastAtMost(long limit) {
        int found = Arrays.binarySearch(all, 0, size, limit);
        if (found < 0) return -found - 2;
        while (found + 1 < size && all[found + 1] == limit) found++;
        return found;
    }
}

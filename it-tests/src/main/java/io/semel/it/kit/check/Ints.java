package io.semel.it.kit.check;

import java.util.Arrays;

/** A growing row of ints. Used by one thread. */
final class Ints {
    private int[] all = new int[4];
    private int size;

    void add(int one) {
        if (size == all.length) all = Arrays.copyOf(all, size * 2);
        all[size++] = one;
    }

    int get(int index) {
        return all[index];
    }

    void set(int index, int one) {
        all[index] = one;
    }

    int size() {
        return size;
    }

    int[] toArray() {
        return Arrays.copyOf(all, size);
    }
}

package io.semel.it.kit.check;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which offsets of a partition readers have passed: ranges, merged once all are known. Used by one thread.
 */
final class Coverage {
    private final Longs from = new Longs();
    private final Longs to = new Longs();
    private long[] starts = {};
    private long[] ends = {};

    void add(long first, long last) {
        from.add(first);
        to.add(last);
    }

    void merge() {
        int[] order = IntStream.range(0, from.size()).boxed()
                .sorted((one, other) -> Long.compare(from.get(one), from.get(other)))
                .mapToInt(Integer::intValue).toArray();
        starts = new long[order.length];
        ends = new long[order.length];
        int count = 0;
        for (int index : order) {
            if (count > 0 && from.get(index) <= ends[count - 1]) {
                ends[count - 1] = Math.max(ends[count - 1], to.get(index));
            } else {
                starts[count] = from.get(index);
                ends[count++] = to.get(index);
            }
        }
        starts = Arrays.copyOf(starts, count);
        ends = Arrays.copyOf(ends, count);
    }

    boolean has(long offset) {
        int found = Arrays.binarySearch(starts, offset);
        int range = found >= 0 ? found : -found - 2;
        return range >= 0 && offset <= ends[range];
    }
}

package io.semel.it.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one reader has seen, partition by partition. */
final class View {
    record Seen(long offset, String value) {
    }

    private final Map<Integer, List<Seen>> partitions = new TreeMap<>();

    /** From the first on, below the second: what a reader has not seen since it was gone already. */
    private record Skip(int partition, long from, long to) {
    }

    private final List<Skip> skips = new ArrayList<>();

    void skip(int partition, long from, long to) {
        skips.add(new Skip(partition, from, to));
    }

    boolean skipped(int partition, long offset) {
        return skips.stream().anyMatch(skip -> skip.partition == partition && skip.from <= offset
                && offset < skip.to);
    }

    void add(int partition, long offset, String value) {
        of(partition).add(new Seen(offset, value));
    }

    List<Seen> of(int partition) {
        return partitions.computeIfAbsent(partition, index -> new ArrayList<>());
    }

    Map<Integer, List<Seen>> partitions() {
        return partitions;
    }

    int size() {
        return partitions.values().stream().mapToInt(List::size).sum();
    }
}

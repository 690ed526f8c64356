package io.semel.wire.message;

import io.semel.kernel.law.Invariant;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The APIs and versions that are spoken: what is advertised is what a request is held to. Immutable; any
 * thread. Iterates by API key.
 */
public final class ApiTable {
    /** The versions of one API, both ends included. */
    public record Range(short apiKey, short oldest, short newest) {
        boolean holds(short version) {
            return oldest <= version && version <= newest;
        }
    }

    /**
     * Key, oldest and newest version (FEATURES 2.2). Produce 0 to 2 are advertised but cannot be read:
     * librdkafka takes a broker without them for one that knows no compression (KAFKA-18659).
     */
    private static final int[][] SPOKEN = {
        {0, 0, 13}, {1, 4, 18}, {2, 1, 11}, {3, 0, 13}, {8, 2, 10}, {9, 1, 10}, {10, 0, 6}, {11, 0, 9},
        {12, 0, 4}, {13, 0, 5}, {14, 0, 5}, {15, 0, 6}, {16, 0, 5}, {18, 0, 4}, {19, 2, 7}, {20, 1, 6},
        {21, 0, 2}, {22, 0, 5}, {23, 2, 4}, {24, 0, 5}, {25, 0, 4}, {26, 0, 5}, {27, 1, 2}, {28, 0, 5},
        {29, 1, 3}, {30, 1, 3}, {31, 1, 3}, {32, 1, 4}, {33, 0, 2}, {34, 1, 2}, {35, 1, 4}, {37, 0, 3},
        {42, 0, 2}, {43, 0, 2}, {44, 0, 1}, {45, 0, 1}, {46, 0, 0}, {47, 0, 0}, {48, 0, 1}, {49, 0, 1},
        {50, 0, 0}, {51, 0, 0}, {57, 0, 2}, {60, 0, 2}, {61, 0, 0}, {65, 0, 0}, {66, 0, 2}, {68, 0, 1},
        {69, 0, 1}, {74, 0, 1}, {75, 0, 0}, {88, 0, 0}, {89, 0, 0},
    };

    private static final int PRODUCE_READABLE_FROM = 3;

    private final SortedMap<Short, Range> ranges;

    private ApiTable(SortedMap<Short, Range> ranges) {
        this.ranges = Collections.unmodifiableSortedMap(ranges);
    }

    /** The table for these keys (those that have a desk), each with the versions we speak. */
    public static ApiTable of(Collection<Short> apiKeys) {
        ApiTable all = all();
        SortedMap<Short, Range> ranges = new TreeMap<>();
        for (short apiKey : apiKeys) {
            Range spoken = all.range(apiKey);
            if (spoken == null) {
                Invariant.check(false, "API key " + apiKey + " is not in the table of versions");
            }
            ranges.put(apiKey, spoken);
        }
        return new ApiTable(ranges);
    }

    /** As {@link #of(Collection)}, with other versions than usual for some keys. */
    public ApiTable with(Range range) {
        SortedMap<Short, Range> changed = new TreeMap<>(ranges);
        changed.put(range.apiKey(), range);
        return new ApiTable(changed);
    }

    /** Every API we know how to speak, whether or not it has a desk. */
    public static ApiTable all() {
        SortedMap<Short, Range> ranges = new TreeMap<>();
        for (int[] row : SPOKEN) {
            ranges.put((short) row[0], new Range((short) row[0], (short) row[1], (short) row[2]));
        }
        return new ApiTable(ranges);
    }

    public Collection<Range> ranges() {
        return ranges.values();
    }

    /** The versions of an API, null when it is not spoken. */
    public Range range(short apiKey) {
        return ranges.get(apiKey);
    }

    /** Whether a request of this version is advertised and can be read. */
    boolean reads(short apiKey, short version) {
        Range range = ranges.get(apiKey);
        return range != null && range.holds(version)
            && (apiKey != Api.PRODUCE.id || version >= PRODUCE_READABLE_FROM);
    }

    @Override
    public String toString() {
        return ranges.values().toString();
    }
}

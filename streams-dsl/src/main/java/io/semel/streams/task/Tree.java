package io.semel.streams.task;

import java.util.List;
import java.util.function.BiPredicate;

/**
 * A node of an ordered tree that is never changed: applying changes makes new nodes for what they touch and
 * shares the rest, so that a view once taken stays as it is. Free to share between threads.
 */
sealed interface Tree permits Page, Branch {
    /** The value of {@code key}, or null. */
    StampedBytes get(byte[] key);

    /** As {@link StoreView#scan}; says whether to go on behind this node. */
    boolean scan(byte[] from, byte[] to, BiPredicate<byte[], StampedBytes> visit);

    /** Adds the nodes of the same height that take this one's place, in order; none if nothing is left. */
    void apply(Changes changes, int first, int end, List<Tree> into);

    /** The smallest key; null if it is empty. */
    byte[] firstKey();

    long rows();

    /** Key bytes in order with their new values; a removal has no value. */
    record Changes(byte[][] keys, StampedBytes[] values) {
        /** The first change in [first, end) whose key is not below {@code key}. */
        int at(byte[] key, int first, int end) {
            int low = first;
            int high = end;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (MemoryBase.KEY_ORDER.compare(keys[middle], key) < 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }
}

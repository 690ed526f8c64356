package io.semel.streams.task;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * The default base store: an ordered map on the heap, folded from its log at start. Owned by the task's
 * thread.
 */
public final class MemoryBase implements StoreBase {
    /** Keys in the order in which Kafka's own tools and other stores sort them. */
    public static final Comparator<byte[]> KEY_ORDER = Arrays::compareUnsigned;

    private final TreeMap<byte[], StampedBytes> rows = new TreeMap<>(KEY_ORDER);
    private long position;

    @Override
    public StampedBytes get(byte[] key) {
        return rows.get(key);
    }

    @Override
    public void scan(byte[] from, byte[] to, BiPredicate<byte[], StampedBytes> visit) {
        for (Map.Entry<byte[], StampedBytes> row : part(rows, from, to).entrySet()) {
            if (!visit.test(row.getKey(), row.getValue())) {
                return;
            }
        }
    }

    /** The rows of {@code map} between two keys, either of which may be absent; none if they cross. */
    static <V> NavigableMap<byte[], V> part(NavigableMap<byte[], V> map, byte[] from, byte[] to) {
        if (from != null && to != null && KEY_ORDER.compare(from, to) >= 0) {
            return map.subMap(from, true, from, false);
        }
        NavigableMap<byte[], V> tail = from == null ? map : map.tailMap(from, true);
        return to == null ? tail : tail.headMap(to, false);
    }

    @Override
    public void apply(NavigableMap<byte[], StampedBytes> changes, long newPosition) {
        if (newPosition < position) {
            throw new IllegalStateException(
                    "store position would fall from " + position + " to " + newPosition);
        }
        changes.forEach((key, value) -> {
            if (value.isRemoval()) {
                rows.remove(key);
            } else {
                rows.put(key, value);
            }
        });
        position = newPosition;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public long size() {
        return rows.size();
    }

    @Override
    public void clear() {
        rows.clear();
        position = 0;
    }
}

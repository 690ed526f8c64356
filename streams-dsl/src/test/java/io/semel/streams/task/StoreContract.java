package io.semel.streams.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What every base store does, whatever it keeps its rows in. */
public abstract class StoreContract {
    /** An empty store. */
    protected abstract StoreBase store();

    @Test
    void isEmptyAtFirst() {
        StoreBase store = store();

        assertEquals(0, store.position());
        assertEquals(0, store.size());
        assertNull(store.get(new byte[] {1}));
        assertEquals(List.of(), rows(store, null, null));
    }

    @Test
    void takesChangesAndPositionTogether() {
        StoreBase store = store();

        store.apply(changes("a", "1", "b", "2"), 7);
        store.apply(changes("a", null, "c", "3"), 9);

        assertEquals(9, store.position());
        assertEquals(2, store.size());
        assertNull(store.get("a".getBytes()));
        assertArrayEquals("3".getBytes(), store.get("c".getBytes()).value());
        assertEquals(5, store.get("c".getBytes()).timestampMs());
    }

    @Test
    void refusesToGoBack() {
        StoreBase store = store();
        store.apply(changes("a", "1"), 7);

        assertThrows(IllegalStateException.class, () -> store.apply(changes("a", "2"), 6));
        assertEquals(7, store.position());
        assertArrayEquals("1".getBytes(), store.get("a".getBytes()).value());
    }

    @Test
    void movesItsPositionWithoutChanges() {
        StoreBase store = store();
        store.apply(changes(), 5);
        assertEquals(5, store.position());
        assertEquals(0, store.size());
    }

    @Test
    void ordersKeysAsUnsignedBytes() {
        StoreBase store = store();
        TreeMap<byte[], StampedBytes> changes = new TreeMap<>(MemoryBase.KEY_ORDER);
        for (int i = 0; i < 256; i++) {
            changes.put(new byte[] {(byte) i}, new StampedBytes(new byte[0], i));
        }
        changes.put(new byte[0], new StampedBytes(new byte[] {7}, 0));

        store.apply(changes, 1);

        List<Integer> seen = new ArrayList<>();
        store.scan(null, null, (key, value) -> seen.add(key.length == 0 ? -1 : key[0] & 0xff));
        assertEquals(257, seen.size());
        assertEquals(seen.stream().sorted().toList(), seen);
    }

    @Test
    void startsAgainFromNothingWhenCleared() {
        StoreBase store = store();
        store.apply(changes("a", "1"), 7);

        store.clear();
        store.apply(changes("b", "2"), 3);

        assertEquals(3, store.position());
        assertEquals(1, store.size());
        assertEquals(List.of("b=2@5"), rows(store, null, null));
    }

    @Test
    void keepsValuesOfEverySize() {
        StoreBase store = store();
        TreeMap<byte[], StampedBytes> changes = new TreeMap<>(MemoryBase.KEY_ORDER);
        for (int size : new int[] {0, 1, 100, 2_000, 5_000, 100_000, 1_000_000}) {
            changes.put(ByteBuffer.allocate(4).putInt(size).array(), new StampedBytes(new byte[size], size));
        }

        store.apply(changes, 1);

        changes.forEach((key, value) -> {
            assertEquals(value.value().length, store.get(key).value().length);
            assertEquals(value.timestampMs(), store.get(key).timestampMs());
        });
    }

    /** Against one map: random puts, removals and sweeps over a wide and a narrow range of keys. */
    @Test
    void agreesWithAMap() {
        for (long seed = 1; seed <= 30; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StoreBase store = store();
            TreeMap<byte[], StampedBytes> model = new TreeMap<>(MemoryBase.KEY_ORDER);
            int keys = seed % 2 == 0 ? 20 : 2_000;
            for (int step = 1; step <= 60; step++) {
                NavigableMap<byte[], StampedBytes> changes = random(random, keys, step);
                store.apply(changes, step);
                changes.forEach((key, value) -> {
                    if (value.isRemoval()) model.remove(key);
                    else model.put(key, value);
                });
                byte[] from = random.nextInt(4) == 0 ? null : key(random, keys);
                byte[] to = random.nextInt(4) == 0 ? null : key(random, keys);
                assertEquals(text(MemoryBase.part(model, from, to)), rows(store, from, to), "seed " + seed);
                assertEquals(model.size(), store.size(), "seed " + seed);
                byte[] any = key(random, keys);
                assertEquals(model.containsKey(any), store.get(any) != null, "seed " + seed);
            }
        }
    }

    private static NavigableMap<byte[], StampedBytes> random(SplittableRandom random, int keys, int step) {
        TreeMap<byte[], StampedBytes> changes = new TreeMap<>(MemoryBase.KEY_ORDER);
        boolean sweep = random.nextInt(10) == 0;
        for (int i = random.nextInt(sweep ? keys * 2 : 200); i > 0; i--) {
            boolean removes = sweep || random.nextInt(4) == 0;
            changes.put(key(random, keys), removes ? new StampedBytes(null, step)
                    : new StampedBytes(("v" + step).repeat(random.nextInt(6)).getBytes(), step));
        }
        return changes;
    }

    private static byte[] key(SplittableRandom random, int keys) {
        return ("k" + random.nextInt(keys)).getBytes();
    }

    private static List<String> text(NavigableMap<byte[], StampedBytes> rows) {
        List<String> text = new ArrayList<>();
        for (Map.Entry<byte[], StampedBytes> row : rows.entrySet()) {
            text.add(new String(row.getKey()) + "=" + new String(row.getValue().value()) + "@"
                    + row.getValue().timestampMs());
        }
        return text;
    }

    protected static List<String> rows(StoreView store, byte[] from, byte[] to) {
        List<String> rows = new ArrayList<>();
        store.scan(from, to, (key, value) -> rows.add(new String(key) + "=" + new String(value.value()) + "@"
                + value.timestampMs()));
        return rows;
    }

    protected static NavigableMap<byte[], StampedBytes> changes(String... rows) {
        TreeMap<byte[], StampedBytes> changes = new TreeMap<>(MemoryBase.KEY_ORDER);
        for (int i = 0; i < rows.length; i += 2) {
            changes.put(rows[i].getBytes(), new StampedBytes(rows[i + 1] == null ? null
                    : rows[i + 1].getBytes(), 5));
        }
        return changes;
    }
}

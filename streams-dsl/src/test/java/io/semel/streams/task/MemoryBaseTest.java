package io.semel.streams.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MemoryBaseTest extends StoreContract {
    @Override
    protected StoreBase store() {
        return new MemoryBase();
    }

    @Test
    void aViewStaysAsItIsWhileTheStoreMovesOn() {
        MemoryBase store = filled(20_000);
        MemoryBase.View view = store.view();
        List<String> before = rows(view, null, null);

        for (int i = 0; i < 20_000; i += 3) {
            store.apply(changes("k" + i, i % 2 == 0 ? null : "new"), 2);
        }

        assertEquals(before, rows(view, null, null));
        assertEquals(1, view.position());
        assertEquals(20_000, view.size());
    }

    @Test
    void isPutTogetherAgainFromItsPages() {
        MemoryBase store = filled(20_000);
        MemoryBase again = new MemoryBase();
        MemoryBase.Loading loading = new MemoryBase.Loading();

        store.view().pages(loading::page);
        loading.into(again, 8);

        assertEquals(rows(store, null, null), rows(again, null, null));
        assertEquals(8, again.position());
        again.apply(changes("k7", "other", "zz", "last"), 9);
        assertEquals(20_001, again.size());
    }

    @Test
    void refusesPagesThatAreNone() {
        MemoryBase.Loading loading = new MemoryBase.Loading();
        List<byte[]> pages = new ArrayList<>();
        filled(1_000).view().pages((rows, count) -> pages.add(rows));
        loading.page(pages.get(1), count(pages.get(1)));

        assertThrows(IllegalArgumentException.class,
                () -> loading.page(pages.get(0), count(pages.get(0))), "out of order");
        assertThrows(IllegalArgumentException.class, () -> loading.page(pages.get(2), 1), "rows are missing");
        assertThrows(IllegalArgumentException.class, () -> loading.page(new byte[5], 1), "no row");
    }

    @Test
    void leavesNoCrumbsWhenMostIsRemoved() {
        MemoryBase store = filled(20_000);
        TreeMap<byte[], StampedBytes> removals = new TreeMap<>(MemoryBase.KEY_ORDER);
        for (int i = 0; i < 20_000; i++) {
            if (i % 100 != 0) {
                removals.put(("k" + i).getBytes(), new StampedBytes(null, 1));
            }
        }

        store.apply(removals, 2);

        int[] pages = new int[1];
        store.view().pages((rows, count) -> pages[0]++);
        assertEquals(200, store.size());
        assertTrue(pages[0] < 20, pages[0] + " pages for 200 rows");
    }

    /** A commit touches few of a branch's pages; the others are not looked at, and yet none stays a crumb. */
    @Test
    void leavesNoCrumbsWhenRowsGoOneByOne() {
        MemoryBase store = filled(20_000);
        for (int i = 0; i < 20_000; i++) {
            if (i % 100 != 0) {
                store.apply(changes("k" + (i * 7_919L % 20_000), null), 2 + i);
            }
        }

        int[] pages = new int[1];
        int[] counted = new int[1];
        store.view().pages((rows, count) -> {
            pages[0]++;
            counted[0] += count;
        });
        assertEquals(200, store.size());
        assertEquals(200, counted[0]);
        assertEquals(200, rows(store, null, null).size());
        assertTrue(pages[0] < 40, pages[0] + " pages for 200 rows");
    }

    @Test
    void valuesOfTheSameLengthAreOverwrittenInACopy() {
        MemoryBase store = filled(20_000);
        MemoryBase.View before = store.view();

        for (int i = 10_000; i < 20_000; i += 50) {
            store.apply(changes("k" + i, "w" + i, "k" + (i + 7), "x" + i), 2);
        }

        for (int i = 10_000; i < 20_000; i += 50) {
            assertEquals("w" + i, new String(store.get(("k" + i).getBytes()).value()));
            assertEquals(5, store.get(("k" + i).getBytes()).timestampMs());
            assertEquals("x" + i, new String(store.get(("k" + (i + 7)).getBytes()).value()));
            assertEquals("v" + (i + 1), new String(store.get(("k" + (i + 1)).getBytes()).value()));
            assertEquals("v" + i, new String(before.get(("k" + i).getBytes()).value()));
        }
        assertEquals(20_000, store.size());
    }

    private static int count(byte[] rows) {
        int count = 0;
        java.nio.ByteBuffer bytes = java.nio.ByteBuffer.wrap(rows);
        for (int at = 0; at < rows.length; count++) {
            at += 16 + bytes.getInt(at) + bytes.getInt(at + 4);
        }
        return count;
    }

    private static MemoryBase filled(int count) {
        MemoryBase store = new MemoryBase();
        TreeMap<byte[], StampedBytes> rows = new TreeMap<>(MemoryBase.KEY_ORDER);
        for (int i = 0; i < count; i++) {
            rows.put(("k" + i).getBytes(), new StampedBytes(("v" + i).getBytes(), i));
        }
        store.apply(rows, 1);
        return store;
    }
}

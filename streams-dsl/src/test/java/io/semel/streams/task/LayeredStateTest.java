package io.semel.streams.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.topology.StoreSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LayeredStateTest {
    private static final Store<String, String> STORE =
            Store.keyed("s", Serdes.string(), Serdes.string());
    private final LayeredState<String, String> state = new LayeredState<>(
            new StoreSpec(STORE, Optional.empty()), "app-s-changelog", 0, new MemoryBase());

    @Test
    void scansEveryLayerInKeyOrderTheNewestHidingTheOthers() {
        put("a", "base", "b", "base", "c", "base", "d", "base");
        state.apply(state.seal(), 4);
        put("b", "sealed", "c", null, "e", "sealed");
        state.seal();
        put("a", null, "bb", "open", "e", "open", "f", "open");

        assertEquals(List.of("b=sealed", "bb=open", "d=base", "e=open", "f=open"), rows(null, null));
        assertEquals(List.of("bb=open", "d=base"), rows("bb", "e"));
        assertEquals(List.of(), rows("e", "b"));
    }

    @Test
    void stopsWhenTheVisitorHasSeenEnough() {
        put("a", "1", "b", "2", "c", "3");
        state.apply(state.seal(), 3);
        put("b", "4", "d", "5");
        List<String> seen = new ArrayList<>();

        state.scan((String) null, null, (key, value) -> seen.add(key) && seen.size() < 2);

        assertEquals(List.of("a", "b"), seen);
    }

    @Test
    void aVisitorMayChangeWhatItVisits() {
        put("a", "1", "b", "2", "c", "3");
        state.apply(state.seal(), 3);
        put("d", "4");

        state.scan((String) null, null, (key, value) -> {
            state.put(key, null, 5);
            state.put(key + "x", value.value(), 5);
            return true;
        });

        assertEquals(List.of("ax=1", "bx=2", "cx=3", "dx=4"), rows(null, null));
        assertNull(state.find("a"));
    }

    /** Against one map: random puts, removals, seals, applies and drops; every range is the map's. */
    @Test
    void agreesWithOneMapWhateverIsSealedAppliedOrDropped() {
        for (long seed = 1; seed <= 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            LayeredState<String, String> layered = new LayeredState<>(new StoreSpec(STORE, Optional.empty()),
                    "app-s-changelog", 0, new MemoryBase());
            TreeMap<String, String> model = new TreeMap<>();
            TreeMap<String, String> committed = new TreeMap<>();
            Deque<StoreBatch> sealed = new ArrayDeque<>();
            Deque<TreeMap<String, String>> models = new ArrayDeque<>();
            for (int step = 0; step < 120; step++) {
                switch (random.nextInt(8)) {
                    case 0 -> {
                        sealed.add(layered.seal());
                        models.add(new TreeMap<>(model));
                    }
                    case 1 -> {
                        if (!sealed.isEmpty()) {
                            layered.apply(sealed.poll(), step);
                            committed = models.poll();
                        }
                    }
                    case 2 -> {
                        if (random.nextInt(6) == 0) {
                            layered.drop();
                            sealed.clear();
                            models.clear();
                            model = new TreeMap<>(committed);
                        }
                    }
                    default -> {
                        String key = "k" + random.nextInt(30);
                        String value = random.nextInt(4) == 0 ? null : "v" + step;
                        layered.put(key, value, step);
                        if (value == null) model.remove(key);
                        else model.put(key, value);
                    }
                }
                String from = random.nextInt(4) == 0 ? null : "k" + random.nextInt(30);
                String to = random.nextInt(4) == 0 ? null : "k" + random.nextInt(30);
                assertEquals(rows(model, from, to), rows(layered, from, to), "seed " + seed);
            }
        }
    }

    private static List<String> rows(TreeMap<String, String> model, String from, String to) {
        return model.entrySet().stream()
                .filter(row -> from == null || row.getKey().compareTo(from) >= 0)
                .filter(row -> to == null || row.getKey().compareTo(to) < 0)
                .map(Map.Entry::toString).toList();
    }

    private List<String> rows(String from, String to) {
        return rows(state, from, to);
    }

    private static List<String> rows(LayeredState<String, String> state, String from, String to) {
        List<String> rows = new ArrayList<>();
        state.scan(from, to, (key, value) -> rows.add(key + "=" + value.value()));
        return rows;
    }

    private void put(String... rows) {
        for (int i = 0; i < rows.length; i += 2) {
            state.put(rows[i], rows[i + 1], i);
        }
    }
}

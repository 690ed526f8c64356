package io.semel.streams.step;

import io.semel.streams.Store;
import io.semel.streams.topology.KeyedState;
import io.semel.streams.topology.Out;
import io.semel.streams.topology.Stamped;
import io.semel.streams.topology.StoreSpec;
import io.semel.streams.topology.StoreSpec.Layout;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Keyed stores with and without a time to live, opened the same way. One with a time to live is ordered by
 * time as well: a row by key has the value, a row by time, one for each eighth of the time to live in which
 * the key was put, finds what is to be forgotten. Stateless.
 */
public final class Kept {
    private static final int PARTS = 8;

    private Kept() {
    }

    /** What {@code store} is in the graph. */
    public static StoreSpec spec(Store<?, ?> store) {
        return store.ttlMs().isEmpty() ? new StoreSpec(store, Optional.empty())
                : new StoreSpec(new Rows<>(store).store(), Optional.empty(), Layout.EXPIRING, store);
    }

    /** The store of the task at hand. */
    public static <K, V> KeyedState<K, V> open(Out out, Store<K, V> store) {
        if (store.ttlMs().isEmpty()) {
            return out.store(store);
        }
        Rows<K> rows = new Rows<>(store);
        return new Expiring<>(rows, out.store(rows.store()), store.ttlMs().getAsLong());
    }

    private static final class Expiring<K, V> implements KeyedState<K, V> {
        private static final byte[] FIRST = {Rows.DATA};
        private static final byte[] BEHIND = {Rows.DATA + 1};
        private final Rows<K> rows;
        private final KeyedState<byte[], Object> state;
        private final long ttlMs;
        private final long partMs;

        Expiring(Rows<K> rows, KeyedState<byte[], Object> state, long ttlMs) {
            this.rows = rows;
            this.state = state;
            this.ttlMs = ttlMs;
            this.partMs = Math.max(1, ttlMs / PARTS);
        }

        @Override
        @SuppressWarnings("unchecked")
        public Stamped<V> find(K key) {
            Stamped<Object> found = state.find(row(rows.write(key)));
            return found == null || isOver(found.timestampMs(), Rows.clock(state)) ? null
                    : (Stamped<V>) found;
        }

        @Override
        public void put(K key, V value, long timestampMs) {
            byte[] keyBytes = rows.write(key);
            long before = Rows.clock(state);
            state.put(row(keyBytes), value, timestampMs);
            if (value != null) {
                byte[] index = Rows.byTime(Rows.INDEX, timestampMs / partMs, keyBytes);
                if (state.find(index) == null) {
                    state.put(index, Mark.MARK, timestampMs);
                }
            }
            if (timestampMs > before) {
                Rows.advance(state, timestampMs);
                forget(before, timestampMs);
            }
        }

        /** Parts that are over as a whole are looked through; what was put again since stays. */
        private void forget(long before, long now) {
            long live = (now - ttlMs + 1) / partMs;
            if (live <= 0 || before >= 0 && (before - ttlMs + 1) / partMs == live) {
                return;
            }
            Rows.forget(state, Rows.bound(Rows.INDEX, 0), Rows.bound(Rows.INDEX, live), index -> {
                byte[] data = row(Rows.keyByTime(index.key()));
                Stamped<Object> found = state.find(data);
                if (found != null && isOver(found.timestampMs(), now)) {
                    state.put(data, null, now);
                }
            });
        }

        @Override
        @SuppressWarnings("unchecked")
        public void scan(K from, K to, BiPredicate<K, Stamped<V>> visit) {
            long clock = Rows.clock(state);
            byte[] first = from == null ? FIRST : row(rows.write(from));
            byte[] behind = to == null ? BEHIND : row(rows.write(to));
            state.scan(first, behind, (key, found) -> isOver(found.timestampMs(), clock)
                    || visit.test(rows.read(Rows.tail(key, 1)), (Stamped<V>) (Stamped<?>) found));
        }

        private boolean isOver(long timestampMs, long clock) {
            return timestampMs + ttlMs <= clock;
        }

        private static byte[] row(byte[] key) {
            byte[] row = new byte[key.length + 1];
            row[0] = Rows.DATA;
            System.arraycopy(key, 0, row, 1, key.length);
            return row;
        }
    }
}

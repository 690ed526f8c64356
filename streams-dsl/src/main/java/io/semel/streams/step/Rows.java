package io.semel.streams.step;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.topology.KeyedState;
import io.semel.streams.topology.Stamped;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The keys of rows in a store that is ordered by time, and what all such stores have in common: the stream
 * time they have seen, and forgetting what is over. A row's key begins with its kind; numbers are big-endian,
 * so that they sort.
 *
 * <ul>
 * <li>{@link #CLOCK}: one row; its time is the stream time.</li>
 * <li>{@link #DATA}, {@link #INDEX} by time: kind, time, key.</li>
 * <li>{@link #DATA} by bucket: kind, bucket of time, length of the key, key, what tells rows of one key
 * apart. Rows of a key are together within a bucket, and whole buckets are forgotten.</li>
 * </ul>
 *
 * <p>Immutable; shared by the tasks of a step. Event times are never negative.
 */
public final class Rows<K> {
    static final byte CLOCK = 0;
    static final byte DATA = 1;
    static final byte INDEX = 2;
    private static final byte[] CLOCK_ROW = {CLOCK};

    private final Store<K, ?> declared;
    private final Store<byte[], Object> store;

    public Rows(Store<K, ?> declared) {
        this.declared = declared;
        this.store = Store.keyed(declared.name(), Serdes.bytes(), new RowSerde(declared.valueSerde()));
    }

    /** The ordered store behind the one the program declares. */
    public Store<byte[], Object> store() {
        return store;
    }

    byte[] write(K key) {
        return declared.keySerde().serializer().serialize(declared.name(), key);
    }

    K read(byte[] key) {
        return declared.keySerde().deserializer().deserialize(declared.name(), key);
    }

    /** The stream time this store has seen, -1 if none. */
    static long clock(KeyedState<byte[], Object> state) {
        Stamped<Object> clock = state.find(CLOCK_ROW);
        return clock == null ? -1 : clock.timestampMs();
    }

    static void advance(KeyedState<byte[], Object> state, long nowMs) {
        state.put(CLOCK_ROW, Mark.MARK, nowMs);
    }

    /** Kind and time: the first key of that time, whatever follows. */
    static byte[] bound(byte kind, long timeMs) {
        return ByteBuffer.allocate(9).put(kind).putLong(Math.max(0, timeMs)).array();
    }

    static byte[] byTime(byte kind, long timeMs, byte[] key) {
        return ByteBuffer.allocate(9 + key.length).put(kind).putLong(timeMs).put(key).array();
    }

    static long timeOf(byte[] row) {
        return ByteBuffer.wrap(row).getLong(1);
    }

    static byte[] keyByTime(byte[] row) {
        return tail(row, 9);
    }

    /** Kind, bucket, key: what all rows of a key in a bucket begin with. */
    static byte[] prefix(byte kind, long bucket, byte[] key) {
        return ByteBuffer.allocate(13 + key.length).put(kind).putLong(bucket).putInt(key.length).put(key)
                .array();
    }

    static byte[] byBucket(byte kind, long bucket, byte[] key, long first, long second) {
        return ByteBuffer.allocate(29 + key.length).put(kind).putLong(bucket).putInt(key.length).put(key)
                .putLong(first).putLong(second).array();
    }

    static byte[] keyByBucket(byte[] row) {
        byte[] key = new byte[ByteBuffer.wrap(row).getInt(9)];
        System.arraycopy(row, 13, key, 0, key.length);
        return key;
    }

    static long firstOf(byte[] row) {
        return ByteBuffer.wrap(row).getLong(row.length - 16);
    }

    static long secondOf(byte[] row) {
        return ByteBuffer.wrap(row).getLong(row.length - 8);
    }

    /** The first key that does not begin with {@code prefix}; none begins with 0xff only. */
    static byte[] behind(byte[] prefix) {
        byte[] next = prefix.clone();
        for (int i = next.length - 1; i >= 0; i--) {
            if (++next[i] != 0) {
                return next;
            }
        }
        throw new IllegalArgumentException("no key lies behind");
    }

    /** One row as it was when it was asked for. */
    record Row(byte[] key, Object value, long timestampMs) {
    }

    static List<Row> list(KeyedState<byte[], Object> state, byte[] from, byte[] to) {
        List<Row> rows = new ArrayList<>();
        state.scan(from, to, (key, stored) -> rows.add(new Row(key, stored.value(), stored.timestampMs())));
        return rows;
    }

    /** Removes the rows in [{@code from}, {@code to}), showing each before it goes. */
    static void forget(KeyedState<byte[], Object> state, byte[] from, byte[] to, Consumer<Row> last) {
        for (Row row : list(state, from, to)) {
            state.put(row.key(), null, row.timestampMs());
            last.accept(row);
        }
    }

    /** Removes the buckets that {@code nowMs} ends and {@code beforeMs} did not. */
    static void forgetBuckets(KeyedState<byte[], Object> state, long bucketMs, long beforeMs, long nowMs) {
        long live = nowMs < 0 ? 0 : nowMs / bucketMs;
        if (live > 0 && (beforeMs < 0 || beforeMs / bucketMs != live)) {
            forget(state, bound(DATA, 0), bound(DATA, live), row -> { });
        }
    }

    static byte[] tail(byte[] row, int from) {
        return java.util.Arrays.copyOfRange(row, from, row.length);
    }
}

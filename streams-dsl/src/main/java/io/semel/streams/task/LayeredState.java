package io.semel.streams.task;

import io.semel.streams.topology.KeyedState;
import io.semel.streams.topology.Stamped;
import io.semel.streams.topology.StoreSpec;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * A store as a task sees it: base, then the sealed changes of batches whose commit is on its way, then the
 * open changes of this transaction. Values of the open layer stay objects, so that a key folded a hundred
 * times in a transaction is written once. Changes are found by hash; they are sorted once, when they are
 * sealed, unless somebody scans the store: then they are kept in order as well. Owned by the task's thread.
 */
final class LayeredState<K, V> implements KeyedState<K, V>, Undo.Layer {
    private final StoreSpec spec;
    private final String log;
    private final int partition;
    private final StoreBase base;
    private final Serializer<K> keyWriter;
    private final Serializer<V> valueWriter;
    private final Deserializer<K> keyReader;
    private final Deserializer<V> valueReader;
    private final Undo undo;
    /** Oldest first; hardly ever more than one. */
    private final Deque<Sealed<V>> sealed = new ArrayDeque<>();
    private Map<RowKey, Change<V>> open = new HashMap<>();
    /** The open changes in the order of their keys; null as long as nobody has scanned. */
    private TreeMap<byte[], Change<V>> ordered;

    /** A changed row: an object while it is open, bytes once it is sealed. */
    private static final class Change<V> {
        private Stamped<V> now;
        private StampedBytes written;

        Change(Stamped<V> now) {
            this.now = now;
        }
    }

    /** A batch and its rows by hash. */
    private record Sealed<V>(StoreBatch batch, Map<RowKey, Change<V>> rows) {
    }

    LayeredState(StoreSpec spec, String log, int partition, StoreBase base) {
        this(spec, log, partition, base, new Undo(false));
    }

    @SuppressWarnings("unchecked")
    LayeredState(StoreSpec spec, String log, int partition, StoreBase base, Undo undo) {
        this.undo = undo;
        this.spec = spec;
        this.log = log;
        this.partition = partition;
        this.base = base;
        this.keyWriter = (Serializer<K>) spec.store().keySerde().serializer();
        this.valueWriter = (Serializer<V>) spec.store().valueSerde().serializer();
        this.keyReader = (Deserializer<K>) spec.store().keySerde().deserializer();
        this.valueReader = (Deserializer<V>) spec.store().valueSerde().deserializer();
    }

    private RowKey rowKey(K key) {
        return new RowKey(keyWriter.serialize(log, key));
    }

    @Override
    public Stamped<V> find(K key) {
        RowKey row = rowKey(key);
        return found(row, open.get(row));
    }

    private Stamped<V> found(RowKey row, Change<V> change) {
        if (change != null) {
            return change.now.value() == null ? null : change.now;
        }
        StampedBytes stored = below(row);
        return stored == null || stored.isRemoval() ? null : read(stored);
    }

    @Override
    public Row<V> row(K key) {
        RowKey row = rowKey(key);
        Change<V> change = open.get(row);
        Stamped<V> found = found(row, change);
        return new Row<>() {
            @Override
            public Stamped<V> found() {
                return found;
            }

            @Override
            public void put(V value, long timestampMs) {
                set(row, change, new Stamped<>(value, timestampMs));
            }
        };
    }

    @Override
    public void put(K key, V value, long timestampMs) {
        RowKey row = rowKey(key);
        set(row, open.get(row), new Stamped<>(value, timestampMs));
    }

    /** @param change the row's change in the open layer, null if it has none */
    private void set(RowKey row, Change<V> change, Stamped<V> now) {
        Stamped<V> before = null;
        if (change == null) {
            add(row, now);
        } else {
            before = change.now;
            change.now = now;
        }
        undo.put(this, row, before);
    }

    private void add(RowKey row, Stamped<V> now) {
        Change<V> made = new Change<>(now);
        open.put(row, made);
        if (ordered != null) {
            ordered.put(row.bytes(), made);
        }
    }

    /** Takes a put back. */
    @Override
    @SuppressWarnings("unchecked")
    public void restore(Object key, Object before) {
        RowKey row = (RowKey) key;
        if (before != null) {
            open.get(row).now = (Stamped<V>) before;
            return;
        }
        open.remove(row);
        if (ordered != null) {
            ordered.remove(row.bytes());
        }
    }

    @Override
    public void scan(K from, K to, BiPredicate<K, Stamped<V>> visit) {
        scanRows(from == null ? null : keyWriter.serialize(log, from),
                to == null ? null : keyWriter.serialize(log, to), visit);
    }

    /** Changes of the open layer hide those sealed, newer ones the older, all of them the base. */
    private void scanRows(byte[] from, byte[] to, BiPredicate<K, Stamped<V>> visit) {
        TreeMap<byte[], Stamped<V>> changed = changed(from, to);
        boolean[] goesOn = {true};
        base.scan(from, to, (key, value) -> {
            while (goesOn[0] && isBefore(changed, key)) {
                goesOn[0] = show(changed.pollFirstEntry(), visit);
            }
            if (goesOn[0]) {
                Stamped<V> newer = changed.remove(key);
                goesOn[0] = show(Map.entry(key, newer != null ? newer : read(value)), visit);
            }
            return goesOn[0];
        });
        while (goesOn[0] && !changed.isEmpty()) {
            goesOn[0] = show(changed.pollFirstEntry(), visit);
        }
    }

    private static boolean isBefore(TreeMap<byte[], ?> changed, byte[] key) {
        return !changed.isEmpty() && MemoryBase.KEY_ORDER.compare(changed.firstKey(), key) < 0;
    }

    private boolean show(Map.Entry<byte[], Stamped<V>> row, BiPredicate<K, Stamped<V>> visit) {
        return row.getValue().value() == null
                || visit.test(keyReader.deserialize(log, row.getKey()), row.getValue());
    }

    private TreeMap<byte[], Stamped<V>> changed(byte[] from, byte[] to) {
        if (ordered == null) {
            ordered = new TreeMap<>(MemoryBase.KEY_ORDER);
            open.forEach((row, change) -> ordered.put(row.bytes(), change));
        }
        TreeMap<byte[], Stamped<V>> changed = new TreeMap<>(MemoryBase.KEY_ORDER);
        for (Sealed<V> one : sealed) {
            MemoryBase.part(one.batch().changes(), from, to)
                    .forEach((key, value) -> changed.put(key, read(value)));
        }
        MemoryBase.part(ordered, from, to).forEach((key, change) -> changed.put(key, change.now));
        return changed;
    }

    private Stamped<V> read(StampedBytes stored) {
        return new Stamped<>(stored.isRemoval() ? null : valueReader.deserialize(log, stored.value()),
                stored.timestampMs());
    }

    boolean isChanged() {
        return !open.isEmpty();
    }

    /** Closes the open layer; its changes wait for their commit. */
    StoreBatch seal() {
        RowKey[] keys = open.keySet().toArray(new RowKey[0]);
        Arrays.sort(keys);
        SortedRows changes = new SortedRows(keys.length);
        for (RowKey key : keys) {
            Change<V> change = open.get(key);
            change.written = written(change.now);
            change.now = null;
            changes.add(key.bytes(), change.written);
        }
        StoreBatch batch = new StoreBatch(spec.name(), log, partition, spec.isTable(),
                Collections.unmodifiableNavigableMap(new TreeMap<>(changes)));
        sealed.addLast(new Sealed<>(batch, open));
        open = new HashMap<>();
        ordered = ordered == null ? null : new TreeMap<>(MemoryBase.KEY_ORDER);
        return batch;
    }

    /** Lets the oldest sealed batch sink into the base: its transaction is committed. */
    void apply(StoreBatch batch, long position) {
        Sealed<V> oldest = sealed.pollFirst();
        if (oldest == null || oldest.batch() != batch) {
            throw new IllegalStateException(
                    "store " + spec.name() + ": batches are applied in the order of commits");
        }
        base.apply(batch.changes(), position);
    }

    /** Forgets what is not committed. */
    void drop() {
        open = new HashMap<>();
        ordered = ordered == null ? null : new TreeMap<>(MemoryBase.KEY_ORDER);
        sealed.clear();
    }

    StoreBase base() {
        return base;
    }

    private StampedBytes below(RowKey key) {
        if (!sealed.isEmpty()) {
            for (Iterator<Sealed<V>> newest = sealed.descendingIterator(); newest.hasNext();) {
                Change<V> change = newest.next().rows().get(key);
                if (change != null) {
                    return change.written;
                }
            }
        }
        return base.get(key.bytes());
    }

    private StampedBytes written(Stamped<V> changed) {
        return new StampedBytes(changed.value() == null ? null
                : valueWriter.serialize(log, changed.value()), changed.timestampMs());
    }
}

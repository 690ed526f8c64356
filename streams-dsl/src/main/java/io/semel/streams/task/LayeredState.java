package io.semel.streams.task;

import io.semel.streams.topology.KeyedState;
import io.semel.streams.topology.Stamped;
import io.semel.streams.topology.StoreSpec;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * A store as a task sees it: base, then the sealed changes of batches whose commit is on its way (oldest
 * first), then the open changes of this transaction. Values of the open layer stay objects, so that a key
 * folded a hundred times in a transaction is written once. All sealed changes are looked up at once, by
 * hash. Owned by the task's thread.
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
    private final Deque<StoreBatch> sealed = new ArrayDeque<>();
    /** Of all sealed batches, by key: the newest change. */
    private final Map<RowKey, Pending> pending = new HashMap<>();
    private TreeMap<byte[], Stamped<V>> open = new TreeMap<>(MemoryBase.KEY_ORDER);

    /** A change with the batch that made it. */
    private record Pending(StampedBytes value, StoreBatch batch) {
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

    @Override
    public Stamped<V> find(K key) {
        byte[] keyBytes = keyWriter.serialize(log, key);
        Stamped<V> changed = open.get(keyBytes);
        if (changed != null) {
            return changed.value() == null ? null : changed;
        }
        StampedBytes stored = below(keyBytes);
        if (stored == null || stored.isRemoval()) {
            return null;
        }
        return read(stored);
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
        TreeMap<byte[], Stamped<V>> changed = new TreeMap<>(MemoryBase.KEY_ORDER);
        for (StoreBatch batch : sealed) {
            MemoryBase.part(batch.changes(), from, to).forEach((key, value) -> changed.put(key, read(value)));
        }
        changed.putAll(MemoryBase.part(open, from, to));
        return changed;
    }

    private Stamped<V> read(StampedBytes stored) {
        return new Stamped<>(stored.isRemoval() ? null : valueReader.deserialize(log, stored.value()),
                stored.timestampMs());
    }

    @Override
    public void put(K key, V value, long timestampMs) {
        byte[] keyBytes = keyWriter.serialize(log, key);
        Stamped<V> before = open.put(keyBytes, new Stamped<>(value, timestampMs));
        undo.put(this, keyBytes, before);
    }

    /** Takes a put back. */
    @Override
    @SuppressWarnings("unchecked")
    public void restore(Object key, Object before) {
        if (before == null) {
            open.remove((byte[]) key);
        } else {
            open.put((byte[]) key, (Stamped<V>) before);
        }
    }

    boolean isChanged() {
        return !open.isEmpty();
    }

    /** Closes the open layer; its changes wait for their commit. */
    StoreBatch seal() {
        NavigableMap<byte[], StampedBytes> changes = new TreeMap<>(new Written());
        open = new TreeMap<>(MemoryBase.KEY_ORDER);
        StoreBatch batch = new StoreBatch(spec.name(), log, partition, spec.isTable(),
                Collections.unmodifiableNavigableMap(changes));
        batch.changes().forEach((key, value) -> pending.put(new RowKey(key), new Pending(value, batch)));
        sealed.addLast(batch);
        return batch;
    }

    /** Lets the oldest sealed batch sink into the base: its transaction is committed. */
    void apply(StoreBatch batch, long position) {
        StoreBatch oldest = sealed.pollFirst();
        if (oldest != batch) {
            throw new IllegalStateException(
                    "store " + spec.name() + ": batches are applied in the order of commits");
        }
        base.apply(batch.changes(), position);
        for (byte[] key : batch.changes().keySet()) {
            RowKey row = new RowKey(key);
            if (pending.get(row).batch() == batch) {
                pending.remove(row);
            }
        }
    }

    /** Forgets what is not committed. */
    void drop() {
        open.clear();
        sealed.clear();
        pending.clear();
    }

    StoreBase base() {
        return base;
    }

    private StampedBytes below(byte[] key) {
        Pending newest = pending.isEmpty() ? null : pending.get(new RowKey(key));
        if (newest != null) {
            return newest.value();
        }
        return base.get(key);
    }

    private StampedBytes written(Stamped<V> changed) {
        return new StampedBytes(changed.value() == null ? null
                : valueWriter.serialize(log, changed.value()), changed.timestampMs());
    }

    /**
     * The open layer as bytes, for a {@link TreeMap} to be made of at once: sorted as it is, that takes no
     * comparison and no balancing, a fifth of a turn's time if rows are put one after the other.
     */
    private final class Written extends AbstractMap<byte[], StampedBytes>
            implements SortedMap<byte[], StampedBytes> {
        @Override
        public Set<Entry<byte[], StampedBytes>> entrySet() {
            return new AbstractSet<>() {
                @Override
                public Iterator<Entry<byte[], StampedBytes>> iterator() {
                    Iterator<Entry<byte[], Stamped<V>>> rows = open.entrySet().iterator();
                    return new Iterator<>() {
                        @Override
                        public boolean hasNext() {
                            return rows.hasNext();
                        }

                        @Override
                        public Entry<byte[], StampedBytes> next() {
                            Entry<byte[], Stamped<V>> row = rows.next();
                            return Map.entry(row.getKey(), written(row.getValue()));
                        }
                    };
                }

                @Override
                public int size() {
                    return open.size();
                }
            };
        }

        @Override
        public Comparator<? super byte[]> comparator() {
            return open.comparator();
        }

        @Override
        public SortedMap<byte[], StampedBytes> subMap(byte[] from, byte[] to) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SortedMap<byte[], StampedBytes> headMap(byte[] to) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SortedMap<byte[], StampedBytes> tailMap(byte[] from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte[] firstKey() {
            return open.firstKey();
        }

        @Override
        public byte[] lastKey() {
            return open.lastKey();
        }
    }
}

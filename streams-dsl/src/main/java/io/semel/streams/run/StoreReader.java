package io.semel.streams.run;

import io.semel.streams.Store;
import io.semel.streams.task.StampedBytes;
import io.semel.streams.task.StoreView;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * A store of a running instance, read only: committed effects of the partitions this instance owns now. Each
 * partition is seen as of its last commit; a partition that is being restored or belongs to another instance
 * is not seen. Free to share between threads.
 */
public final class StoreReader<K, V> {
    private final Store<K, V> store;
    private final String log;
    private final StoreViews views;

    StoreReader(Store<K, V> store, String log, StoreViews views) {
        this.store = store;
        this.log = log;
        this.views = views;
    }

    /** The value of {@code key}, if this instance owns it and it has one. */
    public Optional<V> get(K key) {
        byte[] bytes = store.keySerde().serializer().serialize(log, key);
        for (StoreView view : views.of(log)) {
            StampedBytes found = view.get(bytes);
            if (found != null) {
                return Optional.of(value(found));
            }
        }
        return Optional.empty();
    }

    /**
     * Visits rows with {@code from} ≤ key &lt; {@code to} by their bytes, partition by partition, in order
     * within each; null is an open end; until {@code visit} says false.
     */
    public void scan(K from, K to, BiPredicate<? super K, ? super V> visit) {
        byte[] first = from == null ? null : store.keySerde().serializer().serialize(log, from);
        byte[] end = to == null ? null : store.keySerde().serializer().serialize(log, to);
        boolean[] goesOn = {true};
        for (StoreView view : views.of(log)) {
            if (goesOn[0]) {
                view.scan(first, end, (key, found) -> goesOn[0] = visit.test(
                        store.keySerde().deserializer().deserialize(log, key), value(found)));
            }
        }
    }

    /** How many keys this instance owns of it. */
    public long size() {
        return views.of(log).stream().mapToLong(StoreView::size).sum();
    }

    private V value(StampedBytes found) {
        return store.valueSerde().deserializer().deserialize(log, found.value());
    }
}

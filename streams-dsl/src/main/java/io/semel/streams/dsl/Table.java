package io.semel.streams.dsl;

import io.semel.streams.Store;
import io.semel.streams.Topic;
import io.semel.streams.topology.GraphBuilder;
import io.semel.streams.topology.KeyedState;
import io.semel.streams.topology.Out;
import io.semel.streams.topology.Stamped;
import io.semel.streams.topology.StoreSpec;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The newest value by key, kept in a store, and the stream of its changes. Used by the describing thread
 * only; the lookups made from it run in the task that owns the key.
 */
public final class Table<K, V> {
    private final GraphBuilder builder;
    private final int node;
    private final StoreSpec spec;
    private final BiFunction<Out, K, V> lookup;

    private Table(GraphBuilder builder, int node, StoreSpec spec, BiFunction<Out, K, V> lookup) {
        this.builder = builder;
        this.node = node;
        this.spec = spec;
        this.lookup = lookup;
    }

    static <K, V> Table<K, V> stored(GraphBuilder builder, int node, StoreSpec spec, Store<K, V> store) {
        return new Table<>(builder, node, spec, (out, key) -> {
            KeyedState<K, V> state = out.store(store);
            Stamped<V> found = state.find(key);
            return found == null ? null : found.value();
        });
    }

    /** Every change of the table, in order; a removed key comes as a null value. */
    public Keyed<K, V> toStream() {
        return new Keyed<>(builder, node);
    }

    /** A table with each value replaced; computed when asked, stored nowhere. */
    public <V2> Table<K, V2> mapValues(Function<? super V, ? extends V2> fn) {
        int mapped = builder.step("mapValues", List.of(node),
                (rec, out) -> out.forward(rec.withValue(rec.hasValue() ? fn.apply(rec.value()) : null)),
                List.of()).id();
        return new Table<>(builder, mapped, spec, (out, key) -> {
            V value = lookup.apply(out, key);
            return value == null ? null : fn.apply(value);
        });
    }

    /** Writes every change to a topic: the same as {@code toStream().to(topic)}. */
    public void to(Topic<? super K, ? super V> topic) {
        toStream().to(topic);
    }

    V find(Out out, K key) {
        return lookup.apply(out, key);
    }

    StoreSpec spec() {
        return spec;
    }

    String storeName() {
        return spec.name();
    }
}

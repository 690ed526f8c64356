package io.semel.streams.dsl;

import io.semel.streams.Store;
import io.semel.streams.Topic;
import io.semel.streams.step.Lookup;
import io.semel.streams.topology.GraphBuilder;
import io.semel.streams.topology.Out;
import io.semel.streams.topology.Stamped;
import io.semel.streams.topology.StoreSpec;
import io.semel.streams.topology.StoreSpec.Layout;
import java.util.Optional;

/**
 * A table that every task sees all of, however it is partitioned, so that any stream can be joined with it by
 * any key. For small tables: each thread keeps the whole of it in memory. Used by the describing thread only.
 */
public final class Broadcast<K, V> {
    private final StoreSpec spec;
    private final Lookup<K, V> lookup;

    Broadcast(GraphBuilder builder, Topic<K, V> topic) {
        Store<K, V> store = Store.keyed(topic.name() + ".broadcast", topic.keySerde(), topic.valueSerde());
        this.spec = builder.broadcast(
                new StoreSpec(store, Optional.of(topic.name()), Layout.BROADCAST, store), topic);
        this.lookup = Lookup.stored(store);
    }

    StoreSpec spec() {
        return spec;
    }

    V find(Out out, K key) {
        Stamped<V> found = key == null ? null : lookup.find(out, key);
        return found == null ? null : found.value();
    }
}

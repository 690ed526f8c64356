package io.semel.streams.dsl;

import io.semel.streams.Store;
import io.semel.streams.Topic;
import io.semel.streams.step.Lookup;
import io.semel.streams.topology.GraphBuilder;
import io.semel.streams.topology.KeyedState;
import io.semel.streams.topology.Node;
import io.semel.streams.topology.Stamped;
import io.semel.streams.topology.Step;
import io.semel.streams.topology.StoreSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where streams begin. Handed to the description of one topology and useless after it; one thread. */
public final class Sources {
    private final GraphBuilder builder;
    private final Map<String, boolean[]> oldWanted = new TreeMap<>();

    Sources(GraphBuilder builder) {
        this.builder = builder;
    }

    /** Reads a topic as a stream of events, from its first record on; it is partitioned by its key. */
    public <K, V> Keyed<K, V> from(Topic<K, V> topic) {
        return new Keyed<>(builder, builder.source(Node.Kind.SOURCE, topic, Step.PASS, List.of()).id());
    }

    /**
     * Reads a topic as a table: newest value by key, null removes. The topic is the store's own changelog.
     * Streams joined with it wait until it has been read to the end it had at the start of the task.
     */
    public <K, V> Table<K, V> table(Topic<K, V> topic) {
        Store<K, V> store = Store.keyed(topic.name(), topic.keySerde(), topic.valueSerde());
        StoreSpec spec = builder.store(new StoreSpec(store, Optional.of(topic.name())));
        boolean[] wanted = oldWanted.computeIfAbsent(topic.name(), name -> new boolean[1]);
        Step keep = (rec, out) -> {
            if (!rec.hasKey()) {
                out.skip();
                return;
            }
            KeyedState<K, V> state = out.store(store);
            if (!wanted[0]) {
                state.put(rec.key(), rec.value(), rec.timestampMs());
                out.forward(rec.change(null, rec.value()));
                return;
            }
            KeyedState.Row<V> row = state.row(rec.key());
            Stamped<V> old = row.found();
            row.put(rec.value(), rec.timestampMs());
            out.forward(rec.change(old == null ? null : old.value(), rec.value()));
        };
        int node = builder.source(Node.Kind.TABLE, topic, keep, List.of(spec)).id();
        return new Table<>(builder, node, List.of(spec), Lookup.stored(store), () -> wanted[0] = true);
    }

    /**
     * Reads a topic as a table that every task sees all of. No task processes before it has been read to the
     * end it had; from then on it follows, outside of transactions.
     */
    public <K, V> Broadcast<K, V> broadcast(Topic<K, V> topic) {
        return new Broadcast<>(builder, topic);
    }

    /** What becomes of records that a step refuses which says nothing itself; see {@link Stream#recover}. */
    public Sources recover(Retry retry, Dlq dlq) {
        builder.recoverAll(Changes.recovery(retry, dlq));
        return this;
    }
}

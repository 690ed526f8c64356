package io.semel.streams.topology;

import io.semel.streams.Store;
import java.util.Optional;

/**
 * A store in the graph and the topic it is a fold of: a table's own topic, or the changelog kept for it.
 * {@code store} is how its rows are written, {@code declared} what the program says of it, {@code layout} how
 * the one is made of the other with {@code shape} for its sizes; rows of another layout or shape cannot be
 * read. An immutable value.
 */
public record StoreSpec(Store<?, ?> store, Optional<String> tableTopic, Layout layout, Store<?, ?> declared,
                        String shape) {

    /** How the rows of a store are laid out. */
    public enum Layout { KEYED, EXPIRING, WINDOWED, SESSIONS, JOINED, SEEN, TIMERS, BROADCAST }

    public StoreSpec(Store<?, ?> store, Optional<String> tableTopic) {
        this(store, tableTopic, Layout.KEYED, store, "");
    }

    public StoreSpec(Store<?, ?> store, Optional<String> tableTopic, Layout layout, Store<?, ?> declared) {
        this(store, tableTopic, layout, declared, "");
    }

    public String name() {
        return store.name();
    }

    /** Whether its records are inputs already, so that no changelog is written. */
    public boolean isTable() {
        return tableTopic.isPresent();
    }

    /** Whether every task sees all of it, so that it belongs to none. */
    public boolean isBroadcast() {
        return layout == Layout.BROADCAST;
    }

    /** The topic from which the store is folded again, in application {@code app}. */
    public String logTopic(String app) {
        return tableTopic.orElseGet(() -> app + "-" + name() + "-changelog");
    }
}

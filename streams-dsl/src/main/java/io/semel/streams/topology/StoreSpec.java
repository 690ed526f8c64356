package io.semel.streams.topology;

import io.semel.streams.Store;
import java.util.Optional;

/**
 * A store in the graph and the topic it is a fold of: a table's own topic, or the changelog kept for it. An
 * immutable value.
 */
public record StoreSpec(Store<?, ?> store, Optional<String> tableTopic) {
    public String name() {
        return store.name();
    }

    /** Whether its records are inputs already, so that no changelog is written. */
    public boolean isTable() {
        return tableTopic.isPresent();
    }

    /** The topic from which the store is folded again, in application {@code app}. */
    public String logTopic(String app) {
        return tableTopic.orElseGet(() -> app + "-" + name() + "-changelog");
    }
}

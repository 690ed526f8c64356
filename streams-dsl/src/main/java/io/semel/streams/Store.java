package io.semel.streams;

import java.util.Objects;
import org.apache.kafka.common.serialization.Serde;

/**
 * A keyed store's name and types. Its name is persistent: the changelog topic is {@code
 * <app>-<store>-changelog}, whatever else of the topology changes. An immutable value, free to share.
 */
public record Store<K, V>(String name, Serde<K> keySerde, Serde<V> valueSerde) {
    public Store {
        Names.check("store", name);
        Objects.requireNonNull(keySerde, "keySerde");
        Objects.requireNonNull(valueSerde, "valueSerde");
    }

    public static <K, V> Store<K, V> keyed(String name, Serde<K> keySerde, Serde<V> valueSerde) {
        return new Store<>(name, keySerde, valueSerde);
    }

    @Override
    public String toString() {
        return name;
    }
}

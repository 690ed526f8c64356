package io.semel.streams;

import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.kafka.common.serialization.Serde;

/**
 * A store's name and types. Its name is persistent: the changelog topic is {@code
 * <app>-<store>-changelog}, whatever else of the topology changes. With a time to live a value is gone when
 * stream time, which is the newest time put into the store, is {@code ttlMs} past the value's own. An
 * immutable value, free to share.
 */
public record Store<K, V>(String name, Serde<K> keySerde, Serde<V> valueSerde, OptionalLong ttlMs) {
    public Store {
        Names.check("store", name);
        Objects.requireNonNull(keySerde, "keySerde");
        Objects.requireNonNull(valueSerde, "valueSerde");
        if (ttlMs.isPresent() && ttlMs.getAsLong() < 1) {
            throw new IllegalArgumentException("store '" + name + "' has a time to live of "
                    + ttlMs.getAsLong()
                    + " ms: needs 1 ms or more");
        }
    }

    public static <K, V> Store<K, V> keyed(String name, Serde<K> keySerde, Serde<V> valueSerde) {
        return new Store<>(name, keySerde, valueSerde, OptionalLong.empty());
    }

    /** A store that remembers keys only: what {@code distinct} needs. */
    public static <K> Store<K, Void> keys(String name, Serde<K> keySerde) {
        return keyed(name, keySerde, org.apache.kafka.common.serialization.Serdes.Void());
    }

    /** The same store whose values live for this long in event time; they leave the changelog, too. */
    public Store<K, V> ttl(Duration time) {
        return new Store<>(name, keySerde, valueSerde, OptionalLong.of(time.toMillis()));
    }

    @Override
    public String toString() {
        return name;
    }
}

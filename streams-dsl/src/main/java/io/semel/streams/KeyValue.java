package io.semel.streams;

/** A key and a value, what {@code map} and {@code flatMap} return. An immutable value; both may be null. */
public record KeyValue<K, V>(K key, V value) {
    public static <K, V> KeyValue<K, V> of(K key, V value) {
        return new KeyValue<>(key, value);
    }
}

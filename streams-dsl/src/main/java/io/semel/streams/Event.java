package io.semel.streams;

import org.apache.kafka.common.header.Headers;

/** A record as a {@code process} step gets it; key and value may be null. An immutable value. */
public record Event<K, V>(K key, V value, long timestampMs, Headers headers) {
}

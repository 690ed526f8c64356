package io.semel.streams.dsl;

import io.semel.streams.Topic;
import java.util.OptionalInt;

/**
 * The topic a re-keyed stream goes through, visible in code and picture. It belongs to the application and is
 * created when missing, with as many partitions as what it meets in a join, else as its source, unless said
 * otherwise. An immutable value.
 */
public record Via<K, V>(Topic<K, V> topic, OptionalInt partitions) {
    public static <K, V> Via<K, V> via(Topic<K, V> topic) {
        return new Via<>(topic, OptionalInt.empty());
    }

    /** Asks for this many partitions if the topic has to be created. */
    public Via<K, V> partitions(int count) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "partitions " + count + " of via topic " + topic + " is below 1");
        }
        return new Via<>(topic, OptionalInt.of(count));
    }
}

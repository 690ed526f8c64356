package io.semel.streams.dsl;

import io.semel.streams.Names;

/**
 * The topic for records that a step refuses, created with one partition when missing. A record there has the
 * bytes it came with, and headers that say where from and why. An immutable value.
 */
public record Dlq(String topic) {
    public Dlq {
        Names.check("dead letter topic", topic);
    }

    public static Dlq dlq(String topic) {
        return new Dlq(topic);
    }
}

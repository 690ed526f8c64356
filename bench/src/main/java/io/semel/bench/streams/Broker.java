package io.semel.bench.streams;

/** What programs under measurement talk to. An immutable value. */
public record Broker(String name, String bootstrap, long pid) {
}

package io.semel.streams.topology;

/**
 * What happens when a step refuses a record: it is tried again this many times, then written to the dead
 * letter topic, in the transaction it would have been part of. An immutable value.
 */
public record Recovery(int retries, String deadLetterTopic) {
}

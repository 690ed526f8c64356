package io.semel.it.kit.chaos;

/**
 * What a report says of its run besides what was seen. Immutable.
 *
 * @param target what it ran against
 * @param command that runs it again
 */
record Told(long seed, double minutes, String target, String command) {
}

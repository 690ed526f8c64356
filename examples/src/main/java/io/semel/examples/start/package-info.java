/**
 * Programs to start from, one class each, and what runs them: {@code ./semel example NAME} starts a broker in
 * the process unless told of another, creates topics, feeds a few records, prints the results. They never
 * need anything else on the machine. Start reading in {@link io.semel.examples.start.WordCount}.
 */
package io.semel.examples.start;

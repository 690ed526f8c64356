/**
 * Starts, kills and restarts an unmodified Apache Kafka broker as a child process, to measure and test
 * against the original. Nothing that Semel ships depends on it; it holds no opinion on what is run against
 * the broker. Start reading at {@link io.semel.rival.RivalKafka}; {@link io.semel.rival.RivalMain} is the
 * same by hand.
 */
package io.semel.rival;

/**
 * A proxy on loopback between any Kafka client and any Kafka-compatible broker, and the words in which a
 * test says what goes wrong between them: single requests and replies, and whole connections. It never
 * changes what a client or a broker says, but for the addresses that lead around it, and knows neither
 * TLS nor what is inside a record.
 * Start reading at {@link io.semel.it.kit.faults.Faults}, then {@link io.semel.it.kit.faults.Pipe}.
 */
package io.semel.it.kit.faults;

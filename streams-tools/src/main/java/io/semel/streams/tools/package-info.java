/**
 * Command lines for whoever runs a topology: {@code dlq} reads dead letters and sends them back, {@code
 * streams} shows and resets what an application has stored. They speak the public Kafka protocol to any
 * broker and never touch a running instance. Start reading in {@link io.semel.streams.tools.DlqMain} and
 * {@link io.semel.streams.tools.StreamsMain}.
 */
package io.semel.streams.tools;

/**
 * Stories of the streams DSL with real brokers and real processes, told once and run on Apache Kafka and on
 * ours. Nothing here looks inside the DSL or a broker. Start reading in {@link
 * io.semel.it.streams.StreamsStory}.
 */
package io.semel.it.streams;

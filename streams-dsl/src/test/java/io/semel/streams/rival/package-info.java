/** The same topology on the same input, here and in Kafka Streams 4.3.1: outputs and state must agree. */
package io.semel.streams.rival;

/**
 * Measures topologies of the streams DSL beside the same programs on Kafka Streams, on our broker and on
 * Apache Kafka: end-to-end latency, throughput, and how long a restart takes. It judges nothing and keeps no
 * results. Start reading in {@link io.semel.bench.streams.LatencyBench}.
 */
package io.semel.bench.streams;

/**
 * A first program on real data: delay statistics of US flights per origin airport, exactly once.
 * It knows nothing of brokers and crashes; the same classes run on Semel and on an Apache Kafka cluster.
 * Start reading at {@link io.semel.examples.flights.FlightDelays}; the expected result is computed in
 * {@link io.semel.examples.flights.DirectComputation}.
 */
package io.semel.examples.flights;

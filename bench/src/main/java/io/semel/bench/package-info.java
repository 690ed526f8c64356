/**
 * Measures the engine beside Apache Kafka on the same machine in the same run, alternating, and prints
 * medians and ratios.
 * It proves nothing by absolute figures and is never part of the tests.
 * Start reading at {@link io.semel.bench.BenchMain}.
 */
package io.semel.bench;

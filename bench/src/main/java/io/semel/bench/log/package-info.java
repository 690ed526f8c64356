/**
 * Logs without a broker, for what measures the log engine by itself.
 * Nothing is folded, and nobody else uses their files.
 * Start reading at {@link io.semel.bench.log.Logs}.
 */
package io.semel.bench.log;

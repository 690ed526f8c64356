/**
 * The host: threads, kafka-clients' consumers and transactional producers, rebalances, restoring, healing,
 * topics. It decides nothing about a record and keeps no truth of its own: whatever it loses is folded again
 * from the log. Start reading in {@link io.semel.streams.run.TaskHost}.
 */
package io.semel.streams.run;

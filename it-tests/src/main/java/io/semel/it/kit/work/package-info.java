/**
 * Clients that exercise any Kafka-compatible broker and record what they do: Jepsen's append lists, bank
 * transfers, chains of exactly-once copiers. It never starts a broker and never judges what it records.
 * Start reading at {@link io.semel.it.kit.work.Workload}, then {@link io.semel.it.kit.work.AppendLists}.
 */
package io.semel.it.kit.work;

/**
 * One task: a sub-topology at work on one partition number, as a pure cycle: records in; records, offsets and
 * store batches out, and the stores' change once the batch is known to be committed. It knows no client,
 * thread or clock. Start reading in {@link io.semel.streams.task.TaskCycle}.
 */
package io.semel.streams.task;

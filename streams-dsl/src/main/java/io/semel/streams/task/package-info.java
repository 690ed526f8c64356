/**
 * One task: a sub-topology at work on one partition number, as a pure cycle: records in and records out, turn
 * by turn; a store batch for each transaction; the stores' change once that is known to be committed. It
 * knows no client, thread or clock. Start reading in {@link io.semel.streams.task.TaskCycle}.
 */
package io.semel.streams.task;

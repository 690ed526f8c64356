/**
 * The one law of every room that keeps state: decide, append, evolve, (durable), release.
 * Nothing here does I/O, knows a thread or reads a clock: time is an argument, the journal and the carriers
 * come in by constructor.
 * Start reading at {@link io.semel.kernel.law.Shard}, then
 * {@link io.semel.kernel.law.ShardHost}, which walks a shard through the law.
 */
package io.semel.kernel.law;

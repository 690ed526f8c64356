/**
 * The transaction coordinator: who holds a transactional id, which partitions its transaction touches, how it ends.
 * A pure room on the kernel's law: it never does I/O, never reads a clock, never remembers an asker, never writes a marker itself.
 * Start reading at {@link io.semel.txn.TxnShard}, then {@link io.semel.txn.Txn} and {@link io.semel.txn.TxnPhase}.
 */
package io.semel.txn;

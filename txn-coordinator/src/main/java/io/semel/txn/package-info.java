/**
 * The transaction coordinator: who holds a transactional id, what its transaction touches, how it ends.
 * A pure room on the law: it does no I/O, reads no clock, remembers no asker, writes no marker itself.
 * Start reading at {@link io.semel.txn.TxnShard}, then at {@code Txn} and {@code TxnPhase}.
 */
package io.semel.txn;

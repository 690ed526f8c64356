package io.semel.txn;

/**
 * What happened to one transactional id; every event is durable, one record of {@code __transaction_state}
 * each. Immutable.
 */
public sealed interface TxnEvent {
    String transactionalId();

    /** The id stands like this from now on. */
    record TxnChanged(Txn txn) implements TxnEvent {
        @Override
        public String transactionalId() {
            return txn.transactionalId();
        }
    }

    /** The id is forgotten: a tombstone. */
    record TxnRemoved(String transactionalId) implements TxnEvent {
    }
}

package io.semel.txn;

/**
 * Bugs that the simulator plants here and must notice. Immutable; {@link #NONE} everywhere else.
 *
 * @param noFencing            InitProducerId neither bumps the epoch nor aborts what is ongoing (I3)
 * @param forgetDutiesOnReload markers owed for a PREPARE folded before the first decision are forgotten (I6)
 */
public record TxnFaults(boolean noFencing, boolean forgetDutiesOnReload) {
    public static final TxnFaults NONE = new TxnFaults(false, false);
}

package io.semel.txn;

import io.semel.kernel.law.Duty;
import io.semel.wire.topic.TopicPartition;
import java.util.List;

/**
 * A decided transaction owes a marker to each of its partitions (I5, I6). Immutable. Settled by
 * {@link TxnCommand.MarkersWritten} once every marker is durable; with no partitions at once. Writing a
 * marker twice does no harm.
 *
 * @param producerEpoch what the markers carry: for version 2 above what the transaction's batches carry
 * @param version2      how partitions check the epoch (KIP-1228)
 * @param restsOn       offset of the PREPARE
 */
public record MarkerDuty(String transactionalId, long producerId, short producerEpoch, boolean commit,
                         int coordinatorEpoch, List<TopicPartition> partitions, boolean version2,
                         long restsOn) implements Duty {
    static MarkerDuty of(Txn txn, int coordinatorEpoch, long offset) {
        boolean commit = txn.phase() == TxnPhase.PREPARE_COMMIT;
        return new MarkerDuty(txn.transactionalId(), txn.producerId(), txn.producerEpoch(), commit,
            coordinatorEpoch, txn.partitions(), txn.clientVersion() >= Txn.VERSION_2, offset);
    }

    /** The PREPARE's offset: a transactional id has many debts in its life, one a PREPARE. */
    @Override
    public Object key() {
        return restsOn;
    }
}

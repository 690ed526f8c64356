package io.semel.broker.cli;

import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * A partition whose stable offset is held back, and the first transaction that does it. Immutable.
 *
 * @param stableOffset    where readers of committed records must stop
 * @param highWatermark   where the others stop
 * @param first           the open transaction that began first, null when it has just ended
 * @param openCount       how many are open
 * @param transactionalId null when no coordinator knows it: it hangs
 * @param txn             what its coordinator says, null likewise
 */
record Blocker(TopicPartition partition, long stableOffset, long highWatermark, ProducerState first,
        int openCount, String transactionalId, TransactionDescription txn) {
    /** Open here, and no coordinator will ever end it. */
    boolean hangs() {
        return first != null && txn == null;
    }

    /** Since when it is open, in milliseconds since 1970: a hanging one since its last batch. */
    long sinceMs() {
        long lastMs = first.lastTimestamp();
        return txn == null ? lastMs : txn.transactionStartTimeMs().orElse(lastMs);
    }
}

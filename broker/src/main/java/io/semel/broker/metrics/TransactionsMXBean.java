package io.semel.broker.metrics;

/** What JMX shows of transactions, as {@code io.semel:type=Transactions,listener="HOST:PORT"}. Any thread. */
public interface TransactionsMXBean {
    /** Transactional ids with a transaction under way: Ongoing, PrepareCommit, PrepareAbort. */
    int getOpenTransactions();

    /** Since when the oldest of them is open, in milliseconds; 0 when none is. */
    long getOldestOpenMs();

    /** Transactional ids that coordinators know. */
    int getTransactionalIds();

    /** Partitions whose stable offset is below their high watermark. */
    int getPartitionsHeldBack();

    /** The widest gap between the two, in offsets. */
    long getStableOffsetLagMax();

    /** All those gaps together. */
    long getStableOffsetLagTotal();

    /**
     * Partitions with a transaction whose producer has been silent for {@code transaction.max.timeout.ms} and
     * five minutes: it hangs (KIP-664).
     */
    int getPartitionsWithLateTransactionsCount();

    /** Requests of version 1 that were late and not served, since the broker started (KAFKA-17754). */
    long getStaleRequestsTurnedAway();
}

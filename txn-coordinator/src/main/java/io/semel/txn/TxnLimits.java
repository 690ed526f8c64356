package io.semel.txn;

/**
 * The coordinator's limits. Immutable.
 *
 * @param timeoutMsMax   transaction.max.timeout.ms
 * @param idExpirationMs transactional.id.expiration.ms: how long an id without a transaction is remembered
 * @param parkMs         how long an asker waits for markers before CONCURRENT_TRANSACTIONS
 */
public record TxnLimits(int timeoutMsMax, long idExpirationMs, long parkMs) {
    /** Kafka's defaults, and five seconds to wait. */
    public static final TxnLimits DEFAULTS = new TxnLimits(900_000, 604_800_000L, 5_000);
}

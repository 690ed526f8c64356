package io.semel.it.kit.check;

import java.time.Duration;

/**
 * What the history itself does not tell. Immutable.
 *
 * @param transactionTimeout used where no {@code init} says otherwise
 * @param atomicVisibility whether partial visibility is judged, as only a broker that claims more than Kafka
 *        may be
 * @param detailsMost how many findings of one kind are told in full; all are counted
 */
public record Options(Duration transactionTimeout, boolean atomicVisibility, int detailsMost) {
    /** How much longer than its time-out a transaction may hold the stable offset. */
    static final Duration GRACE = Duration.ofSeconds(10);

    public static Options defaults() {
        return new Options(Duration.ofSeconds(60), false, 20);
    }

    public Options withTransactionTimeout(Duration timeout) {
        return new Options(timeout, atomicVisibility, detailsMost);
    }

    public Options withAtomicVisibility(boolean claimed) {
        return new Options(transactionTimeout, claimed, detailsMost);
    }

    public Options withDetails(int most) {
        return new Options(transactionTimeout, atomicVisibility, most);
    }
}

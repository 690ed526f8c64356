package io.semel.idempotence;

/**
 * A producer whose first batch of a transaction waits for the coordinator's word (KIP-890). Owned by the
 * partition's lane; not part of the fold: a reload forgets it, and its batch is asked about anew.
 */
final class Enlistment extends ByProducer.Entry {
    private static final long NOT_SWEPT = -1;

    /** What the batch shows when it comes back. */
    final long guard;
    private boolean supportsEpochBump;
    private short epoch;
    private int lowestSequence;
    private long sweptMs = NOT_SWEPT;

    /** @param lowestSequence the batch's first, {@link Sequence#NONE} for offsets */
    Enlistment(long producerId, long guard, short epoch, int lowestSequence, boolean supportsEpochBump) {
        super(producerId);
        this.guard = guard;
        this.epoch = epoch;
        this.lowestSequence = lowestSequence;
        this.supportsEpochBump = supportsEpochBump;
    }

    /**
     * Another batch of the producer waits too; one of a newer epoch may come from another version of client.
     */
    void join(short batchEpoch, int sequence, boolean batchSupportsEpochBump) {
        if (batchEpoch > epoch) {
            epoch = batchEpoch;
            supportsEpochBump = batchSupportsEpochBump;
            lowestSequence = sequence;
        } else if (batchEpoch == epoch && lowestSequence >= 0 && sequence >= 0
                && Sequence.isAfter(lowestSequence, sequence)) {
            lowestSequence = sequence;
        }
    }

    /**
     * Would a batch that begins with {@code sequence} overtake one that came before it and has not been
     * appended?
     */
    boolean isOvertakenBy(int sequence) {
        return lowestSequence >= 0 && sequence >= 0 && Sequence.isAfter(sequence, lowestSequence);
    }

    /**
     * Does a marker end what this waits for? Not under version 2 when it carries the very epoch that waits: a
     * version 2 marker is one epoch above its transaction, so that this one closes the transaction before,
     * repeated by a reloaded coordinator (KAFKA-19999).
     */
    boolean isEndedBy(short markerEpoch) {
        return !supportsEpochBump || markerEpoch != epoch;
    }

    /**
     * Has it waited for {@code idleMs}, as far as sweeps have seen it? The first sweep only notes the time.
     */
    boolean isStale(long nowMs, long idleMs) {
        if (sweptMs == NOT_SWEPT) sweptMs = nowMs;
        return nowMs - sweptMs >= idleMs;
    }
}

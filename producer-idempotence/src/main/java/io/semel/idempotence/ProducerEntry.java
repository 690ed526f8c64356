package io.semel.idempotence;

/**
 * What is known of one producer, for those who ask (DescribeProducers, KIP-664; compaction). Immutable.
 *
 * @param lastSequence of the last batch, -1 when none is remembered
 * @param lastOffset last offset of the last batch, -1 when none is remembered: compaction keeps that batch,
 *     if only its header
 * @param lastTimestamp of the last batch or marker, in milliseconds
 * @param coordinatorEpoch of the last marker, -1 before the first
 * @param firstOffset of the transaction that is open on this partition, -1 when none is
 */
public record ProducerEntry(long producerId, short epoch, int lastSequence, long lastOffset,
        long lastTimestamp, int coordinatorEpoch, long firstOffset) {
}

package io.semel.idempotence;

/**
 * One producer on one partition: its epoch, its last five batches (FEATURES row 3), its open transaction.
 * Owned by the partition's lane. Batches are kept in the order of the log; older ones make room.
 */
final class Producer extends ByProducer.Entry {
    /** Batches remembered: as many as a client may have in flight. */
    static final int REMEMBERED = 5;
    static final long NOT_OPEN = -1;

    short epoch;
    int coordinatorEpoch = -1;
    /** Of the last batch or marker, in milliseconds. */
    long lastTimestamp = -1;
    /** Where the open transaction began, or {@link #NOT_OPEN}. */
    long firstOffset = NOT_OPEN;

    private final long[] lastOffsets = new long[REMEMBERED];
    private final long[] timestamps = new long[REMEMBERED];
    private final int[] lastSequences = new int[REMEMBERED];
    private final int[] deltas = new int[REMEMBERED];
    private int oldest;
    private int count;

    Producer(long producerId, short epoch) {
        super(producerId);
        this.epoch = epoch;
    }

    boolean isOpen() {
        return firstOffset != NOT_OPEN;
    }

    /** Enters a higher epoch: what the lower one wrote is not repeated in this one. */
    void raise(short higherEpoch) {
        epoch = higherEpoch;
        count = 0;
        oldest = 0;
    }

    void remember(int lastSequence, int delta, long lastOffset, long timestamp) {
        int slot = slot(count);
        if (count == REMEMBERED) oldest = slot(1);
        else count++;
        lastSequences[slot] = lastSequence;
        deltas[slot] = delta;
        lastOffsets[slot] = lastOffset;
        timestamps[slot] = timestamp;
    }

    /** Which remembered batch has exactly these sequences, or -1. */
    int find(int firstSequence, int lastSequence) {
        for (int index = 0; index < count; index++) {
            if (lastSequence(index) == lastSequence
                    && Sequence.previous(lastSequence, delta(index)) == firstSequence) {
                return index;
            }
        }
        return -1;
    }

    int count() {
        return count;
    }

    /** @param index 0 is the oldest that is remembered; the same for those below */
    int lastSequence(int index) {
        return lastSequences[slot(index)];
    }

    int delta(int index) {
        return deltas[slot(index)];
    }

    long lastOffset(int index) {
        return lastOffsets[slot(index)];
    }

    long baseOffset(int index) {
        return lastOffset(index) - delta(index);
    }

    long timestamp(int index) {
        return timestamps[slot(index)];
    }

    /** Of the last batch, {@link Sequence#NONE} when none is remembered. */
    int lastSequence() {
        return count == 0 ? Sequence.NONE : lastSequence(count - 1);
    }

    /** Of the last batch, -1 when none is remembered. */
    long lastOffset() {
        return count == 0 ? -1 : lastOffset(count - 1);
    }

    ProducerEntry entry() {
        return new ProducerEntry(producerId, epoch, lastSequence(), lastOffset(), lastTimestamp,
                coordinatorEpoch, firstOffset);
    }

    /** A hash of everything above, so that the sum over all producers is a digest that needs no order. */
    long digest() {
        long hash = mix(producerId, epoch);
        hash = mix(hash, coordinatorEpoch);
        hash = mix(hash, lastTimestamp);
        hash = mix(hash, firstOffset);
        for (int index = 0; index < count; index++) {
            hash = mix(hash, (long) lastSequence(index) << Integer.SIZE | delta(index));
            hash = mix(hash, lastOffset(index));
            hash = mix(hash, timestamp(index));
        }
        return hash;
    }

    private int slot(int index) {
        int slot = oldest + index;
        return slot < REMEMBERED ? slot : slot - REMEMBERED;
    }

    private static long mix(long hash, long value) {
        long mixed = (hash ^ value) * 0x9E3779B97F4A7C15L + 0x7F4A7C15L;
        mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
        return mixed ^ (mixed >>> 32);
    }
}

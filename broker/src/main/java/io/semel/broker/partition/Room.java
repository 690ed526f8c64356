package io.semel.broker.partition;

import io.semel.wire.batch.BatchHeader;

/**
 * A shard that stands on a partition: the partition is its journal. First replayed on an I/O thread, then
 * owned by the partition's lane.
 */
public interface Room {
    /** A batch of the journal, in offset order, before {@link #bind}. */
    void replay(BatchHeader batch);

    /** Its state as of the last batch replayed, or that it has evolved to. */
    byte[] state();

    /**
     * Takes the place of replaying what led to a state, before anything else is replayed.
     *
     * @return false when the bytes are damaged: the room is still empty
     */
    boolean restore(byte[] state);

    /** The partition is open; from now on the room appends to it. On the lane. */
    void bind(Partition partition);

    /** A marker was appended to the partition. */
    void marked(BatchHeader marker, boolean commit, long nowMs);

    /** The partition became more durable. */
    void durable(long nowMs);

    void tick(long nowMs);

    long nextDeadlineMs();

    /** The partition failed or was closed: everybody waiting is told. */
    void close();
}

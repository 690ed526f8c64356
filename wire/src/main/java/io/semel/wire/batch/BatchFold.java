package io.semel.wire.batch;

/**
 * State that is a fold over the batches of one partition, in offset order (I2). Owned by the partition's
 * lane.
 */
public interface BatchFold {
    /** Takes in the next batch. {@code batch} is valid during the call only. */
    void fold(BatchHeader batch);
}

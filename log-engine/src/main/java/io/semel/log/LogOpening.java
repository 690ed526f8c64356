package io.semel.log;

import io.semel.log.disk.Reserve;
import io.semel.wire.batch.BatchFold;
import io.semel.wire.batch.BatchHeader;

/**
 * What a log's owner knows before it is opened, and what it folds while it is. Called by the one I/O thread
 * that opens the log.
 */
public interface LogOpening extends BatchFold {
    /**
     * Loads the newest snapshot of the folds that can be trusted and stands at an offset not above {@code
     * notAbove}, the log's end.
     *
     * @return the offset from which batches must be folded; 0 when there is no snapshot
     */
    long loadNewestSnapshot(PartitionLog.SideFiles files, long notAbove);

    /**
     * Takes in the next batch, whole: called for every batch from that offset to the end, in offset order.
     */
    @Override
    void fold(BatchHeader batch);

    /**
     * Everything below was durable when the checkpoint was written: 0 when nothing is known. Must be dropped
     * with the partition, or a new one of its name is refused for lack of what the old one held.
     */
    default long recoveryPoint() {
        return 0;
    }

    /** The log was closed cleanly and not touched since: its tail need not be checked. */
    default boolean wasClean() {
        return false;
    }

    /** For a saboteur only: what the page cache shows above the recovery point is taken for written (I13). */
    default boolean trustsCache() {
        return false;
    }

    /** For a saboteur only: what is damaged below the recovery point is cut off, too. */
    default boolean cutsAnywhere() {
        return false;
    }

    /** Where the log starts for its readers, when that is above its first segment's base. */
    default long startOffset() {
        return 0;
    }

    /** What this disk keeps back for those who free space. */
    default Reserve reserve() {
        return Reserve.none();
    }

    /** Whether this log's records free space, so that they may be written in the reserve's room. */
    default boolean endsTopics() {
        return false;
    }

    /** The open files of the lane that will own the log; touched by nobody before. */
    default OpenSegments openSegments() {
        return new OpenSegments(4);
    }

    /** The topic's id as Kafka writes it, for {@code partition.metadata}; null writes none. */
    default String topicId() {
        return null;
    }
}

package io.semel.log;

import io.semel.wire.batch.BatchHeader;
import java.util.List;
import java.util.SortedSet;

/**
 * What the folds of a log know and its cleaning needs: which data was aborted, and what is kept for those who
 * wrote last. Made on the lane, immutable, read by the thread that cleans.
 */
public interface LogWriters {
    /** A transaction that was aborted: whose, where its data begins, where its marker stands. */
    record Aborted(long producerId, long firstOffset, long markerOffset) {
    }

    /** By first offset. */
    List<Aborted> aborted();

    /**
     * Whether the batch is the last that its producer wrote and is remembered for: its header stays, so that
     * its sequence, or a marker's epoch, can be found again.
     */
    boolean isLastOfProducer(BatchHeader batch);

    /** The file of aborted ranges for a segment, of those whose marker is one of these. */
    byte[] abortedIndex(SortedSet<Long> markerOffsets);
}

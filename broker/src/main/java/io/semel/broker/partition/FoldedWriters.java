package io.semel.broker.partition;

import io.semel.committed.AbortedRange;
import io.semel.idempotence.ProducerEntry;
import io.semel.log.LogWriters;
import io.semel.wire.batch.BatchHeader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * What a partition's folds tell the cleaning of its log, as of now. Made on the lane; immutable, read by the
 * thread that cleans.
 */
final class FoldedWriters implements LogWriters {
    private final Map<Long, AbortedRange> byMarker = new TreeMap<>();
    private final List<Aborted> aborted = new ArrayList<>();
    private final Map<Long, ProducerEntry> producers = new TreeMap<>();

    /** @param end nothing at or above it is cleaned */
    FoldedWriters(PartitionFolds folds, long end) {
        for (AbortedRange range : folds.aborted.overlapping(0, end)) {
            byMarker.put(range.lastOffset(), range);
            aborted.add(new Aborted(range.producerId(), range.firstOffset(), range.lastOffset()));
        }
        aborted.sort(Comparator.comparingLong(Aborted::firstOffset));
        for (ProducerEntry entry : folds.ledger.describe()) producers.put(entry.producerId(), entry);
    }

    @Override
    public List<Aborted> aborted() {
        return aborted;
    }

    /** As Kafka: the last batch of data, or in an epoch without data the markers of that epoch. */
    @Override
    public boolean isLastOfProducer(BatchHeader batch) {
        ProducerEntry entry = producers.get(batch.producerId());
        if (entry == null) return false;
        if (entry.lastOffset() >= 0) return entry.lastOffset() == batch.lastOffset();
        return batch.isControl() && batch.producerEpoch() == entry.epoch();
    }

    @Override
    public byte[] abortedIndex(SortedSet<Long> markerOffsets) {
        List<AbortedRange> kept = new ArrayList<>();
        for (long marker : markerOffsets) kept.add(byMarker.get(marker));
        return SideFilesKeeper.encode(kept);
    }
}

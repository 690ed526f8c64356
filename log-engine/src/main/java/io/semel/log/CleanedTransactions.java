package io.semel.log;

import io.semel.log.LogWriters.Aborted;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.Marker;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Follows transactions through a log while it is cleaned: which batches were aborted, and of which markers no
 * batch is left that they decide (KIP-98). Used by one thread, batch after batch in offset order.
 */
final class CleanedTransactions {
    /** An aborted transaction that has begun, and whether a batch of it was met. */
    private static final class Open {
        private final Aborted range;
        private boolean met;

        private Open(Aborted range) {
            this.range = range;
        }
    }

    private final List<Aborted> ranges;
    private final TreeMap<Long, Open> aborting = new TreeMap<>();
    private final TreeSet<Long> committing = new TreeSet<>();
    private final SortedSet<Long> kept = new TreeSet<>();
    private int next;

    /** @param ranges by first offset */
    CleanedTransactions(List<Aborted> ranges) {
        this.ranges = ranges;
    }

    /** Whether readers of committed records miss nothing without it: aborted data, or a marker of nothing. */
    boolean needless(BatchHeader batch) {
        while (next < ranges.size() && ranges.get(next).firstOffset() <= batch.lastOffset()) {
            Aborted range = ranges.get(next++);
            boolean goesOn = range.markerOffset() >= batch.baseOffset();
            if (goesOn) aborting.put(range.producerId(), new Open(range));
        }
        return batch.isControl() ? marker(batch) : data(batch);
    }

    private boolean data(BatchHeader batch) {
        if (!batch.isTransactional()) return false;
        Open open = aborting.get(batch.producerId());
        if (open == null) committing.add(batch.producerId());
        else open.met = true;
        return open != null;
    }

    private boolean marker(BatchHeader batch) {
        if (batch.recordCount() == 0) return true;
        Marker marker = Marker.read(batch);
        if (marker == null) return false;
        if (marker.commit()) return !committing.remove(batch.producerId());
        Open open = aborting.remove(batch.producerId());
        if (open == null || !open.met) return true;
        kept.add(open.range.markerOffset());
        return false;
    }

    /** Markers of aborted ranges that must still be told, since the last call. */
    SortedSet<Long> takeKept() {
        SortedSet<Long> taken = new TreeSet<>(kept);
        kept.clear();
        return taken;
    }
}

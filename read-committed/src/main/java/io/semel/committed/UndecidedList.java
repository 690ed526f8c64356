package io.semel.committed;

import io.semel.wire.batch.BatchHeader;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The open transactions of a partition in the order of their first offsets, which is the order in which the
 * log opens them. A fold; owned by the partition's lane. What it costs does not grow with how many are open.
 */
final class UndecidedList {
    static final long NONE = -1;

    private final Map<Long, Undecided> byProducer = new LinkedHashMap<>();
    private Undecided first;

    void restore(List<Undecided> open) {
        byProducer.clear();
        first = null;
        open.stream().sorted(Comparator.comparingLong(Undecided::firstOffset)).forEachOrdered(this::add);
    }

    /** A batch of data: opens a transaction unless its producer has one open here. */
    void write(BatchHeader batch) {
        if (!batch.isTransactional() || !batch.hasProducerId()) return;
        Undecided open = byProducer.get(batch.producerId());
        if (open == null) {
            add(new Undecided(batch.producerId(), batch.producerEpoch(), batch.baseOffset()));
        } else if (batch.producerEpoch() > open.epoch()) {
            Undecided raised = new Undecided(open.producerId(), batch.producerEpoch(), open.firstOffset());
            byProducer.put(open.producerId(), raised);
            if (first == open) first = raised;
        }
    }

    /**
     * A marker: closes its producer's transaction. Its first offset, or {@link #NONE} when nothing was open.
     */
    long close(long producerId) {
        Undecided closed = byProducer.remove(producerId);
        if (closed == null) return NONE;
        if (first == closed) {
            Iterator<Undecided> rest = byProducer.values().iterator();
            first = rest.hasNext() ? rest.next() : null;
        }
        return closed.firstOffset();
    }

    /** The first offset of the oldest, or {@code otherwise} when none is open. */
    long firstOffset(long otherwise) {
        return first == null ? otherwise : first.firstOffset();
    }

    /** By first offset. */
    List<Undecided> list() {
        return List.copyOf(byProducer.values());
    }

    /** The one with the lowest first offset, or null. */
    Undecided first() {
        return first;
    }

    int size() {
        return byProducer.size();
    }

    private void add(Undecided open) {
        byProducer.put(open.producerId(), open);
        if (first == null) first = open;
    }
}

package io.semel.committed;

import io.semel.kernel.law.Invariant;
import io.semel.wire.batch.BatchFold;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.Marker;
import java.util.List;

/**
 * How far a partition is decided. The stable offset is the least of the high watermark, the first offset of
 * the first open transaction, and the first offset of any transaction whose marker stands at or above the
 * high watermark (I7, I9): a decision counts only once it is durable. A fold; owned by the partition's lane.
 *
 * <p>States of a transaction: <b>undecided</b>, from its first batch on: it holds the stable offset back;
 * <b>decided</b>, from its marker on: it still does, until the high watermark is above the marker; then it is
 * gone.
 */
public final class StableOffsets implements BatchFold {
    private final boolean ignoresUndecided;
    private final UndecidedList undecided = new UndecidedList();
    private final DecidedQueue decided = new DecidedQueue();

    public StableOffsets() {
        this(false);
    }

    /**
     * @param ignoresUndecided the saboteur "stable offset ignores an undecided marker": one that is not
     *     durable counts (I7)
     */
    public StableOffsets(boolean ignoresUndecided) {
        this.ignoresUndecided = ignoresUndecided;
    }

    /**
     * Begins again with these transactions open, in any order, and no marker in doubt: before folding on from
     * a snapshot.
     */
    public void restore(List<Undecided> open) {
        undecided.restore(open);
        decided.clear();
    }

    @Override
    public void fold(BatchHeader batch) {
        if (!batch.isControl()) {
            undecided.write(batch);
        } else if (batch.hasProducerId() && Marker.read(batch) != null) {
            long firstOffset = undecided.close(batch.producerId());
            if (firstOffset != UndecidedList.NONE && !ignoresUndecided) {
                decided.add(firstOffset, batch.baseOffset());
            }
        }
    }

    /**
     * Where readers of committed records must stop. {@code highWatermark} never falls from one call to the
     * next.
     */
    public long stableOffset(long highWatermark) {
        decided.settle(highWatermark);
        long stable = Math.min(highWatermark, Math.min(undecided.firstOffset(highWatermark),
                decided.firstOffset(highWatermark)));
        Invariant.check(stable <= highWatermark, "I7 stable offset %d above high watermark %d", stable,
                highWatermark);
        return stable;
    }

    /** Who holds the stable offset back before all others, or null when nothing is undecided. */
    public Undecided first() {
        return undecided.first();
    }

    /** Everything undecided, by first offset. */
    public List<Undecided> undecided() {
        return undecided.list();
    }

    /** How many transactions are undecided. */
    public int size() {
        return undecided.size();
    }
}

package io.semel.committed;

import io.semel.wire.batch.BatchHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The open transactions of a partition in the order of their first offsets, which is the order in which the
 * log opens them. A fold; owned by the partition's lane. Looked up from the newest back: few are open at a
 * time, so that this beats a table.
 */
final class UndecidedList {
    static final long NONE = -1;
    private static final int CAPACITY_FIRST = 4;

    private long[] producerIds = new long[CAPACITY_FIRST];
    private long[] firstOffsets = new long[CAPACITY_FIRST];
    private short[] epochs = new short[CAPACITY_FIRST];
    private int size;

    void restore(List<Undecided> open) {
        size = 0;
        open.stream().sorted(Comparator.comparingLong(Undecided::firstOffset))
                .forEachOrdered(one -> add(one.producerId(), one.epoch(), one.firstOffset()));
    }

    /** A batch of data: opens a transaction unless its producer has one open here. */
    void write(BatchHeader batch) {
        if (!batch.isTransactional() || !batch.hasProducerId()) return;
        int index = indexOf(batch.producerId());
        if (index < 0) add(batch.producerId(), batch.producerEpoch(), batch.baseOffset());
        else if (batch.producerEpoch() > epochs[index]) epochs[index] = batch.producerEpoch();
    }

    /**
     * A marker: closes its producer's transaction. Its first offset, or {@link #NONE} when nothing was open.
     */
    long close(long producerId) {
        int index = indexOf(producerId);
        if (index < 0) return NONE;
        long firstOffset = firstOffsets[index];
        int behind = --size - index;
        System.arraycopy(producerIds, index + 1, producerIds, index, behind);
        System.arraycopy(firstOffsets, index + 1, firstOffsets, index, behind);
        System.arraycopy(epochs, index + 1, epochs, index, behind);
        return firstOffset;
    }

    /** The first offset of the oldest, or {@code otherwise} when none is open. */
    long firstOffset(long otherwise) {
        return size == 0 ? otherwise : firstOffsets[0];
    }

    /** By first offset. */
    List<Undecided> list() {
        List<Undecided> list = new ArrayList<>(size);
        for (int index = 0; index < size; index++) list.add(at(index));
        return list;
    }

    /** The one with the lowest first offset, or null. */
    Undecided first() {
        return size == 0 ? null : at(0);
    }

    int size() {
        return size;
    }

    private Undecided at(int index) {
        return new Undecided(producerIds[index], epochs[index], firstOffsets[index]);
    }

    private int indexOf(long producerId) {
        for (int index = size - 1; index >= 0; index--) if (producerIds[index] == producerId) return index;
        return -1;
    }

    private void add(long producerId, short epoch, long firstOffset) {
        if (size == producerIds.length) {
            producerIds = Arrays.copyOf(producerIds, 2 * size);
            firstOffsets = Arrays.copyOf(firstOffsets, 2 * size);
            epochs = Arrays.copyOf(epochs, 2 * size);
        }
        producerIds[size] = producerId;
        firstOffsets[size] = firstOffset;
        epochs[size++] = epoch;
    }
}

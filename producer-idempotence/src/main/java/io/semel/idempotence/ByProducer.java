package io.semel.idempotence;

import java.util.Arrays;

/**
 * Entries by producer id, without boxing: open addressing, linear probing, at most half full. Owned by the
 * partition's lane. Its inner order shows nowhere: {@link #sorted} is by producer id.
 */
final class ByProducer<T extends ByProducer.Entry> {
    private static final int SLOTS_FEWEST = 16;

    /** Something that is kept for one producer. */
    abstract static class Entry {
        final long producerId;

        Entry(long producerId) {
            this.producerId = producerId;
        }
    }

    private Entry[] slots = new Entry[SLOTS_FEWEST];
    private int size;

    int size() {
        return size;
    }

    /** The producer's entry, or null. */
    T find(long producerId) {
        return cast(slots[slotOf(producerId)]);
    }

    /** @param entry of a producer who has none */
    void add(T entry) {
        if (2 * (size + 1) > slots.length) grow();
        slots[slotOf(entry.producerId)] = entry;
        size++;
    }

    /**
     * Forgets the producer's entry, if there is one. Entries behind it move up, so that no probe ends at the
     * hole.
     */
    void remove(long producerId) {
        int hole = slotOf(producerId);
        if (slots[hole] == null) return;
        slots[hole] = null;
        size--;
        int mask = slots.length - 1;
        for (int slot = (hole + 1) & mask; slots[slot] != null; slot = (slot + 1) & mask) {
            Entry moved = slots[slot];
            slots[slot] = null;
            slots[slotOf(moved.producerId)] = moved;
        }
    }

    void clear() {
        slots = new Entry[SLOTS_FEWEST];
        size = 0;
    }

    /** Every entry, by ascending producer id, in an array of the caller's making. */
    T[] sorted(T[] into) {
        long[] ids = new long[size];
        int count = 0;
        for (Entry entry : slots) if (entry != null) ids[count++] = entry.producerId;
        Arrays.sort(ids);
        for (int index = 0; index < count; index++) into[index] = find(ids[index]);
        return into;
    }

    @SuppressWarnings("unchecked") // only T is ever added
    private T cast(Entry entry) {
        return (T) entry;
    }

    /** Where the producer's entry stands, or the free slot where it would. */
    private int slotOf(long producerId) {
        int mask = slots.length - 1;
        int slot = (int) ((producerId * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (slots[slot] != null && slots[slot].producerId != producerId) slot = (slot + 1) & mask;
        return slot;
    }

    private void grow() {
        Entry[] before = slots;
        slots = new Entry[before.length * 2];
        for (Entry entry : before) if (entry != null) slots[slotOf(entry.producerId)] = entry;
    }
}

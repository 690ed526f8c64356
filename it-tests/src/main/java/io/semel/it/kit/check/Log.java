package io.semel.it.kit.check;

import io.semel.it.kit.history.Operation;
import io.semel.it.kit.history.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * What acknowledgements and polls tell about one partition: an entry for every offset anyone spoke of. Filled
 * in by {@link Facts}, unchanging afterwards.
 */
final class Log {
    private static final int COMMITTED_READER = 1;
    private static final int ANY_READER = 2;

    final Place place;
    /** What read_committed readers passed. */
    final Coverage committed = new Coverage();
    /** What read_uncommitted readers passed. */
    final Coverage uncommitted = new Coverage();
    /** Since when readers have had their chance. */
    long drainedNs = Operation.NEVER;
    private final OffsetTable table = new OffsetTable();
    private final Longs offsets = new Longs();
    private final List<String> values = new ArrayList<>();
    private final Ints tellers = new Ints();
    private final Ints writes = new Ints();
    private final Ints flags = new Ints();
    private long[] committedOrder = {};
    private long[] uncommittedOrder = {};
    private long[] knownOrder = {};

    Log(Place place) {
        this.place = place;
    }

    /** The entry of this offset; the first who speaks of it makes it. */
    int entry(long offset, String value, int write, int teller) {
        int entry = table.get(offset);
        if (entry != OffsetTable.NONE) return entry;
        entry = offsets.size();
        table.put(offset, entry);
        offsets.add(offset);
        values.add(value);
        tellers.add(teller);
        writes.add(write);
        flags.add(0);
        return entry;
    }

    /** Notes that a reader saw it. @return whether it is the first of this isolation */
    boolean seen(int entry, boolean readCommitted) {
        int before = flags.get(entry);
        int after = before | ANY_READER | (readCommitted ? COMMITTED_READER : 0);
        flags.set(entry, after);
        return before != after;
    }

    String value(int entry) {
        return values.get(entry);
    }

    /** Who first spoke of it. */
    int teller(int entry) {
        return tellers.get(entry);
    }

    /** The write at this offset, or -1. */
    int writeAt(long offset) {
        int entry = table.get(offset);
        return entry == OffsetTable.NONE ? -1 : writes.get(entry);
    }

    /**
     * Sorts what is known, once everything is. @param mayHide writes that a read_committed reader may not see
     */
    void settle(IntPredicate mayHide) {
        Longs byCommitted = new Longs();
        Longs byAny = new Longs();
        Longs known = new Longs();
        for (int entry = 0; entry < offsets.size(); entry++) {
            int write = writes.get(entry);
            boolean hidden = write >= 0 && mayHide.test(write);
            if ((flags.get(entry) & COMMITTED_READER) != 0 && !hidden) byCommitted.add(offsets.get(entry));
            if ((flags.get(entry) & ANY_READER) != 0) byAny.add(offsets.get(entry));
            known.add(offsets.get(entry));
        }
        committedOrder = byCommitted.sorted();
        uncommittedOrder = byAny.sorted();
        knownOrder = known.sorted();
        committed.merge();
        uncommitted.merge();
    }

    /** Offsets that readers of this isolation are expected to see, rising. */
    long[] order(boolean readCommitted) {
        return readCommitted ? committedOrder : uncommittedOrder;
    }

    /** Every offset that holds a record, rising. */
    long[] knownOrder() {
        return knownOrder;
    }
}

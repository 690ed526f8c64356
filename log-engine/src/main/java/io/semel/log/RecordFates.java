package io.semel.log;

import io.semel.wire.batch.BatchHeader;

/**
 * What learning the keys of a log's dirty part has found out about the records themselves: two bits for each
 * offset. A batch that keeps all of its records, or none, need not be decompressed once more to be copied,
 * and of another one no key has to be looked for. Owned by one cleaning.
 */
final class RecordFates {
    /** Of a batch. */
    enum Fate {
        /** Its records must be looked at one by one, with the map. */
        UNKNOWN,
        /** None stays. */
        GONE,
        /** All stay. */
        WHOLE,
        /** Those stay that are not {@link #isGone}. */
        SOME
    }

    private final long from;
    private final long below;
    /** A later record has its key, or it has no key. */
    private final long[] gone;
    /** Time decides about it, too. */
    private final long[] odd;
    private boolean known = true;

    /** @param bytesMax of what lies too far above {@code from} to fit, nothing is known */
    RecordFates(long from, long end, int bytesMax) {
        long offsets = Math.min(Math.max(0, end - from), bytesMax / 2L * Byte.SIZE);
        int words = (int) (offsets + Long.SIZE - 1 >>> 6);
        this.from = from;
        this.below = from + offsets;
        this.gone = new long[words];
        this.odd = new long[words];
    }

    int sizeInBytes() {
        return 2 * Long.BYTES * gone.length;
    }

    /** The record at this offset is not wanted any more. */
    void goes(long offset) {
        mark(gone, offset);
    }

    /** Whether the record at this offset stays cannot be told from its key alone. */
    void isOdd(long offset) {
        mark(odd, offset);
    }

    private void mark(long[] bits, long offset) {
        if (offset < from || offset >= below) return;
        int index = (int) (offset - from);
        bits[index >> 6] |= 1L << index;
    }

    /** Something was learnt by halves: what is known counts for nothing. */
    void forget() {
        known = false;
    }

    boolean isGone(long offset) {
        int index = (int) (offset - from);
        return (gone[index >> 6] & 1L << index) != 0;
    }

    /** @param mappedBelow records from there on were not learnt */
    Fate of(BatchHeader batch, long mappedBelow) {
        long last = batch.lastOffset();
        if (!known || batch.baseOffset() < from || last >= below || last >= mappedBelow) return Fate.UNKNOWN;
        int first = (int) (batch.baseOffset() - from);
        int end = (int) (last - from);
        int count = 0;
        for (int word = first >> 6; word <= end >> 6; word++) {
            long mask = -1L;
            if (word == first >> 6) mask &= -1L << first;
            if (word == end >> 6) mask &= -1L >>> 63 - (end & 63);
            if ((odd[word] & ~gone[word] & mask) != 0) return Fate.UNKNOWN;
            count += Long.bitCount(gone[word] & mask);
        }
        if (count == 0) return Fate.WHOLE;
        return count == batch.recordCount() ? Fate.GONE : Fate.SOME;
    }
}

package io.semel.log;

import io.semel.wire.batch.RecordCursor;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * The latest offset of each key in the dirty part of a log, in bounded memory: 24 bytes a key, which is known
 * by its hash of 128 bits only, as in Kafka, whose MD5 takes longer than all else. Owned by one cleaning.
 */
final class OffsetMap {
    private static final int LONGS = 3;
    private static final int SLOT_BYTES = LONGS * Long.BYTES;
    private static final int SLOTS_MIN = 16;
    private static final int SLOTS_FIRST = 4_096;
    private static final int SLOTS_MAX = Integer.MAX_VALUE / SLOT_BYTES;

    private final KeyHash hash;
    private long[] slots;
    private final int slotsMost;
    /** As in the slots, but that an offset is itself. */
    private long[] notes = new long[LONGS * 128];
    private int noted;
    private int keysMax;
    private int count;

    /**
     * Begins small, so that few keys stay in the processor's caches, and grows; while it does, both tables
     * are within the bound.
     *
     * @param keys no more than so many come; no room is taken for more
     */
    OffsetMap(int bytesMax, long keys) {
        SecureRandom secret = new SecureRandom();
        hash = new KeyHash(secret.nextLong(), secret.nextLong());
        long wanted = Math.min(keys + keys / 4, bytesMax / SLOT_BYTES);
        slotsMost = (int) Math.max(SLOTS_MIN, Math.min(SLOTS_MAX, wanted));
        room(slotsMost <= 2 * SLOTS_FIRST ? slotsMost : SLOTS_FIRST);
    }

    private void room(int slotCount) {
        slots = new long[slotCount * LONGS];
        keysMax = slotCount - slotCount / 8;
    }

    private void grow(long keys) {
        int slotCount = slots.length / LONGS;
        while (keys > keysMax / 2 && slotCount <= slotsMost / 2) {
            long[] before = slots;
            slotCount = slotCount <= slotsMost / 6 ? 2 * slotCount : slotsMost - slotCount;
            room(slotCount);
            for (int at = 0; at < before.length; at += LONGS) {
                if (before[at + 2] == 0) continue;
                int to = slotOf(before[at], before[at + 1]);
                System.arraycopy(before, at, slots, to, LONGS);
            }
        }
    }

    /** Whether so many more keys fit. An empty map makes room for a single batch, however large it is. */
    boolean takes(int keys) {
        if (count + (long) keys > keysMax / 2) grow(count + (long) keys);
        if (count == 0 && keys > keysMax) room((int) Math.min(SLOTS_MAX, keys + keys / 4L + SLOTS_MIN));
        return count + (long) keys <= keysMax;
    }

    /** @return the key's offset until now, -1 for a new one */
    long put(ByteBuffer key, long offset) {
        hash.of(key, key.position(), key.remaining());
        return put(hash.high(), hash.low(), offset);
    }

    private long put(long high, long low, long offset) {
        int at = slotOf(high, low);
        long before = slots[at + 2] - 1;
        if (before < 0) count++;
        slots[at] = high;
        slots[at + 1] = low;
        slots[at + 2] = offset + 1;
        return before;
    }

    /** Its latest offset, -1 for a key that is not here. */
    long get(ByteBuffer key) {
        hash.of(key, key.position(), key.remaining());
        return slots[slotOf(hash.high(), hash.low()) + 2] - 1;
    }

    /**
     * A record's key, which must not be null, to be put in by {@link #putNoted}: first all keys of a batch
     * are hashed, then their places are looked for, so that the processor can wait for several at once.
     */
    void note(RecordCursor record) {
        if (noted == notes.length) notes = Arrays.copyOf(notes, 2 * noted);
        hash.of(record.bytes(), record.keyAt(), record.keySize());
        notes[noted] = hash.high();
        notes[noted + 1] = hash.low();
        notes[noted + 2] = record.offset();
        noted += LONGS;
    }

    /** In their order. @param replaced told of each offset that is not a key's latest any more */
    void putNoted(LongConsumer replaced) {
        for (int at = 0; at < noted; at += LONGS) {
            long before = put(notes[at], notes[at + 1], notes[at + 2]);
            if (before >= 0) replaced.accept(before);
        }
        noted = 0;
    }

    private int slotOf(long high, long low) {
        int at = (int) Math.multiplyHigh(high >>> 1, 2L * (slots.length / LONGS)) * LONGS;
        while (slots[at + 2] != 0 && (slots[at] != high || slots[at + 1] != low)) {
            at += LONGS;
            if (at == slots.length) at = 0;
        }
        return at;
    }

    int count() {
        return count;
    }

    void clear() {
        Arrays.fill(slots, 0);
        count = 0;
    }
}

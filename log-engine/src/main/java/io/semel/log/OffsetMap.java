package io.semel.log;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;

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

    void put(ByteBuffer key, long offset) {
        int at = slotOf(key);
        if (slots[at + 2] == 0) count++;
        slots[at] = hash.high();
        slots[at + 1] = hash.low();
        slots[at + 2] = offset + 1;
    }

    /** Its latest offset, -1 for a key that is not here. */
    long get(ByteBuffer key) {
        return slots[slotOf(key) + 2] - 1;
    }

    /** Where the key is, or belongs. Its hash is at hand afterwards. */
    private int slotOf(ByteBuffer key) {
        hash.of(key);
        return slotOf(hash.high(), hash.low());
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

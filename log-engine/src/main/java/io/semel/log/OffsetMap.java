package io.semel.log;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The latest offset of each key in the dirty part of a log, in bounded memory: 24 bytes a key, which is known
 * by its MD5 only, as in Kafka. Owned by one cleaning.
 */
final class OffsetMap {
    private static final int LONGS = 3;
    private static final int SLOT_BYTES = LONGS * Long.BYTES;
    private static final int SLOTS_MIN = 16;
    private static final int SLOTS_MAX = Integer.MAX_VALUE / SLOT_BYTES;

    private final MessageDigest digest;
    private final ByteBuffer hash = ByteBuffer.allocate(16);
    private long[] slots;
    private int keysMax;
    private int count;

    /** @param keys no more than so many come; no room is taken for more */
    OffsetMap(int bytesMax, long keys) {
        try {
            digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has MD5", impossible);
        }
        long wanted = Math.min(keys + keys / 4, bytesMax / SLOT_BYTES);
        room((int) Math.max(SLOTS_MIN, Math.min(SLOTS_MAX, wanted)));
    }

    private void room(int slotCount) {
        slots = new long[slotCount * LONGS];
        keysMax = slotCount - slotCount / 8;
    }

    /** Whether so many more keys fit. An empty map makes room for a single batch, however large it is. */
    boolean takes(int keys) {
        if (count == 0 && keys > keysMax) room((int) Math.min(SLOTS_MAX, keys + keys / 4L + SLOTS_MIN));
        return count + (long) keys <= keysMax;
    }

    void put(ByteBuffer key, long offset) {
        int at = slotOf(key);
        if (slots[at + 2] == 0) count++;
        slots[at] = hash.getLong(0);
        slots[at + 1] = hash.getLong(8);
        slots[at + 2] = offset + 1;
    }

    /** Its latest offset, -1 for a key that is not here. */
    long get(ByteBuffer key) {
        return slots[slotOf(key) + 2] - 1;
    }

    /** Where the key is, or belongs. Its hash is at hand afterwards. */
    private int slotOf(ByteBuffer key) {
        try {
            digest.update(key.duplicate());
            digest.digest(hash.array(), 0, hash.capacity());
        } catch (DigestException impossible) {
            throw new IllegalStateException("16 bytes hold an MD5", impossible);
        }
        long high = hash.getLong(0);
        long low = hash.getLong(8);
        int at = (int) Long.remainderUnsigned(high, slots.length / LONGS) * LONGS;
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

package io.semel.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 with 128 bits under a secret key: keys that collide cannot be made without knowing it, and by
 * chance no two of 2^64 do. Owned by one thread.
 */
final class KeyHash {
    private static final int WORD_BYTES = 8;

    private final long key0;
    private final long key1;
    private long high;
    private long low;

    KeyHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** Of {@code size} bytes from an index on. {@link #high} and {@link #low} are it then. */
    void of(ByteBuffer bytes, int from, int size) {
        boolean turns = bytes.order() == ByteOrder.BIG_ENDIAN;
        int words = size / WORD_BYTES;
        long last = (long) size << 56;
        for (int at = words * WORD_BYTES; at < size; at++) {
            last |= (bytes.get(from + at) & 0xFFL) << at % WORD_BYTES * Byte.SIZE;
        }
        // in locals: as fields they take longer than the rounds
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        for (int step = 0; step < words + 5; step++) {
            long word = step == words ? last : 0;
            if (step < words) {
                word = bytes.getLong(from + step * WORD_BYTES);
                if (turns) word = Long.reverseBytes(word);
            } else if (step == words + 1) {
                v2 ^= 0xee;
            } else if (step == words + 3) {
                high = v0 ^ v1 ^ v2 ^ v3;
                v1 ^= 0xdd;
            }
            v3 ^= word;
            for (int round = 0; round < 2; round++) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= word;
        }
        low = v0 ^ v1 ^ v2 ^ v3;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }
}

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
    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private long high;
    private long low;

    KeyHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** Of the bytes from position to limit, which stay. {@link #high} and {@link #low} are it then. */
    void of(ByteBuffer bytes) {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
        ByteOrder before = bytes.order();
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        int at = bytes.position();
        int end = bytes.limit();
        long last = (long) (end - at) << 56;
        for (; at + WORD_BYTES <= end; at += WORD_BYTES) take(bytes.getLong(at));
        for (int shift = 0; at < end; shift += Byte.SIZE) last |= (bytes.get(at++) & 0xFFL) << shift;
        take(last);
        bytes.order(before);
        v2 ^= 0xee;
        finish();
        high = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
        finish();
        low = v0 ^ v1 ^ v2 ^ v3;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    private void take(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    private void finish() {
        round();
        round();
        round();
        round();
    }

    private void round() {
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
}

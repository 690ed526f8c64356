package io.semel.wire.batch;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that are written one after the other and grow by doubling. Owned by one builder. */
final class GrowingBytes {
    private byte[] array;
    private int size;

    GrowingBytes(int sizeFirst) {
        this.array = new byte[sizeFirst];
    }

    /** Begins anew; the room stays. */
    void clear() {
        size = 0;
    }

    GrowingBytes oneByte(int value) {
        room(1);
        array[size++] = (byte) value;
        return this;
    }

    /** In zigzag form, as records have all their numbers; an int's form is a long's. */
    GrowingBytes varlong(long value) {
        room(10);
        long rest = zigzag(value);
        while ((rest & ~0x7fL) != 0) {
            array[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        array[size++] = (byte) rest;
        return this;
    }

    /** The bytes from position to limit; the position stays. */
    GrowingBytes bytes(ByteBuffer source) {
        room(source.remaining());
        source.get(source.position(), array, size, source.remaining());
        size += source.remaining();
        return this;
    }

    int size() {
        return size;
    }

    ByteBuffer view() {
        return ByteBuffer.wrap(array, 0, size);
    }

    /** Bytes of the number in zigzag form. */
    static int sizeOf(long value) {
        return (70 - Long.numberOfLeadingZeros(zigzag(value) | 1)) / 7;
    }

    private static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    private void room(int wanted) {
        int needed = Math.addExact(size, wanted);
        if (needed <= array.length) return;
        long doubled = Math.min(2L * array.length, Integer.MAX_VALUE - 8);
        array = Arrays.copyOf(array, (int) Math.max(doubled, needed));
    }
}

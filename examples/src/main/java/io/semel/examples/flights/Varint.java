package io.semel.examples.flights;

import java.nio.ByteBuffer;

/**
 * Whole numbers in one to ten bytes, seven bits each, small ones of either sign short (zigzag). Stateless.
 */
final class Varint {

    static final int SIZE_MAX = 10;

    private Varint() { }

    static void put(ByteBuffer out, long number) {
        long rest = number << 1 ^ number >> 63;
        while ((rest & ~0x7fL) != 0) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    static long take(ByteBuffer in) {
        long bits = 0;
        for (int i = 0; i < SIZE_MAX; i++) {
            if (!in.hasRemaining()) throw new IllegalArgumentException("ends within a number");
            byte next = in.get();
            bits |= (next & 0x7fL) << 7 * i;
            if (next >= 0) return bits >>> 1 ^ -(bits & 1);
        }
        throw new IllegalArgumentException("a number of more than " + SIZE_MAX + " bytes");
    }

    static int takeInt(ByteBuffer in) {
        long number = take(in);
        if (number != (int) number) throw new IllegalArgumentException("a number above 32 bits: " + number);
        return (int) number;
    }
}

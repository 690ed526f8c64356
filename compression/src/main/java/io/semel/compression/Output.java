package io.semel.compression;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that grow by doubling as they are written, up to a bound. Owned by one decode. */
final class Output {

    private static final int SIZE_FIRST = 16 * 1024;
    private static final byte[] NOTHING = {};

    private final int sizeMax;
    private byte[] array;
    private int size;

    Output(Codec.Bound bound) {
        this(bound, NOTHING);
    }

    /** Begins with an array that somebody keeps, of which no more than the bound is used. */
    Output(Codec.Bound bound, byte[] kept) {
        this.sizeMax = bound.sizeMax();
        this.array = kept;
    }

    /** Makes room for as many of the wanted bytes as the bound allows and returns how many fit. */
    int room(int wanted) {
        int allowed = Math.min(wanted, sizeMax - size);
        if (array.length - size < allowed) {
            long doubled = Math.max(SIZE_FIRST, Math.max(2L * array.length, (long) size + allowed));
            array = Arrays.copyOf(array, (int) Math.min(doubled, sizeMax));
        }
        return allowed;
    }

    byte[] array() {
        return array;
    }

    int size() {
        return size;
    }

    void advance(int written) {
        size += written;
    }

    Refusal tooLarge() {
        return Refusal.tooLarge(sizeMax);
    }

    ByteBuffer bytes() {
        return ByteBuffer.wrap(array, 0, size).slice();
    }
}

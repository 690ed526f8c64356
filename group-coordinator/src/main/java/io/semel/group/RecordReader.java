package io.semel.group;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the protocol's primitive types from a view of a buffer, which stays where it is. Lengths in a
 * flexible version are varints one above the length. Whatever reaches beyond the end is a {@link
 * BufferUnderflowException}. Owned by whoever makes it.
 */
final class RecordReader {
    private final ByteBuffer bytes;
    private final boolean flexible;

    RecordReader(ByteBuffer bytes, boolean flexible) {
        this.bytes = bytes.slice();
        this.flexible = flexible;
    }

    short int16() {
        return bytes.getShort();
    }

    int int32() {
        return bytes.getInt();
    }

    long int64() {
        return bytes.getLong();
    }

    /** Null when its length says so. */
    String string() {
        int size = flexible ? varint() - 1 : bytes.getShort();
        return size < 0 ? null : new String(take(size), StandardCharsets.UTF_8);
    }

    /** Empty when null. */
    byte[] bytes() {
        int size = count();
        return size < 0 ? Member.NO_BYTES : take(size);
    }

    /** How many follow. */
    int count() {
        return flexible ? varint() - 1 : bytes.getInt();
    }

    int varint() {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            byte part = bytes.get();
            value |= (part & 0x7f) << shift;
            if (part >= 0) return value;
        }
        throw new BufferUnderflowException();
    }

    boolean hasMore() {
        return bytes.hasRemaining();
    }

    byte int8() {
        return bytes.get();
    }

    void skipTags() {
        for (int left = varint(); left > 0; left--) {
            varint();
            skip(varint());
        }
    }

    void skip(int size) {
        take(size);
    }

    private byte[] take(int size) {
        if (size < 0 || size > bytes.remaining()) throw new BufferUnderflowException();
        byte[] part = new byte[size];
        bytes.get(part);
        return part;
    }
}

package io.semel.group.base;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the protocol's primitive types from a view of a buffer, which stays where it is. Lengths in a
 * flexible version are varints one above the length. Whatever reaches beyond the end is a {@link
 * BufferUnderflowException}. Owned by whoever makes it.
 */
public final class RecordReader {
    private static final byte[] NO_BYTES = new byte[0];

    private final ByteBuffer bytes;
    private final boolean flexible;

    public RecordReader(ByteBuffer bytes, boolean flexible) {
        this.bytes = bytes.slice();
        this.flexible = flexible;
    }

    public short int16() {
        return bytes.getShort();
    }

    public int int32() {
        return bytes.getInt();
    }

    public long int64() {
        return bytes.getLong();
    }

    /** Null when its length says so. */
    public String string() {
        int size = flexible ? varint() - 1 : bytes.getShort();
        return size < 0 ? null : new String(take(size), StandardCharsets.UTF_8);
    }

    /** Empty when null. */
    public byte[] bytes() {
        int size = count();
        return size < 0 ? NO_BYTES : take(size);
    }

    /** How many follow. */
    public int count() {
        return flexible ? varint() - 1 : bytes.getInt();
    }

    public int varint() {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            byte part = bytes.get();
            value |= (part & 0x7f) << shift;
            if (part >= 0) return value;
        }
        throw new BufferUnderflowException();
    }

    public boolean hasMore() {
        return bytes.hasRemaining();
    }

    public byte int8() {
        return bytes.get();
    }

    public void skipTags() {
        for (int left = varint(); left > 0; left--) {
            varint();
            skip(varint());
        }
    }

    public void skip(int size) {
        take(size);
    }

    private byte[] take(int size) {
        if (size < 0 || size > bytes.remaining()) throw new BufferUnderflowException();
        byte[] part = new byte[size];
        bytes.get(part);
        return part;
    }
}

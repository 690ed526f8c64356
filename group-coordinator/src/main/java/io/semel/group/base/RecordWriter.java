package io.semel.group.base;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes the protocol's primitive types into a buffer that grows. Owned by whoever makes it. */
public final class RecordWriter {
    private static final int SIZE_FIRST = 128;

    private ByteBuffer bytes = ByteBuffer.allocate(SIZE_FIRST);

    public RecordWriter int16(int value) {
        room(Short.BYTES).putShort((short) value);
        return this;
    }

    public RecordWriter int32(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    public RecordWriter int64(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    /** Null is written as a length of -1. */
    public RecordWriter string(String value) {
        if (value == null) return int16(-1);
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        if (text.length > Short.MAX_VALUE) {
            throw new IllegalArgumentException("string of " + text.length + " bytes");
        }
        int16(text.length);
        room(text.length).put(text);
        return this;
    }

    public RecordWriter int8(int value) {
        room(1).put((byte) value);
        return this;
    }

    /** Null is written as a length of 0. */
    public RecordWriter compactString(String value) {
        if (value == null) return varint(0);
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        varint(text.length + 1);
        room(text.length).put(text);
        return this;
    }

    public RecordWriter bytes(byte[] value) {
        int32(value.length);
        room(value.length).put(value);
        return this;
    }

    public RecordWriter compactBytes(byte[] value) {
        varint(value.length + 1);
        room(value.length).put(value);
        return this;
    }

    /** What was written elsewhere, as it is. */
    public RecordWriter raw(ByteBuffer value) {
        room(value.remaining()).put(value);
        return this;
    }

    /** Unsigned, seven bits at a time. */
    public RecordWriter varint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            room(1).put((byte) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        room(1).put((byte) rest);
        return this;
    }

    public ByteBuffer done() {
        return bytes.flip();
    }

    private ByteBuffer room(int size) {
        if (bytes.remaining() < size) {
            int capacity = Math.max(bytes.capacity() * 2, bytes.position() + size);
            bytes = ByteBuffer.allocate(capacity).put(bytes.flip());
        }
        return bytes;
    }
}

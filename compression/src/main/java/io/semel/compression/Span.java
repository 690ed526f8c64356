package io.semel.compression;

import java.nio.ByteBuffer;

/** A run of bytes in an array; the form in which all codec libraries take their input. Owned by one call. */
record Span(byte[] array, int offset, int size) {

    /** The bytes from position to limit: the buffer's own array where it shows one, otherwise a copy. */
    static Span of(ByteBuffer buffer) {
        if (buffer.hasArray()) {
            return new Span(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
        }
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(buffer.position(), copy);
        return new Span(copy, 0, copy.length);
    }

    int end() {
        return offset + size;
    }
}

package io.semel.sim;

import java.util.Arrays;

/** The bytes of a file, growing as it is written; a hole reads as zeros. */
final class SimBytes {
    private byte[] bytes = new byte[256];
    private int size;

    int size() {
        return size;
    }

    byte get(int position) {
        return position < size ? bytes[position] : 0;
    }

    void set(int position, byte value) {
        room(position + 1);
        bytes[position] = value;
    }

    void put(int position, byte[] source, int length) {
        room(position + length);
        System.arraycopy(source, 0, bytes, position, length);
    }

    int read(int position, byte[] target) {
        int length = Math.max(0, Math.min(target.length, size - position));
        if (length > 0) System.arraycopy(bytes, position, target, 0, length);
        return length;
    }

    /** Cuts the file, or grows it by zeros. */
    void resize(int newSize) {
        if (newSize < size) Arrays.fill(bytes, newSize, size, (byte) 0);
        room(newSize);
        size = newSize;
    }

    void copyFrom(SimBytes other) {
        bytes = Arrays.copyOf(other.bytes, other.bytes.length);
        size = other.size;
    }

    private void room(int end) {
        if (end > bytes.length) bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
        size = Math.max(size, end);
    }
}

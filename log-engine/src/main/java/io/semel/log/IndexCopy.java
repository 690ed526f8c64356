package io.semel.log;

import io.semel.kernel.world.IndexBytes;
import java.nio.ByteBuffer;

/**
 * What an index file held when it was read, to be looked at without mapping it. Never changed. Any thread.
 */
final class IndexCopy implements IndexBytes {
    private final ByteBuffer content;
    private final int capacity;

    private IndexCopy(ByteBuffer content, int capacity) {
        this.content = content;
        this.capacity = capacity;
    }

    /**
     * @param content null for no file
     * @param capacity of the mapping that may take its place
     */
    static IndexCopy of(byte[] content, int capacity) {
        return content == null ? null : new IndexCopy(ByteBuffer.wrap(content), capacity);
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public int sizeAtOpen() {
        return content.capacity();
    }

    @Override
    public int getInt(int position) {
        return content.getInt(position);
    }

    @Override
    public long getLong(int position) {
        return content.getLong(position);
    }

    @Override
    public void putInt(int position, int value) {
        throw new UnsupportedOperationException("a copy of an index is only read");
    }

    @Override
    public void putLong(int position, long value) {
        throw new UnsupportedOperationException("a copy of an index is only read");
    }

    @Override
    public void trim(int size) {
        throw new UnsupportedOperationException("a copy of an index is only read");
    }

    @Override
    public void close() {
    }
}

package io.semel.kernel.world;

/**
 * A mapped file of fixed-width entries that can be rebuilt: one writer, any readers below what was written.
 * Big-endian.
 */
public interface IndexBytes extends AutoCloseable {
    int capacity();

    /** Bytes that were in the file when it was opened: a multiple of nothing, checked by the reader. */
    int sizeAtOpen();

    int getInt(int position);

    long getLong(int position);

    void putInt(int position, int value);

    void putLong(int position, long value);

    /**
     * Writes back what is mapped and cuts the file to {@code size} bytes, for a clean close or an ended
     * segment.
     */
    void trim(int size);

    @Override
    void close();
}

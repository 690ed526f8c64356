package io.semel.log.disk;

/**
 * Mapped bytes of a file, big-endian, bounds checked by {@link IndexFile}. After {@link #unmap} nothing may
 * be touched.
 */
interface Mapping {
    int getInt(int position);

    long getLong(int position);

    void putInt(int position, int value);

    void putLong(int position, long value);

    void unmap();
}

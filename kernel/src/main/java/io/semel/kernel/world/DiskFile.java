package io.semel.kernel.world;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * An open file. One writer; any number of readers, at positions below what was written. Throws {@link
 * DiskFailure}.
 */
public interface DiskFile extends AutoCloseable {
    String path();

    /** Writes all remaining bytes at {@code position}. A failure may leave a part of them. */
    void write(ByteBuffer source, long position);

    /** Reads until {@code target} is full or the file ends. @return bytes read, 0 at the end */
    int read(ByteBuffer target, long position);

    long size();

    void truncate(long size);

    /**
     * Everything written before this call is durable when it returns. A failed force is final for this file
     * until recovery (I13).
     */
    void force();

    /**
     * For {@code transferTo}: the operating system's channel, or null when there is none (a simulated disk).
     */
    default FileChannel channel() {
        return null;
    }

    @Override
    void close();
}

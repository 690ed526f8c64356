package io.semel.wire.batch;

import io.semel.kernel.world.DiskFile;

/**
 * Whole batches in a file, for sending as they are. Whoever gets it must {@link #release} it once; until then
 * the file stays open and the bytes stay what they are, whatever retention, compaction or truncation do. Any
 * thread.
 */
public final class BatchSlice {
    private final DiskFile file;
    private final long position;
    private final int sizeInBytes;
    private final Runnable onRelease;

    /** @param onRelease gives back the reference; called at most once */
    public BatchSlice(DiskFile file, long position, int sizeInBytes, Runnable onRelease) {
        this.file = file;
        this.position = position;
        this.sizeInBytes = sizeInBytes;
        this.onRelease = onRelease;
    }

    public DiskFile file() {
        return file;
    }

    /** First byte in the file. */
    public long position() {
        return position;
    }

    public int sizeInBytes() {
        return sizeInBytes;
    }

    public void release() {
        onRelease.run();
    }
}

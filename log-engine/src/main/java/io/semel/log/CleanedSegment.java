package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.wire.batch.BatchHeader;
import java.nio.ByteBuffer;

/**
 * Writes the one segment that takes the place of several, under names that count for nothing until {@link
 * SegmentSwap}. Used by one thread.
 */
final class CleanedSegment {
    private static final int BLOCK_BYTES = 1 << 20;

    private final Disk disk;
    private final String directory;
    private final Segment segment;
    private final BatchHeader header = new BatchHeader();
    private ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    private int written;
    private long bytesRead;
    private long endOffset;
    private int sources;
    private boolean changed;

    CleanedSegment(Disk disk, String directory, LogConfig config, long base) {
        this.disk = disk;
        this.directory = directory;
        this.segment = Segment.cleaned(disk, directory, config, base);
        this.endOffset = base;
    }

    /** Goes on with a source of that many bytes, up to {@code end}. */
    void begin(int bytes, long end) {
        sources++;
        bytesRead += bytes;
        endOffset = end;
    }

    /** Whether it may go on with a source like this without growing beyond what a segment may be. */
    boolean takes(LogConfig config, int bytes, long end) {
        long room = config.segmentBytes() - (long) size();
        return bytes <= room && end - segment.base() <= Integer.MAX_VALUE;
    }

    void keep(ByteBuffer batch) {
        if (block.remaining() < batch.remaining()) flush();
        if (block.remaining() < batch.remaining()) block = ByteBuffer.allocate(batch.remaining());
        int start = block.position();
        block.put(batch.duplicate());
        segment.put(header.wrap(block, start), written + start);
    }

    void keepChanged(ByteBuffer batch) {
        changed = true;
        keep(batch);
    }

    void leftOut() {
        changed = true;
    }

    private void flush() {
        block.flip();
        int end = Math.addExact(written, block.remaining());
        segment.file().write(block, written);
        written = end;
        block.clear();
    }

    private int size() {
        return written + block.position();
    }

    /** Whether it is worth having: less, or fewer files, than what it was made of. */
    boolean differs() {
        return changed || sources > 1;
    }

    long base() {
        return segment.base();
    }

    long endOffset() {
        return endOffset;
    }

    long bytesRead() {
        return bytesRead;
    }

    /** Writes down all of it, durably. @return the segment, ready to be read */
    Segment finish(byte[] abortedIndex) {
        flush();
        segment.finish(endOffset);
        write(LogNames.ABORTED_INDEX, abortedIndex);
        if (abortedIndex.length > 0) write(LogNames.ABORTED_SUM, CheckedFile.sumOf(abortedIndex));
        segment.load();
        return segment;
    }

    private void write(String extension, byte[] content) {
        String path = LogNames.path(directory, base(), extension) + SegmentSwap.CLEANED;
        SmallFile.replace(disk, path, content, true);
    }

    /** Leaves nothing behind. */
    void discard() {
        segment.leave();
        SegmentSwap.discard(disk, directory, base());
    }
}

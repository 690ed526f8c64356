package io.semel.log;

import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.DiskFile;
import io.semel.wire.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Goes from batch to batch through a part of a segment's file, with reads of large blocks. Stops at the end
 * of the part or at the first batch whose header cannot be true, and then says what is wrong. Used by one
 * thread; not kept.
 */
final class BatchWalk {
    private static final byte MAGIC = 2;
    private static final int LENGTH_MIN = BatchHeader.SIZE - BatchHeader.LOG_OVERHEAD;

    private final BatchHeader header = new BatchHeader();
    private final DiskFile file;
    private final long base;
    private final boolean gapsAllowed;
    private final int end;
    private final int blockBytes;
    private ByteBuffer block;
    private int blockStart;
    private int begun;
    private int position;
    private int nextPosition;
    private long endOffset;
    private long offsetBefore;
    private boolean firstOffsetKnown;
    private String flaw;

    /** @param base the segment's base offset
     *  @param end bytes of the file that belong to the log */
    BatchWalk(DiskFile file, long base, boolean gapsAllowed, int end, int blockBytes) {
        this.file = file;
        this.base = base;
        this.gapsAllowed = gapsAllowed;
        this.end = end;
        this.blockBytes = blockBytes;
    }

    /**
     * The next batch looked at is the one at {@code position}, which must have this offset (or a higher one
     * where gaps are allowed).
     */
    BatchWalk from(int position, long offset) {
        this.begun = position;
        this.nextPosition = position;
        this.endOffset = offset;
        this.firstOffsetKnown = true;
        this.flaw = null;
        return this;
    }

    /** The next batch looked at is the one at {@code position}, whatever its offset. */
    BatchWalk from(int position) {
        from(position, base);
        firstOffsetKnown = position == 0;
        return this;
    }

    /** Moves to the next batch. @return false at the end and at a flaw */
    boolean next() {
        position = nextPosition;
        if (position == end || flaw != null) return false;
        if (end - position < BatchHeader.SIZE) return flawed("the file ends inside a batch's header");
        hold(position, BatchHeader.SIZE);
        header.wrap(block, position - blockStart);
        if (!headerHolds()) return false;
        nextPosition = position + header.sizeInBytes();
        offsetBefore = endOffset;
        endOffset = header.nextOffset();
        firstOffsetKnown = true;
        return true;
    }

    /** Reads the batch it stands on once more from the file. @return false at a flaw */
    boolean again() {
        nextPosition = position;
        endOffset = offsetBefore;
        block = null;
        return next();
    }

    private boolean headerHolds() {
        if (header.magic() != MAGIC) {
            return flawed("no batch of magic 2 starts here (magic " + header.magic() + ")");
        }
        if (header.length() < LENGTH_MIN) return flawed("a batch claims a length of " + header.length());
        if (header.length() > end - position - BatchHeader.LOG_OVERHEAD) {
            return flawed("the file ends inside a batch");
        }
        long offset = header.baseOffset();
        if (offset < endOffset || offset > endOffset && firstOffsetKnown && !gapsAllowed) {
            return flawed("a batch of offset " + offset + " stands where offset " + endOffset + " is due");
        }
        if (header.lastOffsetDelta() < 0 || header.lastOffset() - base > Integer.MAX_VALUE
                || header.lastOffset() < 0) {
            return flawed("a batch claims the offsets " + offset + " + " + header.lastOffsetDelta());
        }
        return true;
    }

    /** The highest timestamp of its records, -1 when compaction has left none. */
    static long timestampOf(BatchHeader batch) {
        return batch.recordCount() == 0 ? -1 : batch.maxTimestamp();
    }

    /** Where the batch stands in the file; after the last one, the end of what was good. */
    int position() {
        return position;
    }

    /** Bytes it has gone over before {@link #position}. */
    int walked() {
        return position - begun;
    }

    int endPosition() {
        return nextPosition;
    }

    /** The offset after the last good batch. */
    long endOffset() {
        return endOffset;
    }

    /** The batch's header; the rest of it need not be in memory. */
    BatchHeader header() {
        return header;
    }

    /** The batch with all its bytes in memory. */
    BatchHeader whole() {
        hold(position, nextPosition - position);
        return header.wrap(block, position - blockStart);
    }

    /**
     * Whether the batch's bytes are those its CRC was made of; a batch that is not counts as a flaw. Never
     * holds more than a block.
     */
    boolean crcHolds() {
        CRC32C crc = new CRC32C();
        int claimed = header.crc();
        int at = position + BatchHeader.CRC_COVERS_FROM;
        while (at < nextPosition) {
            hold(at, 1);
            int length = Math.min(nextPosition, blockStart + block.limit()) - at;
            crc.update(block.slice(at - blockStart, length));
            at += length;
        }
        if ((int) crc.getValue() == claimed) {
            hold(position, BatchHeader.SIZE);
            header.wrap(block, position - blockStart);
            return true;
        }
        nextPosition = position;
        endOffset = offsetBefore;
        flawed("a batch's bytes do not match its CRC");
        return false;
    }

    /** The file it goes through. */
    String path() {
        return file.path();
    }

    /** What is wrong at {@link #position}, null when nothing is. */
    String flaw() {
        return flaw;
    }

    private boolean flawed(String what) {
        flaw = what;
        return false;
    }

    private void hold(int from, int length) {
        if (block != null && from >= blockStart && from + length <= blockStart + block.limit()) return;
        int wanted = Math.max(length, Math.min(blockBytes, end - from));
        if (block == null || block.capacity() < wanted) block = ByteBuffer.allocate(wanted);
        block.clear().limit(Math.min(block.capacity(), end - from));
        int read = file.read(block, from);
        block.flip();
        blockStart = from;
        if (read < length) {
            throw new DiskFailure(file.path() + ": only " + read + " of " + length
                    + " bytes could be read at position " + from
                    + "; the file was cut by somebody else while it was open: restart the broker, so that the"
                    + " log is recovered", null);
        }
    }
}

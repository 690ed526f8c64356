package io.semel.wire.batch;

import java.nio.ByteBuffer;

/**
 * Reads the header of a record batch (format v2, KIP-98) in place; one instance is wrapped around each batch
 * in turn. Offsets are log offsets, sizes bytes, timestamps milliseconds. Checks nothing: see
 * {@code BatchCheck}. Owned by its lane.
 */
public final class BatchHeader {
    /** Bytes before the part that {@link #length()} counts: base offset and length. */
    public static final int LOG_OVERHEAD = 12;
    /** Bytes of a batch without records. */
    public static final int SIZE = 61;
    /** Where the bytes covered by the CRC begin: the attributes. */
    public static final int CRC_COVERS_FROM = 21;

    public static final int BASE_OFFSET = 0;
    public static final int LENGTH = 8;
    public static final int LEADER_EPOCH = 12;
    public static final int MAGIC = 16;
    public static final int CRC = 17;
    public static final int ATTRIBUTES = 21;
    public static final int LAST_OFFSET_DELTA = 23;
    public static final int BASE_TIMESTAMP = 27;
    public static final int MAX_TIMESTAMP = 35;
    public static final int PRODUCER_ID = 43;
    public static final int PRODUCER_EPOCH = 51;
    public static final int BASE_SEQUENCE = 53;
    public static final int RECORD_COUNT = 57;

    private static final int CODEC_MASK = 0x07;
    static final int LOG_APPEND_TIME_MASK = 0x08;
    private static final int TRANSACTIONAL_MASK = 0x10;
    private static final int CONTROL_MASK = 0x20;
    private static final int DELETE_HORIZON_MASK = 0x40;

    private ByteBuffer bytes;
    private int start;

    /**
     * @param start index (not relative to the buffer's position) of the batch's first byte; the buffer must
     * be big-endian
     */
    public BatchHeader wrap(ByteBuffer bytes, int start) {
        this.bytes = bytes;
        this.start = start;
        return this;
    }

    public long baseOffset() {
        return bytes.getLong(start + BASE_OFFSET);
    }

    /** The length field: bytes after it. */
    public int length() {
        return bytes.getInt(start + LENGTH);
    }

    /** Bytes of the whole batch. */
    public int sizeInBytes() {
        return LOG_OVERHEAD + length();
    }

    public int leaderEpoch() {
        return bytes.getInt(start + LEADER_EPOCH);
    }

    public byte magic() {
        return bytes.get(start + MAGIC);
    }

    /** CRC-32C of everything from the attributes on. */
    public int crc() {
        return bytes.getInt(start + CRC);
    }

    public short attributes() {
        return bytes.getShort(start + ATTRIBUTES);
    }

    /** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd; 5 to 7 are not assigned. */
    public int codecId() {
        return attributes() & CODEC_MASK;
    }

    public boolean isLogAppendTime() {
        return (attributes() & LOG_APPEND_TIME_MASK) != 0;
    }

    public boolean isTransactional() {
        return (attributes() & TRANSACTIONAL_MASK) != 0;
    }

    public boolean isControl() {
        return (attributes() & CONTROL_MASK) != 0;
    }

    /** True when the base timestamp is the delete horizon a compaction has set. */
    public boolean hasDeleteHorizon() {
        return (attributes() & DELETE_HORIZON_MASK) != 0;
    }

    public int lastOffsetDelta() {
        return bytes.getInt(start + LAST_OFFSET_DELTA);
    }

    public long lastOffset() {
        return baseOffset() + lastOffsetDelta();
    }

    public long nextOffset() {
        return lastOffset() + 1;
    }

    public long baseTimestamp() {
        return bytes.getLong(start + BASE_TIMESTAMP);
    }

    public long maxTimestamp() {
        return bytes.getLong(start + MAX_TIMESTAMP);
    }

    public long producerId() {
        return bytes.getLong(start + PRODUCER_ID);
    }

    public boolean hasProducerId() {
        return producerId() >= 0;
    }

    public short producerEpoch() {
        return bytes.getShort(start + PRODUCER_EPOCH);
    }

    public int baseSequence() {
        return bytes.getInt(start + BASE_SEQUENCE);
    }

    public int recordCount() {
        return bytes.getInt(start + RECORD_COUNT);
    }

    /** The buffer this is wrapped around, and where the batch starts in it. */
    public ByteBuffer bytes() {
        return bytes;
    }

    public int start() {
        return start;
    }

    /** The whole batch as a read-only view of its own. */
    public ByteBuffer slice() {
        return bytes.slice(start, sizeInBytes()).asReadOnlyBuffer();
    }

    /** Stamps what the log decides. Both fields lie outside the CRC (I10). */
    public void stamp(long baseOffset, int leaderEpoch) {
        bytes.putLong(start + BASE_OFFSET, baseOffset);
        bytes.putInt(start + LEADER_EPOCH, leaderEpoch);
    }
}

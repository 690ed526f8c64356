package io.semel.wire.batch;

import io.semel.compression.CompressionType;
import io.semel.wire.error.ErrorCode;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Checks one batch in place: as a client sent it, or as it lies in a log. A finding is a value; nothing is
 * thrown and, on the accepting path, nothing is allocated. One instance per lane or worker; while a check
 * runs no other thread may use the same {@link ByteBuffer} object (its position and limit move and are put
 * back).
 *
 * <p>What is skipped, and why. Kafka walks every record of every batch it takes, inside compressed ones too,
 * and re-writes a batch whose records disagree with its header (maximum timestamp, inner offsets). We never
 * re-write (I10) and do not decompress on the produce path: {@link #client} reads the header and the CRC,
 * {@link #records} walks the records of an uncompressed batch. Of a compressed batch the record count, inner
 * offsets, inner timestamps and keys are believed; a reader meets a wrong one as
 * {@link RecordCursor#problem}. A producer can only hurt the readers of its own topic so, and its offsets
 * stay what the header says. The maximum timestamp is believed everywhere: Kafka puts it right, and so
 * clients exist that never set it (Sarama sends -1 beside a base timestamp).
 */
public final class BatchCheck {
    /** What is wrong with a batch, and the code its sender is told. */
    public enum Problem {
        /** Nothing. */
        NONE(ErrorCode.NONE),
        /**
         * Fewer bytes than a batch needs or its length says: the tail of a torn write, or no whole batch in a
         * request.
         */
        TRUNCATED(ErrorCode.INVALID_RECORD),
        /** A length below a batch's header, or negative. */
        LENGTH(ErrorCode.CORRUPT_MESSAGE),
        /** Bytes behind the batch: a produce request carries exactly one per partition (Produce v3). */
        TRAILING(ErrorCode.INVALID_RECORD),
        /** Format 0 or 1. */
        MAGIC_OLD(ErrorCode.INVALID_RECORD),
        /** A format that does not exist. */
        MAGIC_UNKNOWN(ErrorCode.CORRUPT_MESSAGE),
        CRC(ErrorCode.CORRUPT_MESSAGE),
        /** No records, or not as many as the offsets say. */
        COUNT(ErrorCode.INVALID_RECORD),
        /**
         * A base offset other than 0 from a client, or a negative one; records whose offsets are not 0, 1, 2,
         * ...
         */
        OFFSETS(ErrorCode.INVALID_RECORD),
        /** A compression type that is not assigned. */
        CODEC(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE),
        /** A control batch, or one with a delete horizon, from a client. */
        CONTROL(ErrorCode.INVALID_RECORD),
        /** Log append time from a client; a timestamp that is negative, but for -1 (none). */
        TIMESTAMP(ErrorCode.INVALID_TIMESTAMP),
        /** A producer id without a sequence or epoch. */
        SEQUENCE(ErrorCode.INVALID_RECORD),
        /** Transactional without a producer id. */
        TRANSACTIONAL(ErrorCode.INVALID_RECORD),
        /** Records that do not fill their batch exactly, or lengths inside them that lie. */
        RECORDS(ErrorCode.INVALID_RECORD),
        /** A record without a key where the topic is compacted. */
        KEY(ErrorCode.INVALID_RECORD),
        /** The compressed payload is damaged. */
        PAYLOAD(ErrorCode.CORRUPT_MESSAGE),
        /** The compressed payload means more bytes than the reader allows. */
        PAYLOAD_SIZE(ErrorCode.MESSAGE_TOO_LARGE);

        private final ErrorCode error;

        Problem(ErrorCode error) {
            this.error = error;
        }

        /** As Kafka answers it. */
        public ErrorCode error() {
            return error;
        }
    }

    private static final int LENGTH_MIN = BatchHeader.SIZE - BatchHeader.LOG_OVERHEAD;
    private static final byte MAGIC_V2 = 2;

    private final CRC32C crc = new CRC32C();
    private final RecordCursor cursor = new RecordCursor();

    /**
     * Everything but the records of a batch from a client, in the order Kafka finds it.
     *
     * @param available bytes of this partition's payload from the batch's start; it must be the batch and
     * nothing else
     */
    public Problem client(BatchHeader batch, int available) {
        Problem problem = frame(batch, available);
        if (problem != Problem.NONE) return problem;
        if (batch.sizeInBytes() < available) return Problem.TRAILING;
        if (crcOf(batch) != batch.crc()) return Problem.CRC;
        if (batch.baseOffset() != 0) return Problem.OFFSETS;
        int count = batch.recordCount();
        if (count <= 0 || batch.lastOffsetDelta() != count - 1) return Problem.COUNT;
        if (batch.isControl() || batch.hasDeleteHorizon()) return Problem.CONTROL;
        if (CompressionType.ofId(batch.codecId()) == null) return Problem.CODEC;
        return producerAndTime(batch);
    }

    private static Problem producerAndTime(BatchHeader batch) {
        if (batch.hasProducerId()) {
            if (batch.baseSequence() < 0 || batch.producerEpoch() < 0) return Problem.SEQUENCE;
        } else if (batch.isTransactional()) {
            return Problem.TRANSACTIONAL;
        }
        if (batch.isLogAppendTime() || batch.baseTimestamp() < -1 || batch.maxTimestamp() < -1) {
            return Problem.TIMESTAMP;
        }
        return Problem.NONE;
    }

    /**
     * The structure of a batch as it lies in a log, for recovery and readers: whole, format v2, right CRC,
     * sane counts. Compaction removes records, so that fewer than the offsets say are right.
     *
     * @param available bytes from the batch's start to the end of the log
     */
    public Problem stored(BatchHeader batch, long available) {
        Problem problem = frame(batch, available);
        if (problem != Problem.NONE) return problem;
        if (crcOf(batch) != batch.crc()) return Problem.CRC;
        if (batch.baseOffset() < 0 || batch.lastOffsetDelta() < 0 || batch.lastOffset() < 0) {
            return Problem.OFFSETS;
        }
        int count = batch.recordCount();
        if (count < 0 || count - 1 > batch.lastOffsetDelta()) return Problem.COUNT;
        return Problem.NONE;
    }

    /**
     * Whether the bytes can be a whole v2 batch: enough to read its header by, and no more than there are.
     */
    public static Problem frame(BatchHeader batch, long available) {
        if (available <= BatchHeader.MAGIC) return Problem.TRUNCATED;
        int length = batch.length();
        byte magic = batch.magic();
        if (length < 0) return Problem.LENGTH;
        if (magic != MAGIC_V2) return magic == 0 || magic == 1 ? Problem.MAGIC_OLD : Problem.MAGIC_UNKNOWN;
        if (length < LENGTH_MIN) return Problem.LENGTH;
        return (long) length + BatchHeader.LOG_OVERHEAD > available ? Problem.TRUNCATED : Problem.NONE;
    }

    /** Which timestamps of records are taken, in milliseconds, ends included; -1, for none, always is. */
    public record Times(long earliest, long latest) {
        public static final Times ALL = new Times(Long.MIN_VALUE, Long.MAX_VALUE);

        /** Whether the batch's header names no time outside; the records in between are another matter. */
        public boolean takes(BatchHeader batch) {
            return takes(batch.baseTimestamp()) && takes(batch.maxTimestamp());
        }

        public boolean takes(long timestamp) {
            return timestamp == -1 || timestamp >= earliest && timestamp <= latest;
        }
    }

    /**
     * Makes the batch carry the time of its appending, as its log appends it (KIP-32): two fields of the
     * header and so the CRC change, no record does.
     */
    public void stampAppendTime(BatchHeader batch, long nowMs) {
        int attributes = batch.attributes() | BatchHeader.LOG_APPEND_TIME_MASK;
        batch.bytes().putShort(batch.start() + BatchHeader.ATTRIBUTES, (short) attributes);
        batch.bytes().putLong(batch.start() + BatchHeader.MAX_TIMESTAMP, nowMs);
        batch.bytes().putInt(batch.start() + BatchHeader.CRC, crcOf(batch));
    }

    /**
     * Walks the records of a batch that {@link #client} accepted: they fill it exactly, their lengths and
     * headers are sound, their offsets dense, no timestamp negative. A compressed batch passes unread.
     *
     * @param keyed every record must have a key (compacted topics); the caller decompresses such a batch
     * itself when compressed
     */
    public Problem records(BatchHeader batch, boolean keyed) {
        return records(batch, keyed, Times.ALL);
    }

    /** As {@link #records(BatchHeader, boolean)}, with timestamps within these only. */
    public Problem records(BatchHeader batch, boolean keyed, Times times) {
        if (batch.codecId() != CompressionType.NONE.id()) return Problem.NONE;
        cursor.open(batch);
        Problem problem = records(cursor, batch, keyed, times);
        cursor.close();
        return problem;
    }

    /**
     * As {@link #records(BatchHeader, boolean, Times)}, over a cursor opened on the batch, compressed or
     * not.
     */
    public static Problem records(RecordCursor cursor, BatchHeader batch, boolean keyed, Times times) {
        long offset = batch.baseOffset();
        while (cursor.next()) {
            if (cursor.offset() != offset++) return Problem.OFFSETS;
            if (cursor.timestamp() < -1 || !times.takes(cursor.timestamp())) return Problem.TIMESTAMP;
            if (keyed && !cursor.hasKey()) return Problem.KEY;
        }
        return cursor.problem();
    }

    /**
     * The CRC-32C of what {@link BatchHeader#crc} covers. Copies nothing, whether the buffer is direct or on
     * the heap.
     */
    public int crcOf(BatchHeader batch) {
        return crcOf(crc, batch.bytes(), batch.start(), batch.sizeInBytes());
    }

    static int crcOf(CRC32C crc, ByteBuffer bytes, int start, int sizeInBytes) {
        int from = start + BatchHeader.CRC_COVERS_FROM;
        int size = sizeInBytes - BatchHeader.CRC_COVERS_FROM;
        crc.reset();
        if (bytes.hasArray()) {
            crc.update(bytes.array(), bytes.arrayOffset() + from, size);
            return (int) crc.getValue();
        }
        int position = bytes.position();
        int limit = bytes.limit();
        bytes.limit(from + size).position(from);
        crc.update(bytes);
        bytes.limit(limit).position(position);
        return (int) crc.getValue();
    }
}

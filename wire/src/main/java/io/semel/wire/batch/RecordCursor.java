package io.semel.wire.batch;

import io.semel.compression.CodecRoom;
import io.semel.compression.CompressionType;
import io.semel.compression.Decoded;
import io.semel.wire.batch.BatchCheck.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Iterates the records of a batch, in place when it is not compressed. Damaged input ends the iteration with
 * a {@link #problem}; it neither throws nor loops. Reused by its owner, one batch at a time; what
 * {@link #key}, {@link #value} and {@link #headers} give are views that outlive the cursor but not the bytes.
 * Decompression blocks for milliseconds: not on a lane.
 */
public final class RecordCursor {
    /**
     * Most bytes a compressed batch may mean unless the caller says otherwise (16 times max.message.bytes, or
     * this if more).
     */
    public static final int PAYLOAD_MAX = 64 * 1024 * 1024;

    private static final int NULL_SIZE = -1;

    private final CodecRoom room;
    private ByteBuffer bytes;
    private int at;
    private int end;
    private boolean overrun;
    private Problem problem = Problem.NONE;

    private long baseOffset;
    private long baseTimestamp;
    private long appendTime;
    private boolean isAppendTime;
    private int remaining;
    private int firstAt;
    private int count;

    private int recordEnd;
    private int restAt;
    private long offset;
    private long timestamp;
    private long timestampAsWritten;
    private int keyAt;
    private int keySize;
    private int valueAt;
    private int valueSize;
    private int headersAt;
    private int headerCount;

    public RecordCursor() {
        this(null);
    }

    /** @param room where it decompresses: what it gives is good until the next batch is opened there */
    public RecordCursor(CodecRoom room) {
        this.room = room;
    }

    /**
     * Opens a batch that {@link BatchCheck} has found whole; decompresses at most {@link #PAYLOAD_MAX} bytes.
     */
    public RecordCursor open(BatchHeader batch) {
        return open(batch, PAYLOAD_MAX);
    }

    /** @param payloadMax bytes a compressed batch may mean; more is {@link Problem#PAYLOAD_SIZE} */
    public RecordCursor open(BatchHeader batch, int payloadMax) {
        baseOffset = batch.baseOffset();
        baseTimestamp = batch.baseTimestamp();
        isAppendTime = batch.isLogAppendTime();
        appendTime = batch.maxTimestamp();
        remaining = batch.recordCount();
        overrun = false;
        int from = batch.start() + BatchHeader.SIZE;
        int to = batch.start() + batch.sizeInBytes();
        boolean whole = from <= to && to <= batch.bytes().limit() && remaining >= 0;
        bytes = batch.bytes();
        at = from;
        end = whole ? to : from;
        problem = whole ? Problem.NONE : Problem.RECORDS;
        if (whole && batch.codecId() != CompressionType.NONE.id()) decompress(batch, payloadMax);
        firstAt = at;
        count = remaining;
        return this;
    }

    private void decompress(BatchHeader batch, int payloadMax) {
        CompressionType type = CompressionType.ofId(batch.codecId());
        if (type == null) {
            problem = Problem.CODEC;
            return;
        }
        ByteBuffer payload = bytes.slice(at, end - at);
        Decoded decoded = room == null ? type.codec().decode(payload, payloadMax)
            : type.codec().decode(payload, payloadMax, room);
        if (decoded instanceof Decoded.Bytes plain) {
            bytes = plain.bytes();
            at = bytes.position();
            end = bytes.limit();
        } else {
            problem = decoded instanceof Decoded.TooLarge ? Problem.PAYLOAD_SIZE : Problem.PAYLOAD;
        }
    }

    /** Steps to the next record; false at the end or at a {@link #problem}. */
    public boolean next() {
        if (problem != Problem.NONE) return false;
        if (remaining == 0) {
            if (at != end) problem = Problem.RECORDS;
            return false;
        }
        remaining--;
        if (readRecord()) return true;
        problem = Problem.RECORDS;
        return false;
    }

    /** Begins again with the first record of the batch that is open, without decompressing it again. */
    public RecordCursor rewind() {
        at = firstAt;
        remaining = count;
        return this;
    }

    private boolean readRecord() {
        int batchEnd = end;
        int size = varint();
        if (overrun || size < 0 || size > end - at) return false;
        recordEnd = at + size;
        end = recordEnd;
        oneByte();
        long timestampDelta = varlong();
        restAt = at;
        int offsetDelta = varint();
        timestampAsWritten = baseTimestamp + timestampDelta;
        timestamp = isAppendTime ? appendTime : timestampAsWritten;
        offset = baseOffset + offsetDelta;
        if (overrun || offsetDelta < 0) return false;
        keySize = varint();
        keyAt = at;
        if (!skip(keySize)) return false;
        valueSize = varint();
        valueAt = at;
        if (!skip(valueSize)) return false;
        headerCount = varint();
        headersAt = at;
        if (!skipHeaders() || at != recordEnd) return false;
        end = batchEnd;
        return true;
    }

    private boolean skipHeaders() {
        if (overrun || headerCount < 0 || headerCount > end - at) return false;
        for (int header = 0; header < headerCount; header++) {
            int nameSize = varint();
            if (nameSize < 0 || !skip(nameSize) || !skip(varint())) return false;
        }
        return true;
    }

    /** Steps over a field of this size; -1 is a null field without bytes. */
    private boolean skip(int size) {
        if (overrun || size < NULL_SIZE || size > end - at) return false;
        at += Math.max(size, 0);
        return true;
    }

    /** Why the iteration ended early; NONE while it goes on and when all was well. */
    public Problem problem() {
        return problem;
    }

    /** The record's bytes from its offset on: the same under any base timestamp. */
    ByteBuffer rest() {
        return bytes.slice(restAt, recordEnd - restAt);
    }

    /** Lets go of the batch's bytes. */
    public void close() {
        bytes = null;
        at = end = remaining = 0;
    }

    public long offset() {
        return offset;
    }

    /** Milliseconds; the time of appending where the batch says so; -1 for none. */
    public long timestamp() {
        return timestamp;
    }

    /** As its producer wrote it, which log append time hides. */
    long timestampAsWritten() {
        return timestampAsWritten;
    }

    public boolean hasKey() {
        return keySize >= 0;
    }

    /** Bytes of the key, -1 for none. */
    public int keySize() {
        return keySize;
    }

    /** What the record is read from; its key, where there is one, begins at {@link #keyAt}. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** An index into {@link #bytes}. */
    public int keyAt() {
        return keyAt;
    }

    /** A view of the key; null for none. */
    public ByteBuffer key() {
        return keySize < 0 ? null : bytes.slice(keyAt, keySize);
    }

    public boolean hasValue() {
        return valueSize >= 0;
    }

    /** Bytes of the value, -1 for none. */
    public int valueSize() {
        return valueSize;
    }

    /** A view of the value; null for none (a tombstone). */
    public ByteBuffer value() {
        return valueSize < 0 ? null : bytes.slice(valueAt, valueSize);
    }

    public int headerCount() {
        return headerCount;
    }

    /** The headers in their order; read anew at each call. */
    public List<RecordHeader> headers() {
        if (headerCount == 0) return List.of();
        List<RecordHeader> headers = new ArrayList<>(headerCount);
        int resumeAt = at;
        at = headersAt;
        for (int header = 0; header < headerCount; header++) {
            ByteBuffer name = field(varint());
            headers.add(new RecordHeader(StandardCharsets.UTF_8.decode(name).toString(), field(varint())));
        }
        at = resumeAt;
        return headers;
    }

    private ByteBuffer field(int size) {
        if (size < 0) return null;
        ByteBuffer view = bytes.slice(at, size);
        at += size;
        return view;
    }

    private byte oneByte() {
        if (at >= end) {
            overrun = true;
            return 0;
        }
        return bytes.get(at++);
    }

    private int varint() {
        int value = at < end ? bytes.get(at) : NULL_SIZE;
        if (value >= 0) {
            at++;
            return (value >>> 1) ^ -(value & 1);
        }
        value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte part = oneByte();
            value |= (part & 0x7f) << shift;
            if (part >= 0) return (value >>> 1) ^ -(value & 1);
        }
        overrun = true;
        return NULL_SIZE;
    }

    private long varlong() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte part = oneByte();
            value |= (long) (part & 0x7f) << shift;
            if (part >= 0) return (value >>> 1) ^ -(value & 1);
        }
        overrun = true;
        return 0;
    }
}

package io.semel.wire.batch;

import io.semel.compression.CompressionType;
import io.semel.kernel.law.Invariant;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Builds one batch of format v2, record by record. Offsets are log offsets, timestamps milliseconds; null
 * keys and values are allowed; buffers given keep their position. Misuse (offsets that fall, a batch beyond 2
 * GiB) breaks an invariant. Owned by one caller, used for one batch.
 */
public final class BatchBuilder {
    private static final byte MAGIC_V2 = 2;
    private static final int NONE = -1;

    private final GrowingBytes records = new GrowingBytes(256);
    private long baseOffset;
    private int leaderEpoch = NONE;
    private long producerId = NONE;
    private short producerEpoch = NONE;
    private int baseSequence = NONE;
    private boolean transactional;
    private boolean control;
    private CompressionType compression = CompressionType.NONE;
    private long appendTime = NONE;
    private long deleteHorizon = NONE;
    private long lastOffset = NONE;

    private int count;
    private long baseTimestamp = NONE;
    private long maxTimestamp = NONE;
    private long nextOffset;

    /**
     * The offset of the first record, 0 unless set; what a client sends has 0. Set before the first record.
     */
    public BatchBuilder baseOffset(long baseOffset) {
        Invariant.check(count == 0 && baseOffset >= 0, "base offset %d set after %d records", baseOffset,
            count);
        this.baseOffset = baseOffset;
        this.nextOffset = baseOffset;
        return this;
    }

    public BatchBuilder leaderEpoch(int leaderEpoch) {
        this.leaderEpoch = leaderEpoch;
        return this;
    }

    /**
     * @param baseSequence the first record's; -1 where the sequence is not counted (offsets in a transaction,
     * markers)
     */
    public BatchBuilder producer(long producerId, short producerEpoch, int baseSequence) {
        this.producerId = producerId;
        this.producerEpoch = producerEpoch;
        this.baseSequence = baseSequence;
        return this;
    }

    public BatchBuilder transactional(boolean transactional) {
        this.transactional = transactional;
        return this;
    }

    public BatchBuilder control(boolean control) {
        this.control = control;
        return this;
    }

    public BatchBuilder compression(CompressionType compression) {
        this.compression = compression;
        return this;
    }

    /** The batch carries the time of appending instead of its records' own. */
    public BatchBuilder logAppendTime(long timestampMs) {
        this.appendTime = timestampMs;
        return this;
    }

    /**
     * Compaction may remove tombstones and markers in this batch from this time on. Set before the first
     * record.
     */
    public BatchBuilder deleteHorizon(long timestampMs) {
        Invariant.check(count == 0, "delete horizon set after the first record");
        this.deleteHorizon = timestampMs;
        this.baseTimestamp = timestampMs;
        return this;
    }

    /**
     * The batch's last offset where compaction removed the last records; else it follows from the records.
     */
    public BatchBuilder lastOffset(long lastOffset) {
        this.lastOffset = lastOffset;
        return this;
    }

    /**
     * The batch's maximum timestamp where it does not follow from the records: a batch that lost some of
     * them.
     */
    public BatchBuilder maxTimestamp(long timestampMs) {
        this.maxTimestamp = timestampMs;
        return this;
    }

    /**
     * Takes offsets, producer, flags, compression and times from a batch of which some records will be kept
     * (compaction).
     */
    public BatchBuilder like(BatchHeader batch) {
        baseOffset(batch.baseOffset()).leaderEpoch(batch.leaderEpoch()).lastOffset(batch.lastOffset());
        producer(batch.producerId(), batch.producerEpoch(), batch.baseSequence());
        transactional(batch.isTransactional()).control(batch.isControl())
            .compression(CompressionType.ofId(batch.codecId()));
        if (batch.isLogAppendTime()) logAppendTime(batch.maxTimestamp());
        if (batch.hasDeleteHorizon()) deleteHorizon(batch.baseTimestamp());
        return this;
    }

    public BatchBuilder add(long timestampMs, ByteBuffer key, ByteBuffer value) {
        return add(nextOffset, timestampMs, key, value, List.of());
    }

    public BatchBuilder add(long timestampMs, byte[] key, byte[] value) {
        return add(timestampMs, wrapped(key), wrapped(value));
    }

    private static ByteBuffer wrapped(byte[] field) {
        return field == null ? null : ByteBuffer.wrap(field);
    }

    public BatchBuilder add(long timestampMs, ByteBuffer key, ByteBuffer value, List<RecordHeader> headers) {
        return add(nextOffset, timestampMs, key, value, headers);
    }

    /** Adds a record at an offset of its own, not below that of the record before it plus one. */
    public BatchBuilder add(long offset, long timestampMs, ByteBuffer key, ByteBuffer value,
        List<RecordHeader> headers) {
        boolean inOrder = offset >= nextOffset && offset - baseOffset <= Integer.MAX_VALUE;
        Invariant.check(inOrder, "record at offset %d where %d is next", offset, nextOffset);
        if (count == 0 && deleteHorizon < 0) baseTimestamp = timestampMs;
        long timestampDelta = timestampMs - baseTimestamp;
        int offsetDelta = (int) (offset - baseOffset);
        int size = 1 + GrowingBytes.sizeOf(timestampDelta) + GrowingBytes.sizeOf(offsetDelta)
            + sizeOf(key) + sizeOf(value) + GrowingBytes.sizeOf(headers.size());
        for (RecordHeader header : headers) size += sizeOf(utf8(header.key())) + sizeOf(header.value());
        records.varlong(size).oneByte(0).varlong(timestampDelta).varlong(offsetDelta);
        field(key);
        field(value);
        records.varlong(headers.size());
        for (RecordHeader header : headers) {
            field(utf8(header.key()));
            field(header.value());
        }
        maxTimestamp = Math.max(maxTimestamp, timestampMs);
        nextOffset = offset + 1;
        count++;
        return this;
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int sizeOf(ByteBuffer field) {
        return field == null ? 1 : GrowingBytes.sizeOf(field.remaining()) + field.remaining();
    }

    private void field(ByteBuffer field) {
        records.varlong(field == null ? NONE : field.remaining());
        if (field != null) records.bytes(field);
    }

    public int recordCount() {
        return count;
    }

    /** Bytes of the batch so far, before compression. */
    public int sizeInBytes() {
        return BatchHeader.SIZE + records.size();
    }

    /**
     * The batch, from position 0 to the limit, big-endian, on the heap. A batch without records is what
     * compaction leaves.
     */
    public ByteBuffer build() {
        ByteBuffer payload = records.view();
        if (compression != CompressionType.NONE && count > 0) {
            payload = ByteBuffer.wrap(compression.codec().compress(payload));
        }
        long last = lastOffset >= 0 ? lastOffset : nextOffset - 1;
        Invariant.check(last >= nextOffset - 1 && last >= baseOffset, "last offset %d of a batch to %d",
            last, nextOffset - 1);
        ByteBuffer batch = ByteBuffer.allocate(Math.addExact(BatchHeader.SIZE, payload.remaining()));
        batch.putLong(baseOffset).putInt(batch.capacity() - BatchHeader.LOG_OVERHEAD).putInt(leaderEpoch)
            .put(MAGIC_V2).putInt(0);
        batch.putShort(attributes()).putInt((int) (last - baseOffset));
        batch.putLong(baseTimestamp).putLong(appendTime >= 0 ? appendTime : maxTimestamp);
        batch.putLong(producerId).putShort(producerEpoch).putInt(baseSequence).putInt(count);
        batch.put(payload).flip();
        return batch.putInt(BatchHeader.CRC, BatchCheck.crcOf(new CRC32C(), batch, 0, batch.capacity()));
    }

    private short attributes() {
        int attributes = count > 0 ? compression.id() : 0;
        if (appendTime >= 0) attributes |= 0x08;
        if (transactional) attributes |= 0x10;
        if (control) attributes |= 0x20;
        if (deleteHorizon >= 0) attributes |= 0x40;
        return (short) attributes;
    }
}

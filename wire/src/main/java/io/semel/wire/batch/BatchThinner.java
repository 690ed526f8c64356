package io.semel.wire.batch;

import io.semel.compression.CodecRoom;
import io.semel.compression.CompressionType;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Makes the batch that compaction leaves of another: some of its records, each at its offset and with its own
 * bytes, under the same offsets, producer and sequence, compressed as it was (KIP-98); or none of them, when
 * only the header is worth keeping. Sets the delete horizon (KIP-534). Owned by one thread; used for one
 * batch after the other. Compresses: not on a lane.
 */
public final class BatchThinner {
    private static final int NONE = -1;
    private static final int CODEC_MASK = 0x07;
    private static final int DELETE_HORIZON_MASK = 0x40;

    private final CodecRoom room;
    private final GrowingBytes records = new GrowingBytes(4096);
    private final CRC32C crc = new CRC32C();
    private ByteBuffer made = ByteBuffer.allocate(0);
    private BatchHeader batch;
    private long horizon;
    private long baseTimestamp;
    private long maxTimestamp;
    private int count;

    /** @param room where it compresses */
    public BatchThinner(CodecRoom room) {
        this.room = room;
    }

    /**
     * The next batch to make; it must stay in memory until {@link #end}.
     *
     * @param deleteHorizonMs tombstones and markers in it may go from then on; -1 leaves that as it is
     */
    public BatchThinner begin(BatchHeader original, long deleteHorizonMs) {
        batch = original;
        horizon = deleteHorizonMs;
        baseTimestamp = horizon < 0 ? original.baseTimestamp() : horizon;
        maxTimestamp = NONE;
        count = 0;
        records.clear();
        return this;
    }

    /** Keeps the record that the cursor stands on; records come in their order. */
    public void keep(RecordCursor cursor) {
        // under log append time the deltas count for nothing, and are kept as they are relative to the base
        long delta = cursor.timestampAsWritten() - baseTimestamp;
        ByteBuffer rest = cursor.rest();
        records.varlong(1L + GrowingBytes.sizeOf(delta) + rest.remaining()).oneByte(0).varlong(delta)
            .bytes(rest);
        maxTimestamp = Math.max(maxTimestamp, cursor.timestamp());
        count++;
    }

    /** The batch, from position 0 to the limit, big-endian, on the heap; good until the next one is made. */
    public ByteBuffer end() {
        CompressionType type = CompressionType.ofId(batch.codecId());
        ByteBuffer payload = records.view();
        if (count > 0 && type != CompressionType.NONE) {
            payload = type.codec().compress(payload, room);
        }
        int size = Math.addExact(BatchHeader.SIZE, payload.remaining());
        if (made.capacity() < size) made = ByteBuffer.allocate(size);
        made.clear();
        made.put(batch.bytes().slice(batch.start(), BatchHeader.SIZE)).put(payload).flip();
        int attributes = batch.attributes();
        if (horizon >= 0) attributes |= DELETE_HORIZON_MASK;
        if (count == 0) {
            attributes &= ~(CODEC_MASK | DELETE_HORIZON_MASK);
            baseTimestamp = NONE;
        }
        boolean counts = count > 0 && !batch.isLogAppendTime();
        made.putInt(BatchHeader.LENGTH, size - BatchHeader.LOG_OVERHEAD)
            .putShort(BatchHeader.ATTRIBUTES, (short) attributes)
            .putLong(BatchHeader.BASE_TIMESTAMP, baseTimestamp)
            .putLong(BatchHeader.MAX_TIMESTAMP, counts ? maxTimestamp : batch.maxTimestamp())
            .putInt(BatchHeader.RECORD_COUNT, count);
        return made.putInt(BatchHeader.CRC, BatchCheck.crcOf(crc, made, 0, size));
    }
}

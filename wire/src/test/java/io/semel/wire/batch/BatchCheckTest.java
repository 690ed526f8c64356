package io.semel.wire.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.compression.CompressionType;
import io.semel.wire.batch.BatchCheck.Problem;
import io.semel.wire.error.ErrorCode;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class BatchCheckTest {
    private final BatchCheck check = new BatchCheck();

    private static ByteBuffer good() {
        ByteBuffer key = ByteBuffer.wrap(new byte[] {1, 2, 3});
        return new BatchBuilder().producer(9, (short) 2, 5).add(1000, key, key).add(900, null, key)
            .add(2000, key, null).build();
    }

    /** The problem of the good batch after a change that keeps the CRC right. */
    private Problem after(Consumer<ByteBuffer> change) {
        ByteBuffer bytes = good();
        change.accept(bytes);
        bytes.putInt(BatchHeader.CRC, BatchCheck.crcOf(new CRC32C(), bytes, 0, bytes.capacity()));
        return check.client(Drawn.header(bytes), bytes.remaining());
    }

    private static short flagged(ByteBuffer bytes, int flag) {
        return (short) (bytes.getShort(BatchHeader.ATTRIBUTES) | flag);
    }

    @Test
    void acceptsWhatClientsSend() {
        for (int seed = 0; seed < 200 * Drawn.SCALE; seed++) {
            ByteBuffer bytes = Drawn.fromClient(new Random(seed)).bytes();

            assertEquals(Problem.NONE, check.client(Drawn.header(bytes), bytes.remaining()), "seed " + seed);
            assertEquals(Problem.NONE, check.stored(Drawn.header(bytes), bytes.remaining() + 100), "seed "
                + seed);
            assertEquals(Problem.NONE, check.records(Drawn.header(bytes), false), "seed " + seed);
        }
    }

    @Test
    void findsTheSameCrcInEveryKindOfBuffer() {
        ByteBuffer heap = good();
        ByteBuffer direct = ByteBuffer.allocateDirect(heap.capacity() + 7).put(7, heap, 0, heap.capacity())
            .position(3);

        assertEquals(heap.getInt(BatchHeader.CRC), check.crcOf(new BatchHeader().wrap(direct, 7)));
        assertEquals(heap.getInt(BatchHeader.CRC), check.crcOf(Drawn.header(heap.asReadOnlyBuffer())));
        assertEquals(3, direct.position());
        assertEquals(direct.capacity(), direct.limit());
    }

    @Test
    void saysWhatIsWrongWithABatch() {
        assertEquals(Problem.NONE, after(bytes -> { }));
        assertEquals(Problem.OFFSETS, after(bytes -> bytes.putLong(BatchHeader.BASE_OFFSET, 1)));
        assertEquals(Problem.COUNT, after(bytes -> bytes.putInt(BatchHeader.RECORD_COUNT, 0)));
        assertEquals(Problem.COUNT, after(bytes -> bytes.putInt(BatchHeader.RECORD_COUNT, -3)));
        assertEquals(Problem.COUNT, after(bytes -> bytes.putInt(BatchHeader.RECORD_COUNT, 2)));
        assertEquals(Problem.COUNT, after(bytes ->
            bytes.putInt(BatchHeader.LAST_OFFSET_DELTA, Integer.MAX_VALUE)));
        assertEquals(Problem.CONTROL, after(bytes ->
            bytes.putShort(BatchHeader.ATTRIBUTES, flagged(bytes, 0x20))));
        assertEquals(Problem.CONTROL, after(bytes ->
            bytes.putShort(BatchHeader.ATTRIBUTES, flagged(bytes, 0x40))));
        assertEquals(Problem.TIMESTAMP, after(bytes ->
            bytes.putShort(BatchHeader.ATTRIBUTES, flagged(bytes, 0x08))));
        assertEquals(Problem.CODEC, after(bytes ->
            bytes.putShort(BatchHeader.ATTRIBUTES, flagged(bytes, 0x05))));
        assertEquals(Problem.SEQUENCE, after(bytes -> bytes.putInt(BatchHeader.BASE_SEQUENCE, -1)));
        assertEquals(Problem.SEQUENCE, after(bytes ->
            bytes.putShort(BatchHeader.PRODUCER_EPOCH, (short) -1)));
        assertEquals(Problem.TIMESTAMP, after(bytes -> bytes.putLong(BatchHeader.BASE_TIMESTAMP, -2)));
        assertEquals(Problem.TIMESTAMP, after(bytes -> bytes.putLong(BatchHeader.MAX_TIMESTAMP, -2)));
        assertEquals(Problem.NONE, after(bytes -> bytes.putLong(BatchHeader.MAX_TIMESTAMP, -1)));
        assertEquals(Problem.MAGIC_OLD, after(bytes -> bytes.put(BatchHeader.MAGIC, (byte) 1)));
        assertEquals(Problem.MAGIC_UNKNOWN, after(bytes -> bytes.put(BatchHeader.MAGIC, (byte) 3)));
        assertEquals(Problem.TRANSACTIONAL,
            after(bytes -> bytes.putShort(BatchHeader.ATTRIBUTES, flagged(bytes, 0x10))
            .putLong(BatchHeader.PRODUCER_ID, -1)));
    }

    @Test
    void saysWhatIsWrongWithTheFrameOfABatch() {
        ByteBuffer bytes = good();
        int size = bytes.capacity();

        assertEquals(Problem.TRAILING,
            check.client(Drawn.header(ByteBuffer.allocate(size + 1).put(bytes).flip()), size + 1));
        assertEquals(Problem.TRUNCATED, check.client(Drawn.header(good()), size - 1));
        assertEquals(Problem.TRUNCATED, check.client(Drawn.header(ByteBuffer.allocate(16)), 16));
        assertEquals(Problem.TRUNCATED, check.client(Drawn.header(ByteBuffer.allocate(0)), 0));
        assertEquals(Problem.LENGTH, check.client(Drawn.header(good().putInt(BatchHeader.LENGTH, -1)), size));
        assertEquals(Problem.LENGTH, check.client(Drawn.header(good().putInt(BatchHeader.LENGTH, 48)), size));
        assertEquals(Problem.TRUNCATED,
            check.client(Drawn.header(good().putInt(BatchHeader.LENGTH, Integer.MAX_VALUE)), size));
        assertEquals(Problem.CRC, check.client(Drawn.header(good().putInt(BatchHeader.CRC, 1)), size));
        assertEquals(Problem.CRC, check.stored(Drawn.header(good().put(size - 1, (byte) 99)), size));
    }

    @Test
    void answersWithKafkasCodes() {
        assertEquals(ErrorCode.CORRUPT_MESSAGE, Problem.CRC.error());
        assertEquals(ErrorCode.INVALID_RECORD, Problem.COUNT.error());
        assertEquals(ErrorCode.INVALID_RECORD, Problem.CONTROL.error());
        assertEquals(ErrorCode.INVALID_RECORD, Problem.MAGIC_OLD.error());
        assertEquals(ErrorCode.INVALID_RECORD, Problem.SEQUENCE.error());
        assertEquals(ErrorCode.INVALID_TIMESTAMP, Problem.TIMESTAMP.error());
    }

    @Test
    void walksTheRecordsOfAnUncompressedBatch() {
        ByteBuffer gaps = new BatchBuilder().add(1, new byte[1], null)
            .add(2, 1, null, null, java.util.List.of()).build();
        ByteBuffer early = good().putLong(BatchHeader.BASE_TIMESTAMP, 98);
        ByteBuffer fewer = good().putInt(BatchHeader.RECORD_COUNT, 2);
        ByteBuffer more = good().putInt(BatchHeader.RECORD_COUNT, Integer.MAX_VALUE);

        assertEquals(Problem.NONE, check.records(Drawn.header(good()), false));
        assertEquals(Problem.KEY, check.records(Drawn.header(good()), true));
        assertEquals(Problem.OFFSETS, check.records(Drawn.header(gaps), false));
        assertEquals(Problem.TIMESTAMP, check.records(Drawn.header(early), false));
        assertEquals(Problem.RECORDS, check.records(Drawn.header(fewer), false));
        assertEquals(Problem.RECORDS, check.records(Drawn.header(more), false));
    }

    @Test
    void allocatesNothingForAGoodBatch() {
        BatchHeader batch = Drawn.header(ByteBuffer.allocateDirect(good().capacity()).put(good()).flip());
        int size = batch.sizeInBytes();
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int warm = 0; warm < 1000; warm++) accept(batch, size);
        threads.getCurrentThreadAllocatedBytes();

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int round = 0; round < 1000; round++) accept(batch, size);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertTrue(allocated < 1000, "allocated " + allocated + " bytes over 1000 batches");
    }

    private void accept(BatchHeader batch, int size) {
        assertEquals(Problem.NONE, check.client(batch, size));
        assertEquals(Problem.NONE, check.records(batch, false));
    }

    @Test
    void stopsAWalkAtATornBatch() {
        ByteBuffer one = good();
        ByteBuffer log = ByteBuffer.allocate(3 * one.capacity() - 5);
        log.put(good()).put(good()).put(good().limit(one.capacity() - 5)).flip();
        Batches batches = new Batches().over(log);
        BatchHeader header = new BatchHeader();

        int walked = 0;
        while (batches.next(header)) walked++;

        assertEquals(2, walked);
        assertEquals(Problem.TRUNCATED, batches.problem());
        assertEquals(2 * one.capacity(), batches.position());
        assertEquals(Problem.NONE, new Batches().over(ByteBuffer.allocate(0)).problem());
    }

    @Test
    void boundsWhatACompressedBatchMayMean() {
        byte[] zeros = new byte[1 << 20];
        for (CompressionType type : CompressionType.values()) {
            if (type == CompressionType.NONE) continue;
            ByteBuffer bomb = new BatchBuilder().compression(type).add(1, null, zeros).build();

            RecordCursor cursor = new RecordCursor().open(Drawn.header(bomb), 100_000);

            assertTrue(!cursor.next() && cursor.problem() == Problem.PAYLOAD_SIZE, type.label());
        }
    }
}

package io.semel.broker.partition;

import io.semel.kernel.law.Shard;
import io.semel.wire.batch.BatchBuilder;
import io.semel.wire.batch.BatchCheck;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.Batches;
import io.semel.wire.batch.EventCodec;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A shard's state as bytes: the records of a journal that leads to it and holds nothing else, at their
 * offsets, in batches as the journal's own. So it is read by what reads the journal. A version (i16), the
 * CRC-32C of the rest (i32), then the batches. Stateless.
 */
final class RoomState {
    private static final short VERSION = 0;
    private static final int CRC_AT = 2;
    private static final int BATCHES_AT = 6;
    private static final int BATCH_BYTES = 64 << 10;

    private RoomState() {
    }

    static <E> byte[] write(Shard<?, E, ?> shard, EventCodec<E> codec) {
        Writer<E> writer = new Writer<>(codec);
        shard.restate(writer::add);
        writer.endBatch();
        byte[] bytes = writer.out.toByteArray();
        ByteBuffer.wrap(bytes).putInt(CRC_AT, crcOf(bytes));
        return bytes;
    }

    /** Gives each batch in turn; false, before the first, for bytes that are not whole. */
    static boolean read(byte[] bytes, Consumer<BatchHeader> each) {
        ByteBuffer view = ByteBuffer.wrap(bytes);
        boolean whole = bytes.length >= BATCHES_AT && view.getShort(0) == VERSION
                && view.getInt(CRC_AT) == crcOf(bytes);
        if (!whole) return false;
        BatchHeader header = new BatchHeader();
        Batches batches = new Batches().over(view.position(BATCHES_AT));
        while (batches.next(header)) each.accept(header);
        return batches.problem() == BatchCheck.Problem.NONE;
    }

    private static int crcOf(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, BATCHES_AT, bytes.length - BATCHES_AT);
        return (int) crc.getValue();
    }

    /** A batch ends where it is large enough, another producer follows, or offsets do not rise. */
    private static final class Writer<E> {
        private final EventCodec<E> codec;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private BatchBuilder batch;
        private long producerId;
        private long firstOffset;
        private long lastOffset;

        private Writer(EventCodec<E> codec) {
            this.codec = codec;
            out.writeBytes(ByteBuffer.allocate(BATCHES_AT).putShort(VERSION).array());
        }

        private void add(E event, long offset) {
            long producer = codec.producerId(event);
            boolean goesOn = batch != null && producer == producerId && offset > lastOffset
                    && offset - firstOffset < Integer.MAX_VALUE && batch.sizeInBytes() < BATCH_BYTES;
            if (!goesOn) begin(event, producer, offset);
            batch.add(offset, 0, codec.key(event), codec.value(event), List.of());
            lastOffset = offset;
        }

        private void begin(E event, long producer, long offset) {
            endBatch();
            batch = new BatchBuilder().baseOffset(offset);
            if (producer >= 0) batch.producer(producer, codec.producerEpoch(event), -1).transactional(true);
            producerId = producer;
            firstOffset = offset;
        }

        private void endBatch() {
            if (batch == null) return;
            ByteBuffer built = batch.build();
            out.write(built.array(), 0, built.remaining());
        }
    }
}

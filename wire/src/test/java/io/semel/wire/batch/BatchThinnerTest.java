package io.semel.wire.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.compression.CodecRoom;
import io.semel.compression.CompressionType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is left of a batch is read by Apache Kafka's own reader as what was kept of the original. */
class BatchThinnerTest {
    private static final long HORIZON = 5_000_000;

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void keepsRecordsAsTheyWere(CompressionType codec) {
        ByteBuffer original = original(codec);
        List<Record> before = records(original);

        for (long horizon : new long[] {-1, HORIZON}) {
            ByteBuffer thinned = thinned(original, horizon, 1, 3);

            MutableRecordBatch batch = only(thinned);
            batch.ensureValid();
            List<Record> left = records(thinned);
            assertEquals(2, left.size());
            for (int index = 0; index < 2; index++) {
                Record expected = before.get(2 * index + 1);
                assertEquals(expected.offset(), left.get(index).offset());
                assertEquals(expected.timestamp(), left.get(index).timestamp());
                assertEquals(expected.sequence(), left.get(index).sequence());
                assertEquals(expected.key(), left.get(index).key());
                assertEquals(expected.value(), left.get(index).value());
                assertArrayEquals(expected.headers(), left.get(index).headers());
            }
            assertEquals(40, batch.baseOffset());
            assertEquals(44, batch.lastOffset());
            assertEquals(7, batch.producerId());
            assertEquals(11, batch.baseSequence());
            assertEquals(15, batch.lastSequence());
            assertEquals(codec.id(), batch.compressionType().id);
            assertEquals(1_003, batch.maxTimestamp());
            assertTrue(batch.isTransactional());
            assertEquals(horizon < 0, batch.deleteHorizonMs().isEmpty());
            if (horizon >= 0) assertEquals(HORIZON, batch.deleteHorizonMs().getAsLong());
        }
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void keepsTheHeaderOnly(CompressionType codec) {
        ByteBuffer emptied = thinned(original(codec), -1);

        MutableRecordBatch batch = only(emptied);
        batch.ensureValid();
        assertFalse(batch.iterator().hasNext());
        assertEquals(BatchHeader.SIZE, emptied.remaining());
        assertEquals(44, batch.lastOffset());
        assertEquals(15, batch.lastSequence());
        assertEquals(1_004, batch.maxTimestamp());
    }

    private static ByteBuffer original(CompressionType codec) {
        BatchBuilder builder = new BatchBuilder().baseOffset(40).producer(7, (short) 2, 11)
                .transactional(true).compression(codec);
        for (int index = 0; index < 5; index++) {
            byte[] key = {(byte) index};
            builder.add(40 + index, 1_000 + index, ByteBuffer.wrap(key), index == 3 ? null
                    : ByteBuffer.wrap(new byte[100]), List.of(new RecordHeader("name", null),
                    new RecordHeader("", ByteBuffer.wrap(key))));
        }
        return builder.build();
    }

    private static ByteBuffer thinned(ByteBuffer original, long horizon, int... kept) {
        BatchHeader header = new BatchHeader().wrap(original, 0);
        RecordCursor cursor = new RecordCursor().open(header);
        while (cursor.next()) continue;
        cursor.rewind();
        BatchThinner thinner = new BatchThinner(new CodecRoom()).begin(header, horizon);
        for (int index = 0; cursor.next(); index++) {
            for (int one : kept) if (one == index) thinner.keep(cursor);
        }
        return thinner.end();
    }

    private static MutableRecordBatch only(ByteBuffer bytes) {
        return MemoryRecords.readableRecords(bytes.duplicate()).batches().iterator().next();
    }

    private static List<Record> records(ByteBuffer bytes) {
        List<Record> records = new ArrayList<>();
        for (Record record : only(bytes)) records.add(record);
        return records;
    }
}

package io.semel.wire.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.wire.batch.BatchCheck.Problem;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

/** Batches cross over to Apache Kafka's own classes and back. */
class KafkaBatchTest {
    @Test
    void readsOurBatchesAsWeWroteThem() {
        for (int seed = 0; seed < 300 * Drawn.SCALE; seed++) {
            Drawn drawn = Drawn.fromClient(new Random(seed));

            MutableRecordBatch theirs = onlyBatch(drawn.bytes());

            theirs.ensureValid();
            String where = "seed " + seed;
            BatchHeader ours = Drawn.header(drawn.bytes());
            assertEquals(ours.baseOffset(), theirs.baseOffset(), where);
            assertEquals(ours.lastOffset(), theirs.lastOffset(), where);
            assertEquals(ours.maxTimestamp(), theirs.maxTimestamp(), where);
            assertEquals(ours.producerId(), theirs.producerId(), where);
            assertEquals(ours.producerEpoch(), theirs.producerEpoch(), where);
            assertEquals(ours.baseSequence(), theirs.baseSequence(), where);
            assertEquals(ours.isTransactional(), theirs.isTransactional(), where);
            assertEquals(ours.codecId(), theirs.compressionType().id, where);
            assertEquals(drawn.records(), theirRecords(theirs), where);
        }
    }

    @Test
    void writesBatchesThatWeReadAsItWroteThem() {
        for (int seed = 0; seed < 300 * Drawn.SCALE; seed++) {
            Random random = new Random(seed);
            ByteBuffer bytes = theirBatch(random, Drawn.fromClient(random).records());
            MutableRecordBatch theirs = onlyBatch(bytes);
            BatchHeader ours = Drawn.header(bytes);

            Problem problem = new BatchCheck().stored(ours, bytes.remaining());

            String where = "seed " + seed;
            assertEquals(Problem.NONE, problem, where);
            assertEquals(theirs.lastOffset(), ours.lastOffset(), where);
            assertEquals(theirs.nextOffset(), ours.nextOffset(), where);
            assertEquals(theirs.partitionLeaderEpoch(), ours.leaderEpoch(), where);
            assertEquals(theirs.isControlBatch(), ours.isControl(), where);
            assertEquals(theirRecords(theirs), ourRecords(ours), where);
        }
    }

    @Test
    void agreesOnACompactedBatchWithADeleteHorizon() {
        ByteBuffer key = ByteBuffer.wrap(new byte[] {1});
        BatchHeader before = Drawn.header(new BatchBuilder().baseOffset(100).leaderEpoch(3)
            .producer(7, (short) 1, 20)
            .add(5000, key, key).add(6000, key, null).add(7000, key, key).build());

        ByteBuffer kept = new BatchBuilder().deleteHorizon(90_000).baseOffset(100).leaderEpoch(3)
            .lastOffset(102)
            .producer(7, (short) 1, 20).maxTimestamp(7000).add(101, 6000, key, null, List.of()).build();

        MutableRecordBatch theirs = onlyBatch(kept);
        theirs.ensureValid();
        assertEquals(before.lastOffset(), theirs.lastOffset());
        assertEquals(90_000, theirs.deleteHorizonMs().orElseThrow());
        assertEquals(22, theirs.lastSequence());
        assertEquals(7000, theirs.maxTimestamp());
        assertEquals(theirRecords(theirs), ourRecords(Drawn.header(kept)));
        assertEquals(6000, ourRecords(Drawn.header(kept)).get(0).timestamp());
    }

    @Test
    void agreesOnABatchThatCompactionEmptied() {
        BatchHeader full = Drawn.header(Drawn.fromClient(new Random(5)).bytes());

        ByteBuffer emptied = new BatchBuilder().like(full).maxTimestamp(full.maxTimestamp()).build();

        MutableRecordBatch theirs = onlyBatch(emptied);
        theirs.ensureValid();
        assertEquals(full.lastOffset(), theirs.lastOffset());
        assertEquals(0, theirs.countOrNull());
        assertEquals(Problem.NONE, new BatchCheck().stored(Drawn.header(emptied), emptied.remaining()));
        assertEquals(List.of(), ourRecords(Drawn.header(emptied)));
    }

    @Test
    void readsOurMarkers() {
        ByteBuffer bytes = Marker.build(77, (short) 3, true, 12, 1234);

        MutableRecordBatch theirs = onlyBatch(bytes);

        theirs.ensureValid();
        assertTrue(theirs.isControlBatch() && theirs.isTransactional());
        assertEquals(-1, theirs.baseSequence());
        Record record = theirs.iterator().next();
        assertEquals(ControlRecordType.COMMIT, ControlRecordType.parse(record.key()));
        assertEquals(12, EndTransactionMarker.deserialize(record).coordinatorEpoch());
        assertEquals(new Marker(true, 12), Marker.read(Drawn.header(bytes)));
    }

    @Test
    void writesTheSameMarkersAsWe() {
        EndTransactionMarker abort = new EndTransactionMarker(ControlRecordType.ABORT, 9);

        ByteBuffer theirs = MemoryRecords.withEndTransactionMarker(0, 555,
            RecordBatch.NO_PARTITION_LEADER_EPOCH, 42,
            (short) 6, abort).buffer();

        assertEquals(theirs, Marker.build(42, (short) 6, false, 9, 555));
        assertEquals(new Marker(false, 9), Marker.read(Drawn.header(theirs)));
    }

    @Test
    void writesControlBatchesOfOtherKindsThatAreNoMarkers() {
        ByteBuffer data = Drawn.fromClient(new Random(1)).bytes();
        ByteBuffer emptied = new BatchBuilder().like(Drawn.header(Marker.build(1, (short) 0, true, 0, 5)))
            .build();
        ByteBuffer key = ByteBuffer.allocate(4).putShort(2, (short) 2);
        ByteBuffer other = new BatchBuilder().control(true).add(1, key, ByteBuffer.allocate(6)).build();

        assertNull(Marker.read(Drawn.header(data)));
        assertNull(Marker.read(Drawn.header(emptied)));
        assertNull(Marker.read(Drawn.header(other)));
    }

    static MutableRecordBatch onlyBatch(ByteBuffer bytes) {
        var batches = MemoryRecords.readableRecords(bytes.duplicate()).batches().iterator();
        MutableRecordBatch batch = batches.next();
        assertFalse(batches.hasNext());
        return batch;
    }

    static List<Drawn.Rec> ourRecords(BatchHeader batch) {
        List<Drawn.Rec> records = new ArrayList<>();
        RecordCursor cursor = new RecordCursor().open(batch);
        while (cursor.next()) {
            records.add(new Drawn.Rec(cursor.offset(), cursor.timestamp(), cursor.key(), cursor.value(),
                cursor.headers()));
        }
        assertEquals(Problem.NONE, cursor.problem());
        return records;
    }

    static List<Drawn.Rec> theirRecords(MutableRecordBatch batch) {
        List<Drawn.Rec> records = new ArrayList<>();
        try (var iterator = batch.streamingIterator(BufferSupplier.NO_CACHING)) {
            while (iterator.hasNext()) {
                Record record = iterator.next();
                List<RecordHeader> headers = new ArrayList<>();
                for (Header header : record.headers()) {
                    headers.add(new RecordHeader(header.key(), Utils.wrapNullable(header.value())));
                }
                records.add(new Drawn.Rec(record.offset(), record.timestamp(), copy(record.key()),
                    copy(record.value()), headers));
            }
        }
        return records;
    }

    private static ByteBuffer copy(ByteBuffer field) {
        return field == null ? null : ByteBuffer.wrap(Utils.toArray(field));
    }

    private static ByteBuffer theirBatch(Random random, List<Drawn.Rec> records) {
        Compression[] compressions = {Compression.NONE, Compression.gzip().build(),
            Compression.snappy().build(), Compression.lz4().build(), Compression.zstd().build()};
        TimestampType timestamps = random.nextBoolean() ? TimestampType.CREATE_TIME
            : TimestampType.LOG_APPEND_TIME;
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(512),
            RecordBatch.MAGIC_VALUE_V2, compressions[random.nextInt(5)], timestamps, random.nextInt(1000),
            1_800_000_000_000L, 5, (short) 1, 0, random.nextBoolean(), random.nextInt(10));
        for (Drawn.Rec rec : records) {
            RecordHeaders headers = new RecordHeaders();
            rec.headers().forEach(header -> headers.add(header.key(), Utils.toNullableArray(header.value())));
            builder.append(new SimpleRecord(rec.timestamp(), Utils.toNullableArray(rec.key()),
                Utils.toNullableArray(rec.value()), headers.toArray()));
        }
        return builder.build().buffer();
    }
}

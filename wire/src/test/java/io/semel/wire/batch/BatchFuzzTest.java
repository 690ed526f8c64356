package io.semel.wire.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.semel.wire.batch.BatchCheck.Problem;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Damaged batches, the damage drawn from a seed: a finding, never an exception or an endless loop. */
class BatchFuzzTest {
    private static final int[] FIELDS =
        {BatchHeader.LENGTH, BatchHeader.ATTRIBUTES, BatchHeader.LAST_OFFSET_DELTA,
        BatchHeader.RECORD_COUNT, BatchHeader.SIZE};
    private final BatchCheck check = new BatchCheck();
    private int readable;
    private int refused;

    @Test
    void survivesDamage() {
        for (int seed = 0; seed < 30_000 * Drawn.SCALE; seed++) {
            Random random = new Random(seed);
            ByteBuffer bytes = damage(random, Drawn.fromClient(random).bytes());
            long startNanos = System.nanoTime();
            try {
                readAll(bytes, random.nextBoolean());
            } catch (RuntimeException | Error thrown) {
                fail("seed " + seed, thrown);
            }
            assertTrue(System.nanoTime() - startNanos < 2_000_000_000L, "seed " + seed + " took over 2 s");
        }
        assertTrue(readable > 1000 && refused > 1000, readable + " readable, " + refused + " refused");
    }

    private void readAll(ByteBuffer bytes, boolean rightCrc) {
        Batches batches = new Batches().over(bytes);
        BatchHeader header = new BatchHeader();
        while (batches.next(header)) {
            int size = header.sizeInBytes();
            if (rightCrc) {
                bytes.putInt(header.start() + BatchHeader.CRC,
                    BatchCheck.crcOf(new CRC32C(), bytes, header.start(), size));
            }
            Problem client = check.client(header, size);
            check.stored(header, bytes.limit() - header.start());
            Problem records = check.records(header, false);
            Marker.read(header);
            Problem walk = walk(header);
            if (client == Problem.NONE && records == Problem.NONE && walk == Problem.NONE) compare(header);
            else refused++;
        }
        if (batches.problem() != Problem.NONE) refused++;
    }

    /** What we find right Apache Kafka reads as we do. */
    private void compare(BatchHeader header) {
        readable++;
        ByteBuffer alone = header.bytes().slice(header.start(), header.sizeInBytes());
        var theirs = KafkaBatchTest.onlyBatch(alone);
        theirs.ensureValid();
        assertEquals(KafkaBatchTest.theirRecords(theirs), KafkaBatchTest.ourRecords(header));
    }

    private static Problem walk(BatchHeader header) {
        RecordCursor cursor = new RecordCursor().open(header, 1 << 20);
        long views = 0;
        while (cursor.next()) {
            views += cursor.hasKey() ? cursor.key().remaining() : 0;
            views += cursor.hasValue() ? cursor.value().remaining() : 0;
            for (RecordHeader field : cursor.headers()) views += field.key().length();
        }
        assertTrue(views >= 0);
        return cursor.problem();
    }

    private static ByteBuffer damage(Random random, ByteBuffer bytes) {
        int size = bytes.capacity();
        for (int hits = random.nextInt(4); hits > 0; hits--) {
            int at = BatchHeader.SIZE + random.nextInt(Math.max(1, size - BatchHeader.SIZE));
            switch (random.nextInt(4)) {
                case 0 -> bytes.put(Math.min(at, size - 1), (byte) random.nextInt());
                case 1 -> bytes.put(Math.min(at, size - 1), (byte) -1);
                case 2 -> bytes.put(random.nextInt(size), (byte) (1 << random.nextInt(8)));
                default -> bytes.putInt(Math.min(FIELDS[random.nextInt(FIELDS.length)], size - 4),
                    random.nextInt());
            }
        }
        return random.nextInt(5) == 0 ? bytes.limit(1 + random.nextInt(size)) : bytes;
    }
}

package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.compression.CompressionType;
import io.semel.kernel.world.Disk;
import io.semel.sim.SimWorld;
import io.semel.wire.batch.BatchBuilder;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.RecordCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A tombstone stays for delete.retention.ms after a cleaning has found it the last of its key (KIP-534). */
class TombstoneTest {
    private static final long RETENTION_MS = 100;

    private final Disk disk = new SimWorld(1, 1).disk();
    private final PartitionLog log = PartitionLog.open(disk, "t-0", LogConfig.defaults().withCompacted(true)
            .withSegmentBytes(400), Tests.opening(0, false));

    @ParameterizedTest
    @EnumSource
    void goesAfterItsHorizonThoughNoOtherRecordOfItsBatchDoes(CompressionType codec) {
        append(codec, "a", "1", "b", "1", "c", "1");
        append(codec, "a", null, "d", "1");
        append(codec, "b", null, "c", "2", "e", null);
        append(codec, "e", "2");
        log.endActive();
        append(codec, "z", "1");
        long end = log.segmentBases().get(log.segmentBases().size() - 1);

        clean(0, end, 1_000);
        assertEquals(List.of("3 a -", "4 d 1", "5 b -", "6 c 2", "8 e 2", "9 z 1"), records());
        clean(end, end, 1_000 + RETENTION_MS - 1);
        assertEquals(List.of("3 a -", "4 d 1", "5 b -", "6 c 2", "8 e 2", "9 z 1"), records());
        clean(end, end, 1_000 + RETENTION_MS);
        assertEquals(List.of("4 d 1", "6 c 2", "8 e 2", "9 z 1"), records());
    }

    private void append(CompressionType codec, String... pairs) {
        BatchBuilder batch = new BatchBuilder().compression(codec);
        for (int at = 0; at < pairs.length; at += 2) {
            byte[] value = pairs[at + 1] == null ? null : pairs[at + 1].getBytes();
            batch.add(500, pairs[at].getBytes(), value);
        }
        log.append(batch.build(), 500);
    }

    private void clean(long firstDirty, long end, long nowMs) {
        Cleaning cleaning = log.compactor().begin(new Cleaning.Order(firstDirty, end, nowMs, RETENTION_MS,
                1 << 16), new Nobody());
        for (Cleaning.Next next = cleaning.step(); next != Cleaning.Next.DONE; next = cleaning.step()) {
            if (next != Cleaning.Next.SWAP) continue;
            cleaning.made().decide();
            log.compactor().take(cleaning.made());
            cleaning.made().complete();
            log.compactor().settle(cleaning.made());
        }
    }

    private List<String> records() {
        List<String> found = new ArrayList<>();
        for (long next = 0; next < log.endOffset(); ) {
            byte[] part = Tests.take(log.read(next, log.endOffset(), 1 << 20, true));
            for (int at : Tests.starts(part)) {
                BatchHeader header = new BatchHeader().wrap(ByteBuffer.wrap(part), at);
                RecordCursor record = new RecordCursor().open(header);
                while (record.next()) {
                    found.add(record.offset() + " " + text(record.key()) + " " + (record.hasValue()
                            ? text(record.value()) : "-"));
                }
                next = header.nextOffset();
            }
        }
        return found;
    }

    private static String text(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return new String(copy);
    }

    /** Nobody wrote in transactions. */
    private static final class Nobody implements LogWriters {
        @Override
        public List<Aborted> aborted() {
            return List.of();
        }

        @Override
        public boolean isLastOfProducer(BatchHeader batch) {
            return false;
        }

        @Override
        public byte[] abortedIndex(SortedSet<Long> markerOffsets) {
            return new byte[0];
        }
    }
}

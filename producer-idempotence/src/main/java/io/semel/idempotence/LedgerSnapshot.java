package io.semel.idempotence;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A ledger as bytes: version 1 of Kafka's {@code .snapshot} format, a row per remembered batch. Stateless.
 *
 * <p>Kafka writes one row per producer, its last batch. We write successive rows, oldest batch first, so that
 * all five survive a crash; Kafka's loader keeps the last row of a producer, which is the one that it would
 * have written. When a marker is younger than the last batch, that batch has two rows, the second with the
 * marker's timestamp in place of its own.
 */
final class LedgerSnapshot {
    private static final short VERSION = 1;
    private static final int CRC_AT = 2;
    private static final int CRC_COVERS_FROM = 6;
    private static final int ROWS_AT = 10;
    private static final int ROW_SIZE = 46;
    private static final long NO_OFFSET = -1;

    private LedgerSnapshot() {
    }

    /** The snapshot of these producers, which are in ascending order of id. */
    static ByteBuffer write(Producer[] producers) {
        int rows = 0;
        for (Producer producer : producers) rows += rowsOf(producer);
        ByteBuffer bytes = ByteBuffer.allocate(Math.addExact(ROWS_AT, Math.multiplyExact(rows, ROW_SIZE)));
        bytes.putShort(VERSION).putInt(0).putInt(rows);
        for (Producer producer : producers) writeRows(producer, bytes);
        bytes.flip();
        return bytes.putInt(CRC_AT, crcOf(bytes));
    }

    /**
     * The producers of a snapshot, each once; null when it is damaged or of another version. Leaves
     * {@code bytes} as it was.
     */
    static List<Producer> read(ByteBuffer bytes) {
        ByteBuffer view = bytes.slice();
        if (view.remaining() < ROWS_AT || view.getShort(0) != VERSION) return null;
        int rows = view.getInt(CRC_COVERS_FROM);
        if (rows < 0 || view.remaining() != ROWS_AT + (long) rows * ROW_SIZE) return null;
        if (view.getInt(CRC_AT) != crcOf(view)) return null;
        view.position(ROWS_AT);
        List<Producer> producers = new ArrayList<>();
        ByProducer<Producer> known = new ByProducer<>();
        for (int row = 0; row < rows; row++) readRow(view, known, producers);
        return producers;
    }

    private static int rowsOf(Producer producer) {
        return Math.max(1, producer.count()) + (hasYoungerMarker(producer) ? 1 : 0);
    }

    private static boolean hasYoungerMarker(Producer producer) {
        return producer.count() > 0 && producer.timestamp(producer.count() - 1) != producer.lastTimestamp;
    }

    private static void writeRows(Producer producer, ByteBuffer bytes) {
        for (int index = 0; index < producer.count(); index++) {
            writeRow(producer, index, producer.timestamp(index), bytes);
        }
        if (producer.count() == 0 || hasYoungerMarker(producer)) {
            writeRow(producer, producer.count() - 1, producer.lastTimestamp, bytes);
        }
    }

    private static void writeRow(Producer producer, int index, long timestamp, ByteBuffer bytes) {
        boolean none = index < 0;
        bytes.putLong(producer.producerId).putShort(producer.epoch)
                .putInt(none ? Sequence.NONE : producer.lastSequence(index))
                .putLong(none ? NO_OFFSET : producer.lastOffset(index))
                .putInt(none ? 0 : producer.delta(index))
                .putLong(timestamp).putInt(producer.coordinatorEpoch).putLong(producer.firstOffset);
    }

    private static void readRow(ByteBuffer bytes, ByProducer<Producer> known, List<Producer> producers) {
        long producerId = bytes.getLong();
        short epoch = bytes.getShort();
        Producer producer = known.find(producerId);
        if (producer == null) {
            producer = new Producer(producerId, epoch);
            known.add(producer);
            producers.add(producer);
        } else if (producer.epoch != epoch) {
            producer.raise(epoch);
        }
        int lastSequence = bytes.getInt();
        long lastOffset = bytes.getLong();
        int delta = bytes.getInt();
        long timestamp = bytes.getLong();
        if (lastOffset >= 0 && lastOffset != producer.lastOffset()) {
            producer.remember(lastSequence, delta, lastOffset, timestamp);
        }
        producer.lastTimestamp = timestamp;
        producer.coordinatorEpoch = bytes.getInt();
        producer.firstOffset = Math.max(Producer.NOT_OPEN, bytes.getLong());
    }

    private static int crcOf(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(CRC_COVERS_FROM));
        return (int) crc.getValue();
    }
}

package io.semel.wire.batch;

import java.nio.ByteBuffer;

/**
 * The end of a transaction in a partition: a control batch with one record (KIP-98). Immutable.
 *
 * @param commit false for an abort
 * @param coordinatorEpoch the epoch of the coordinator that decided it
 */
public record Marker(boolean commit, int coordinatorEpoch) {
    private static final short VERSION = 0;
    private static final short ABORT = 0;
    private static final short COMMIT = 1;
    private static final int KEY_SIZE = 4;
    private static final int VALUE_SIZE = 6;

    /** The marker's batch; the log stamps offset and leader epoch. */
    public static ByteBuffer build(long producerId, short producerEpoch, boolean commit,
        int coordinatorEpoch, long timestampMs) {
        ByteBuffer key = ByteBuffer.allocate(KEY_SIZE).putShort(VERSION).putShort(commit ? COMMIT : ABORT)
            .flip();
        ByteBuffer value = ByteBuffer.allocate(VALUE_SIZE).putShort(VERSION).putInt(coordinatorEpoch).flip();
        return new BatchBuilder().producer(producerId, producerEpoch, -1).transactional(true).control(true)
            .add(timestampMs, key, value).build();
    }

    /**
     * The marker that a batch is; null when it is none: data, an emptied control batch, a control record of
     * another kind.
     */
    public static Marker read(BatchHeader batch) {
        if (!batch.isControl()) return null;
        RecordCursor cursor = new RecordCursor().open(batch, KEY_SIZE + VALUE_SIZE + 1024);
        if (!cursor.next() || cursor.keySize() < KEY_SIZE || cursor.valueSize() < VALUE_SIZE) return null;
        ByteBuffer key = cursor.key();
        short keyVersion = key.getShort(0);
        short kind = key.getShort(2);
        ByteBuffer value = cursor.value();
        if (keyVersion < 0 || value.getShort(0) < 0 || kind != ABORT && kind != COMMIT) return null;
        return new Marker(kind == COMMIT, value.getInt(2));
    }
}

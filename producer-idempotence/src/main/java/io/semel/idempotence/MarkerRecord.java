package io.semel.idempotence;

import io.semel.wire.batch.BatchHeader;
import java.nio.ByteBuffer;

/** Reads the one record of a marker in place (KIP-98): is it one, and which coordinator epoch wrote it. Stateless. */
final class MarkerRecord {
    private static final short COMMIT = 1;
    private static final short ABORT = 0;

    private MarkerRecord() {
    }

    /** False for a control batch that compaction has emptied, and for control records of other kinds. */
    static boolean isMarker(BatchHeader batch) {
        if (!batch.isControl() || !batch.hasProducerId() || batch.recordCount() == 0) return false;
        short type = batch.bytes().getShort(keyAt(batch) + Short.BYTES);
        return type == COMMIT || type == ABORT;
    }

    static int coordinatorEpoch(BatchHeader batch) {
        ByteBuffer bytes = batch.bytes();
        int key = keyAt(batch);
        int value = afterVarint(bytes, key + 2 * Short.BYTES);
        return bytes.getInt(value + Short.BYTES);
    }

    private static int keyAt(BatchHeader batch) {
        ByteBuffer bytes = batch.bytes();
        int at = afterVarint(bytes, batch.start() + BatchHeader.SIZE) + 1;
        return afterVarint(bytes, afterVarint(bytes, afterVarint(bytes, at)));
    }

    private static int afterVarint(ByteBuffer bytes, int from) {
        int at = from;
        while (bytes.get(at) < 0) at++;
        return at + 1;
    }
}

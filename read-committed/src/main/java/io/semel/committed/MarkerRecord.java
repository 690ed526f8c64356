package io.semel.committed;

import io.semel.wire.batch.BatchHeader;
import java.nio.ByteBuffer;

/** Reads the key of a marker's one record in place (KIP-98). Stateless. */
final class MarkerRecord {
    private static final short COMMIT = 1;
    private static final short ABORT = 0;
    private static final short NO_MARKER = -1;

    private MarkerRecord() {
    }

    /** False for a control batch that compaction has emptied, and for control records of other kinds. */
    static boolean isMarker(BatchHeader batch) {
        short type = type(batch);
        return type == COMMIT || type == ABORT;
    }

    static boolean isAbort(BatchHeader batch) {
        return type(batch) == ABORT;
    }

    private static short type(BatchHeader batch) {
        if (!batch.isControl() || !batch.hasProducerId() || batch.recordCount() == 0) return NO_MARKER;
        ByteBuffer bytes = batch.bytes();
        int at = afterVarint(bytes, batch.start() + BatchHeader.SIZE) + 1;
        int key = afterVarint(bytes, afterVarint(bytes, afterVarint(bytes, at)));
        return bytes.getShort(key + Short.BYTES);
    }

    private static int afterVarint(ByteBuffer bytes, int from) {
        int at = from;
        while (bytes.get(at) < 0) at++;
        return at + 1;
    }
}

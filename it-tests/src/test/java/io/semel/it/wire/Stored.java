package io.semel.it.wire;

import io.semel.wire.batch.BatchCheck;
import io.semel.wire.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Batches as a fetch brought them, whole; a cut one at the end is left out. Stateless. */
final class Stored {
    private Stored() {
    }

    static List<BatchHeader> batches(ByteBuffer records) {
        List<BatchHeader> batches = new ArrayList<>();
        if (records == null) return batches;
        int start = records.position();
        while (BatchCheck.frame(new BatchHeader().wrap(records, start), records.limit() - start)
                == BatchCheck.Problem.NONE) {
            BatchHeader batch = new BatchHeader().wrap(records, start);
            batches.add(batch);
            start += batch.sizeInBytes();
        }
        return batches;
    }

    /**
     * The batch's bytes with base offset and leader epoch put back to what they were before they were stored.
     */
    static byte[] asSent(BatchHeader stored, ByteBuffer sent) {
        ByteBuffer bytes = ByteBuffer.wrap(RawClient.bytesOf(stored.slice()));
        bytes.putLong(BatchHeader.BASE_OFFSET, sent.getLong(BatchHeader.BASE_OFFSET));
        bytes.putInt(BatchHeader.LEADER_EPOCH, sent.getInt(BatchHeader.LEADER_EPOCH));
        return bytes.array();
    }

    /** Puts the right CRC into a batch that was changed. */
    static ByteBuffer sealed(ByteBuffer batch) {
        BatchHeader header = new BatchHeader().wrap(batch, batch.position());
        return batch.putInt(batch.position() + BatchHeader.CRC, new BatchCheck().crcOf(header));
    }
}

package io.semel.committed;

import io.semel.wire.batch.BatchHeader;
import java.nio.ByteBuffer;

/** Makes the headers, and for markers the one record, that these folds look at. */
final class Batches {
    private static final int TRANSACTIONAL = 0x10;
    private static final int CONTROL = 0x20;

    private long producerId = 7;
    private int epoch;
    private int sequence;
    private int records = 1;
    private int attributes;
    private long offset;
    private long timestamp = 500;

    static Batches batch() {
        return new Batches();
    }

    Batches pid(long id) {
        producerId = id;
        return this;
    }

    Batches epoch(int value) {
        epoch = value;
        return this;
    }

    Batches sequence(int first) {
        sequence = first;
        return this;
    }

    Batches records(int count) {
        records = count;
        return this;
    }

    Batches transactional() {
        attributes |= TRANSACTIONAL;
        return this;
    }

    Batches timestamp(long ms) {
        timestamp = ms;
        return this;
    }

    /** Where it stands in the log; makes it. */
    BatchHeader at(long baseOffset) {
        offset = baseOffset;
        return make();
    }

    /** Not in a log yet. */
    BatchHeader make() {
        ByteBuffer bytes = ByteBuffer.allocate(BatchHeader.SIZE);
        header(bytes, BatchHeader.SIZE - BatchHeader.LOG_OVERHEAD, records);
        return new BatchHeader().wrap(bytes, 0);
    }

    /** A marker of this producer and epoch at an offset. */
    BatchHeader marker(boolean commit, int coordinatorEpoch, long baseOffset) {
        return control(commit ? 1 : 0, coordinatorEpoch, baseOffset);
    }

    /** A control record of a kind by its number. */
    BatchHeader control(int type, int coordinatorEpoch, long baseOffset) {
        offset = baseOffset;
        sequence = -1;
        attributes |= TRANSACTIONAL | CONTROL;
        ByteBuffer bytes = ByteBuffer.allocate(BatchHeader.SIZE + 17);
        header(bytes, bytes.capacity() - BatchHeader.LOG_OVERHEAD, 1);
        bytes.position(BatchHeader.SIZE);
        bytes.put((byte) (16 << 1)).put((byte) 0).put((byte) 0).put((byte) 0);
        bytes.put((byte) (4 << 1)).putShort((short) 0).putShort((short) type);
        bytes.put((byte) (6 << 1)).putShort((short) 0).putInt(coordinatorEpoch).put((byte) 0);
        return new BatchHeader().wrap(bytes.clear(), 0);
    }

    /** What compaction leaves of a marker whose transaction is gone. */
    BatchHeader emptiedMarker(long baseOffset) {
        offset = baseOffset;
        sequence = -1;
        attributes |= TRANSACTIONAL | CONTROL;
        ByteBuffer bytes = ByteBuffer.allocate(BatchHeader.SIZE);
        header(bytes, BatchHeader.SIZE - BatchHeader.LOG_OVERHEAD, 0);
        return new BatchHeader().wrap(bytes, 0);
    }

    private void header(ByteBuffer bytes, int length, int recordCount) {
        bytes.putLong(BatchHeader.BASE_OFFSET, offset);
        bytes.putInt(BatchHeader.LENGTH, length);
        bytes.put(BatchHeader.MAGIC, (byte) 2);
        bytes.putShort(BatchHeader.ATTRIBUTES, (short) attributes);
        bytes.putInt(BatchHeader.LAST_OFFSET_DELTA, records - 1);
        bytes.putLong(BatchHeader.BASE_TIMESTAMP, timestamp);
        bytes.putLong(BatchHeader.MAX_TIMESTAMP, timestamp);
        bytes.putLong(BatchHeader.PRODUCER_ID, producerId);
        bytes.putShort(BatchHeader.PRODUCER_EPOCH, (short) epoch);
        bytes.putInt(BatchHeader.BASE_SEQUENCE, sequence);
        bytes.putInt(BatchHeader.RECORD_COUNT, recordCount);
    }
}

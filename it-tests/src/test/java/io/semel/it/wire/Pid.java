package io.semel.it.wire;

import io.semel.wire.batch.BatchBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A producer as its batches name it, and the batches it would send. Immutable. */
record Pid(long id, short epoch) {
    /** No producer id: batches without sequence. */
    static final Pid NONE = new Pid(-1, (short) -1);

    /**
     * An hour ago: Apache Kafka begins another segment with a marker that is a week younger than the records
     * before it, deletes those records after a while, and brings one segment in a fetch.
     */
    static final long TIME_MS = System.currentTimeMillis() - 3_600_000;

    Pid epoch(int other) {
        return new Pid(id, (short) other);
    }

    /** Records whose values tell producer, epoch and sequence. */
    BatchBuilder builder(int sequence, int count) {
        BatchBuilder builder = new BatchBuilder();
        if (id >= 0) builder.producer(id, epoch, sequence);
        for (int index = 0; index < count; index++) {
            String value = id + "/" + epoch + "/" + (sequence + index);
            builder.add(TIME_MS + index, bytes("key " + index), bytes(value));
        }
        return builder;
    }

    ByteBuffer batch(int sequence, int count) {
        return builder(sequence, count).build();
    }

    ByteBuffer transactional(int sequence, int count) {
        return builder(sequence, count).transactional(true).build();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package io.semel.bench.micro;

import io.semel.compression.CompressionType;
import io.semel.wire.batch.BatchBuilder;
import io.semel.wire.batch.Marker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Batches as clients send them, always the same. Stateless. */
final class Sample {
    private static final long NOW_MS = 1_000;

    private Sample() {
    }

    /** Records of {@code valueBytes} of words, about {@code batchBytes} of them, in direct memory. */
    static ByteBuffer batch(int batchBytes, int valueBytes, CompressionType codec) {
        BatchBuilder builder = new BatchBuilder().compression(codec).producer(7, (short) 0, 0);
        Random random = new Random(1);
        for (int size = 0; size == 0 || size + valueBytes < batchBytes; size += valueBytes + 12) {
            builder.add(NOW_MS, ("key" + random.nextInt(1_000)).getBytes(StandardCharsets.UTF_8),
                    words(random, valueBytes));
        }
        return direct(builder.build());
    }

    /** One record of {@code producerId} in a transaction. */
    static ByteBuffer record(long offset, long producerId, short epoch, int sequence) {
        return new BatchBuilder().baseOffset(offset).producer(producerId, epoch, sequence).transactional(true)
                .add(NOW_MS, null, new byte[100]).build();
    }

    static ByteBuffer marker(long offset, long producerId, short epoch) {
        ByteBuffer marker = Marker.build(producerId, epoch, true, 0, NOW_MS);
        marker.putLong(marker.position(), offset);
        return marker;
    }

    /** Compresses about as well as JSON does. */
    static byte[] words(Random random, int bytes) {
        StringBuilder words = new StringBuilder();
        while (words.length() < bytes) {
            words.append("\"field").append(random.nextInt(20)).append("\":").append(random.nextInt(100_000))
                    .append(',');
        }
        return words.substring(0, bytes).getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer direct(ByteBuffer batch) {
        return ByteBuffer.allocateDirect(batch.remaining()).put(batch).flip();
    }
}

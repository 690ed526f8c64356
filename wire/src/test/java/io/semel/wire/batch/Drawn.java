package io.semel.wire.batch;

import io.semel.compression.CompressionType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Batches drawn from a seed, together with what was put into them. */
record Drawn(ByteBuffer bytes, List<Rec> records) {
    record Rec(long offset, long timestamp, ByteBuffer key, ByteBuffer value, List<RecordHeader> headers) { }

    static final int SCALE = Integer.getInteger("semel.scale", 1);

    static BatchHeader header(ByteBuffer bytes) {
        return new BatchHeader().wrap(bytes, bytes.position());
    }

    /** A batch as a client sends it: base offset 0, dense offsets. */
    static Drawn fromClient(Random random) {
        CompressionType type = CompressionType.ofId(random.nextInt(5));
        BatchBuilder builder = new BatchBuilder().compression(type);
        if (random.nextBoolean()) {
            builder.producer(random.nextInt(1000), (short) random.nextInt(100), random.nextInt(1000))
                .transactional(random.nextBoolean());
        }
        List<Rec> records = new ArrayList<>();
        int count = 1 + random.nextInt(20);
        for (int offset = 0; offset < count; offset++) {
            Rec rec = new Rec(offset, 1_700_000_000_000L + random.nextInt(100_000) - 50_000, bytes(random),
                bytes(random),
                headers(random));
            builder.add(rec.timestamp, rec.key, rec.value, rec.headers);
            records.add(rec);
        }
        return new Drawn(builder.build(), records);
    }

    private static List<RecordHeader> headers(Random random) {
        if (random.nextInt(3) > 0) return List.of();
        List<RecordHeader> headers = new ArrayList<>();
        for (int left = random.nextInt(4); left > 0; left--) {
            headers.add(new RecordHeader("hé" + random.nextInt(100), bytes(random)));
        }
        return headers;
    }

    private static ByteBuffer bytes(Random random) {
        if (random.nextInt(5) == 0) return null;
        byte[] bytes = new byte[random.nextInt(10) == 0 ? random.nextInt(2000) : random.nextInt(20)];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }
}

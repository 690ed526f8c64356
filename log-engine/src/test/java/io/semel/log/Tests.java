package io.semel.log;

import io.semel.wire.batch.BatchBuilder;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.BatchSlice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What the tests of logs share: batches, reading slices back, an opening that remembers what it was told. */
final class Tests {
    private Tests() {
    }

    /** How often; 1 in an ordinary run. */
    static int scale() {
        return Integer.getInteger("semel.scale", 1);
    }

    /** A batch as a client sends it: {@code count} records from {@code timestamp} on, a millisecond apart. */
    static ByteBuffer batch(int count, int valueBytes, long timestamp, Random random) {
        BatchBuilder builder = new BatchBuilder();
        for (int index = 0; index < count; index++) {
            byte[] value = new byte[valueBytes];
            random.nextBytes(value);
            builder.add(timestamp + index, (byte[]) null, value);
        }
        return builder.build();
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /** Reads all slices and releases them. */
    static byte[] take(List<BatchSlice> slices) {
        byte[] all = peek(slices);
        slices.forEach(BatchSlice::release);
        return all;
    }

    /** Reads all slices and keeps them. */
    static byte[] peek(List<BatchSlice> slices) {
        int size = 0;
        for (BatchSlice slice : slices) size += slice.sizeInBytes();
        ByteBuffer all = ByteBuffer.allocate(size);
        for (BatchSlice slice : slices) {
            all.limit(all.position() + slice.sizeInBytes());
            slice.file().read(all, slice.position());
        }
        return all.array();
    }

    /** Where each batch starts in {@code bytes}; throws when they are not whole batches. */
    static List<Integer> starts(byte[] bytes) {
        List<Integer> starts = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            starts.add(at);
            at += new BatchHeader().wrap(ByteBuffer.wrap(bytes), at).sizeInBytes();
        }
        if (at != bytes.length) {
            throw new AssertionError("not whole batches: " + bytes.length + " bytes end in a batch");
        }
        return starts;
    }

    /** An opening without snapshots, unless told otherwise; remembers the batches it folded. */
    static class Opening implements LogOpening {
        final List<byte[]> folded = new ArrayList<>();
        long foldFrom;
        long recoveryPoint;
        long start;
        boolean clean;
        /** Few, so that files are let go and taken back all the time. */
        OpenSegments openSegments = new OpenSegments(2);

        @Override
        public OpenSegments openSegments() {
            return openSegments;
        }

        @Override
        public long loadNewestSnapshot(PartitionLog.SideFiles files, long notAbove) {
            return foldFrom;
        }

        @Override
        public void fold(BatchHeader batch) {
            folded.add(bytes(batch.slice()));
        }

        @Override
        public long recoveryPoint() {
            return recoveryPoint;
        }

        @Override
        public long startOffset() {
            return start;
        }

        @Override
        public boolean wasClean() {
            return clean;
        }
    }

    static Opening opening(long recoveryPoint, boolean clean) {
        Opening opening = new Opening();
        opening.recoveryPoint = recoveryPoint;
        opening.clean = clean;
        return opening;
    }
}

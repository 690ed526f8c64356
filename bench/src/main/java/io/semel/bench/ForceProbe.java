package io.semel.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** The disk's own limit: a small append and its force, one after the other. */
final class ForceProbe {
    private static final int ROUNDS = 300;
    private static final int BYTES = 512;

    private ForceProbe() {
    }

    /** Median of one append with force, in microseconds. */
    static long medianUs(Path file) {
        long[] times = new long[ROUNDS];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE,
                StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            for (int round = 0; round < ROUNDS; round++) {
                long begun = System.nanoTime();
                channel.write(ByteBuffer.allocate(BYTES), (long) round * BYTES);
                channel.force(false);
                times[round] = (System.nanoTime() - begun) / 1_000;
            }
        } catch (IOException failure) {
            throw new IllegalStateException("cannot measure the disk at " + file + ": " + failure, failure);
        }
        Arrays.sort(times);
        return times[ROUNDS / 2];
    }
}

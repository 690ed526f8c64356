package io.semel.bench;

import io.semel.bench.log.Logs;
import io.semel.log.LogConfig;
import io.semel.log.OpenSegments;
import io.semel.log.PartitionLog;
import io.semel.log.ReadCheck;
import io.semel.log.disk.FileDisk;
import io.semel.wire.batch.BatchBuilder;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.BatchSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.CRC32C;

/**
 * {@code --only log}: the log engine by itself, each figure beside what the machine can do at all with the
 * same bytes in the same run. One thread.
 */
final class LogBench {
    private static final int MIB = 1 << 20;
    private static final int BATCH_BYTES = 16 << 10;
    private static final int FORCE_EVERY_BYTES = MIB;
    private static final int READ_BYTES = MIB;
    /** More than the processor's caches hold. */
    private static final int IN_MEMORY_BYTES = 64 * MIB;

    private final Path directory;
    private final FileDisk disk;
    private final int mebibytes;

    private LogBench(Path directory, boolean quick) {
        this.directory = directory;
        this.disk = new FileDisk(directory);
        this.mebibytes = quick ? 128 : 1024;
    }

    static void run(Path directory, boolean quick) throws IOException {
        new LogBench(directory, quick).run();
    }

    private void run() throws IOException {
        ByteBuffer batch = batch();
        int count = (int) ((long) mebibytes * MIB / batch.remaining());
        System.out.printf("%d MiB in batches of %d bytes, a force for every MiB; warm page cache%n",
                mebibytes, batch.remaining());
        double crc = crcSeconds(batch, count);
        say("CRC-32C of the same bytes, in memory", crc, crc);
        double raw = rawSeconds(directory.resolve("raw"), batch, count);
        say("FileChannel: write and force them", raw, raw);
        double appended = appendSeconds(batch, count);
        say("append and force them", appended, raw);
        double rawRead = rawReadSeconds(directory.resolve("raw"));
        say("FileChannel: read them", rawRead, rawRead);
        double recovered = openSeconds(false);
        say("recover them after a kill: read, write again, check, force", recovered, crc);
        double read = readSeconds();
        say("read them, all checked", read, rawRead);
        Files.delete(directory.resolve("raw"));
    }

    private static void say(String what, double seconds, double limit) {
        System.out.printf(Locale.ROOT, "  %-60s %8.3f s, %5.2f times its limit%n", what, seconds,
                seconds / limit);
    }

    private static ByteBuffer batch() {
        BatchBuilder builder = new BatchBuilder();
        Random random = new Random(1);
        byte[] value = new byte[1_000];
        for (int size = 0; size + 1_020 < BATCH_BYTES; size += 1_020) {
            random.nextBytes(value);
            builder.add(1_000, null, ByteBuffer.wrap(value.clone()));
        }
        return builder.build();
    }

    private static double secondsSince(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    private static double crcSeconds(ByteBuffer batch, int count) {
        CRC32C crc = new CRC32C();
        ByteBuffer many = ByteBuffer.allocateDirect(IN_MEMORY_BYTES / batch.remaining() * batch.remaining());
        while (many.hasRemaining()) many.put(batch.duplicate());
        for (int index = 0; index < 4; index++) crc.update(many.flip());
        long begun = System.nanoTime();
        for (int index = 0, at = 0; index < count; index++, at += batch.remaining()) {
            if (at == many.capacity()) at = 0;
            crc.update(many.slice(at, batch.remaining()));
        }
        return secondsSince(begun);
    }

    private static double rawSeconds(Path file, ByteBuffer batch, int count) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
            long begun = System.nanoTime();
            long position = 0;
            long forced = 0;
            for (int index = 0; index < count; index++) {
                position += channel.write(batch.duplicate(), position);
                if (position - forced < FORCE_EVERY_BYTES) continue;
                channel.force(false);
                forced = position;
            }
            channel.force(false);
            return secondsSince(begun);
        }
    }

    private static double rawReadSeconds(Path file) throws IOException {
        ByteBuffer block = ByteBuffer.allocateDirect(READ_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long begun = System.nanoTime();
            long position = 0;
            for (int read; (read = channel.read(block.clear(), position)) > 0;) position += read;
            return secondsSince(begun);
        }
    }

    private double appendSeconds(ByteBuffer batch, int count) {
        PartitionLog log = open("log-0", LogConfig.defaults(), 0, false);
        ByteBuffer own = ByteBuffer.allocateDirect(batch.remaining());
        own.put(batch.duplicate()).flip();
        long begun = System.nanoTime();
        long unforced = 0;
        for (int index = 0; index < count; index++) {
            log.append(own, 0);
            unforced += own.remaining();
            if (unforced < FORCE_EVERY_BYTES) continue;
            PartitionLog.Forcing force = log.beginForce();
            force.run();
            log.markDurable(force.offset());
            unforced = 0;
        }
        log.beginForce().run();
        double seconds = secondsSince(begun);
        log.close(false);
        return seconds;
    }

    private double openSeconds(boolean clean) {
        long begun = System.nanoTime();
        PartitionLog log = open("log-0", LogConfig.defaults(), 0, clean);
        double seconds = secondsSince(begun);
        log.close(true);
        return seconds;
    }

    private double readSeconds() {
        PartitionLog log = open("log-0", LogConfig.defaults(), 0, false);
        long end = log.endOffset();
        log.close(true);
        log = open("log-0", LogConfig.defaults(), end, true);
        long begun = System.nanoTime();
        BatchHeader header = new BatchHeader();
        ByteBuffer last = ByteBuffer.allocate(BATCH_BYTES);
        for (long offset = 0; offset < end;) {
            List<BatchSlice> slices = log.read(offset, end, READ_BYTES, true);
            ReadCheck check = log.checkOfLastRead();
            check.run();
            if (check.failure() != null) throw check.failure();
            log.take(check);
            for (BatchSlice slice : slices) {
                for (long at = slice.position(); at < slice.position() + slice.sizeInBytes();) {
                    slice.file().read(last.clear().limit(BatchHeader.SIZE), at);
                    header.wrap(last, 0);
                    at += header.sizeInBytes();
                    offset = header.nextOffset();
                }
                slice.release();
            }
        }
        double seconds = secondsSince(begun);
        log.close(true);
        return seconds;
    }

    private PartitionLog open(String name, LogConfig config, long recoveryPoint, boolean clean) {
        return Logs.open(disk, name, config, recoveryPoint, clean, new OpenSegments(4));
    }
}

package io.semel.bench;

import io.semel.compression.CompressionType;
import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFile;
import io.semel.log.Cleaning;
import io.semel.log.LogConfig;
import io.semel.log.LogOpening;
import io.semel.log.LogWriters;
import io.semel.log.PartitionLog;
import io.semel.log.disk.FileDisk;
import io.semel.wire.batch.BatchBuilder;
import io.semel.wire.batch.BatchHeader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SortedSet;

/**
 * Cleans a log of keyed records and copies the same bytes, in turns, in one run: the physical limit is to
 * read a log once for its keys and once to be copied. One thread.
 */
final class CompactionBench {
    private static final int RECORDS_A_BATCH = 100;
    private static final int VALUE_BYTES = 200;
    private static final int COPY_BYTES = 1 << 20;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Path directory;
    private final int megabytes;

    CompactionBench(Path directory, int megabytes) {
        this.directory = directory;
        this.megabytes = megabytes;
    }

    void run(int rounds) {
        System.out.printf(Locale.ROOT, "%-28s %10s %12s %12s %8s %10s %12s%n", "log of " + megabytes + " MiB",
                "copy MB/s", "clean MB/s", "of copying", "kept", "keys", "cpu ns/rec");
        for (CompressionType codec : List.of(CompressionType.NONE, CompressionType.LZ4,
                CompressionType.ZSTD)) {
            for (int keys : new int[] {10_000, 1_000_000}) measure(codec, keys, rounds);
        }
    }

    private record Turn(double copySeconds, double cleanSeconds, long bytes, long kept,
            double nanosARecord) {
    }

    private void measure(CompressionType codec, int keys, int rounds) {
        List<Turn> turns = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            turns.add(turn(codec, keys, directory.resolve(codec + "-" + keys + "-" + round)));
        }
        turns.sort((one, other) -> Double.compare(one.cleanSeconds / one.copySeconds,
                other.cleanSeconds / other.copySeconds));
        Turn median = turns.get(turns.size() / 2);
        double copied = median.bytes / 1e6 / median.copySeconds;
        double cleaned = median.bytes / 1e6 / median.cleanSeconds;
        System.out.printf(Locale.ROOT, "%-28s %10.0f %12.0f %11.2fx %7.0f%% %10d %12.0f%n", codec, copied,
                cleaned, cleaned / copied, 100.0 * median.kept / median.bytes, keys, median.nanosARecord);
    }

    private Turn turn(CompressionType codec, int keys, Path root) {
        root.toFile().mkdirs();
        Disk disk = new FileDisk(root);
        PartitionLog log = PartitionLog.open(disk, "t-0", LogConfig.defaults().withCompacted(true)
                .withSegmentBytes(megabytes << 19), new Nothing());
        fill(log, codec, keys);
        long end = log.segmentBases().get(log.segmentBases().size() - 1);
        double copySeconds = copy(disk, log.segmentBases().subList(0, log.segmentBases().size() - 1));
        long before = System.nanoTime();
        long cpuBefore = THREADS.getCurrentThreadCpuTime();
        Cleaning cleaning = log.compactor().begin(new Cleaning.Order(0, end, System.currentTimeMillis(), 0,
                64 << 20), new Nobody());
        for (Cleaning.Next next = cleaning.step(); next != Cleaning.Next.DONE; next = cleaning.step()) {
            if (next != Cleaning.Next.SWAP) continue;
            cleaning.made().decide();
            log.compactor().take(cleaning.made());
            cleaning.made().complete();
            log.compactor().settle(cleaning.made());
        }
        double cleanSeconds = (System.nanoTime() - before) / 1e9;
        double nanosARecord = (double) (THREADS.getCurrentThreadCpuTime() - cpuBefore) / end;
        log.close(false);
        for (String name : disk.list("t-0")) disk.delete("t-0/" + name);
        return new Turn(copySeconds, cleanSeconds, cleaning.bytesRead(), cleaning.bytesKept(),
                nanosARecord);
    }

    private void fill(PartitionLog log, CompressionType codec, int keys) {
        Random random = new Random(1);
        byte[] value = new byte[VALUE_BYTES];
        for (int at = 0; at < value.length; at++) value[at] = (byte) ('a' + random.nextInt(16));
        long nowMs = System.currentTimeMillis();
        while (log.sizeInBytes() < (long) megabytes << 20) {
            BatchBuilder batch = new BatchBuilder().compression(codec);
            for (int record = 0; record < RECORDS_A_BATCH; record++) {
                value[random.nextInt(VALUE_BYTES)] = (byte) ('a' + random.nextInt(16));
                batch.add(nowMs, ("key-" + random.nextInt(keys)).getBytes(StandardCharsets.UTF_8), value);
            }
            log.append(batch.build(), nowMs);
        }
        PartitionLog.Forcing force = log.beginForce();
        force.run();
        log.markDurable(force.offset());
    }

    /** Reads every byte and writes it to another file, which is forced. */
    private static double copy(Disk disk, List<Long> bases) {
        long before = System.nanoTime();
        ByteBuffer block = ByteBuffer.allocate(COPY_BYTES);
        for (long base : bases) {
            String path = String.format(Locale.ROOT, "t-0/%020d.log", base);
            try (DiskFile from = disk.open(path); DiskFile to = disk.open(path + ".copy")) {
                long at = 0;
                for (int read = from.read(block.clear(), at); read > 0; read = from.read(block.clear(), at)) {
                    to.write(block.flip(), at);
                    at += read;
                }
                to.force();
            }
            disk.delete(path + ".copy");
        }
        return (System.nanoTime() - before) / 1e9;
    }

    /** A new log, without snapshots. */
    private static final class Nothing implements LogOpening {
        @Override
        public long loadNewestSnapshot(PartitionLog.SideFiles files, long notAbove) {
            return 0;
        }

        @Override
        public void fold(BatchHeader batch) {
        }
    }

    /** Nobody wrote in transactions. */
    private static final class Nobody implements LogWriters {
        @Override
        public List<Aborted> aborted() {
            return List.of();
        }

        @Override
        public boolean isLastOfProducer(BatchHeader batch) {
            return false;
        }

        @Override
        public byte[] abortedIndex(SortedSet<Long> markerOffsets) {
            return new byte[0];
        }
    }
}

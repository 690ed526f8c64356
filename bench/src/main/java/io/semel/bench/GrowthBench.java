package io.semel.bench;

import io.semel.bench.clients.Bystanders;
import io.semel.bench.contender.Contender;
import io.semel.bench.contender.SemelContender;
import io.semel.bench.log.Logs;
import io.semel.idempotence.ProducerLedger;
import io.semel.log.LogConfig;
import io.semel.log.OpenSegments;
import io.semel.log.PartitionLog;
import io.semel.log.disk.FileDisk;
import io.semel.wire.batch.BatchBuilder;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.BatchSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * {@code --only growth}: what one operation costs as there are more partitions, segments and producers, and
 * how many files, mappings and bytes of memory that takes: one thread, as one lane would. Then what a running
 * broker's costs as there are more open transactions and connections ({@link Bystanders}).
 */
final class GrowthBench {
    /** What a process that may open 20,000 files would let two lanes keep open, each. */
    private static final int OPEN_MAX = 1_600;
    private static final int OPERATIONS = 20_000;

    private final Path directory;
    private final FileDisk disk;
    private final int divisor;
    private final Random random = new Random(1);

    private GrowthBench(Path directory, boolean quick) {
        this.directory = directory;
        this.disk = new FileDisk(directory);
        this.divisor = quick ? 10 : 1;
    }

    static void run(Path directory, boolean quick) throws IOException {
        GrowthBench bench = new GrowthBench(directory, quick);
        bench.partitions();
        bench.segments();
        bench.producers();
        for (String durability : List.of("force", "os")) {
            System.out.println();
            try (Contender broker = SemelContender.start(directory.resolve("broker-" + durability),
                    durability)) {
                new Bystanders(broker, quick).run();
            }
        }
    }

    private void partitions() throws IOException {
        System.out.println("partitions of one segment; append and read go round all of them");
        System.out.println("  partitions   open us   again us   append us   read us   recover us   close us"
                + "   files   mapped   heap KiB each");
        partitions(10, false);
        for (int count = 10; count <= 10_000 / divisor; count *= 10) partitions(count, true);
    }

    private void partitions(int count, boolean counts) throws IOException {
        String prefix = "p" + count + (counts ? "-" : "-warm-");
        LogConfig config = LogConfig.defaults();
        ByteBuffer batch = batch(1);
        long[] ends = new long[count];
        for (int number = 0; number < count; number++) {
            PartitionLog log = Logs.open(disk, prefix + number, config, 0, false, new OpenSegments(1));
            for (int index = 0; index < 10; index++) log.append(batch, 0);
            ends[number] = log.endOffset();
            log.close(true);
        }
        long heapBefore = heap();
        long filesBefore = files();
        OpenSegments open = new OpenSegments(OPEN_MAX);
        ArrayDeque<PartitionLog> pressed = new ArrayDeque<>();
        List<PartitionLog> logs = new ArrayList<>();
        long begun = System.nanoTime();
        for (int number = 0; number < count; number++) {
            logs.add(Logs.open(disk, prefix + number, config, ends[number], true, open));
        }
        double opened = microsEach(begun, count);
        double heapEach = (heap() - heapBefore) / 1024.0 / count;
        long filesIdle = files() - filesBefore;
        for (PartitionLog log : logs) log.onPressed(() -> pressed.add(log));
        begun = System.nanoTime();
        for (int index = 0; index < OPERATIONS; index++) {
            logs.get(index % count).append(batch, 0);
            while (!pressed.isEmpty()) force(pressed.poll());
        }
        double appended = microsEach(begun, OPERATIONS);
        logs.forEach(GrowthBench::force);
        begun = System.nanoTime();
        for (int index = 0; index < OPERATIONS; index++) read(logs.get(index % count), random);
        double read = microsEach(begun, OPERATIONS);
        long filesBusy = files() - filesBefore;
        long mapped = mapped();
        begun = System.nanoTime();
        logs.forEach(log -> log.close(true));
        double closed = microsEach(begun, count);
        begun = System.nanoTime();
        for (int number = 0; number < count; number++) {
            Logs.open(disk, prefix + number, config, ends[number], false, new OpenSegments(1)).close(false);
        }
        double recovered = microsEach(begun, count);
        if (!counts) return;
        System.out.printf(Locale.ROOT, "  %10d %9.0f %10d %11.1f %9.1f %12.0f %10.0f %7d %8d %15.1f%n", count,
                opened, filesIdle, appended, read, recovered, closed, filesBusy, mapped, heapEach);
    }

    private void segments() throws IOException {
        System.out.println();
        System.out.println("segments of one log, of a batch each");
        System.out.println("  segments   open us each   append us   roll us   read us   files   mapped"
                + "   heap KiB each");
        segments(100, false);
        for (int count = 100; count <= 100_000 / divisor; count *= 10) segments(count, true);
    }

    private void segments(int count, boolean counts) throws IOException {
        String name = "s" + count + (counts ? "-1" : "-0");
        makeSegments(directory.resolve(name), count);
        LogConfig config = LogConfig.defaults().withSegmentBytes(1_700);
        long filesBefore = files();
        long heapBefore = heap();
        OpenSegments open = new OpenSegments(OPEN_MAX);
        long begun = System.nanoTime();
        PartitionLog log = Logs.open(disk, name, config, count, true, open);
        double opened = microsEach(begun, count);
        double heapEach = (heap() - heapBefore) / 1024.0 / count;
        ByteBuffer tiny = new BatchBuilder().add(1_000, null, ByteBuffer.wrap(new byte[1])).build();
        begun = System.nanoTime();
        for (int index = 0; index < 20; index++) log.append(tiny, 0);
        double appended = microsEach(begun, 20);
        begun = System.nanoTime();
        for (int index = 0; index < 200; index++) log.append(batch(1), 0);
        double rolled = microsEach(begun, 200);
        force(log);
        begun = System.nanoTime();
        for (int index = 0; index < OPERATIONS / 4; index++) read(log, random);
        double read = microsEach(begun, OPERATIONS / 4);
        if (counts) {
            System.out.printf(Locale.ROOT, "  %8d %14.1f %11.1f %9.0f %9.1f %7d %8d %15.2f%n", count, opened,
                    appended, rolled, read, files() - filesBefore, mapped(), heapEach);
        }
        log.close(true);
    }

    /** As a log leaves them that rolled after each batch. */
    private static void makeSegments(Path place, int count) throws IOException {
        Files.createDirectories(place);
        for (int base = 0; base < count; base++) {
            ByteBuffer batch = batch(1);
            new BatchHeader().wrap(batch, 0).stamp(base, 0);
            byte[] bytes = new byte[batch.remaining()];
            batch.get(bytes);
            String name = String.format(Locale.ROOT, "%020d", base);
            Files.write(place.resolve(name + ".log"), bytes);
            Files.write(place.resolve(name + ".index"), new byte[0]);
            Files.write(place.resolve(name + ".timeindex"), ByteBuffer.allocate(12).putLong(1_000).putInt(0)
                    .array());
        }
    }

    private void producers() {
        System.out.println();
        System.out.println("producers of one partition; each batch from another one");
        System.out.println("  producers   judge and fold ns   snapshot ms   its MiB   load ms"
                + "   heap bytes each");
        producers(1_000, false);
        for (int count = 10; count <= 1_000_000 / divisor; count *= 10) producers(count, true);
    }

    private void producers(int count, boolean counts) {
        long heapBefore = heap();
        ProducerLedger ledger = new ProducerLedger();
        BatchHeader header = new BatchHeader();
        ByteBuffer[] batches = new ByteBuffer[256];
        for (int index = 0; index < batches.length; index++) {
            batches[index] = new BatchBuilder().producer(0, (short) 0, 0).add(1_000, null, new byte[100])
                    .build();
        }
        long offset = 0;
        for (int id = 0; id < count; id++) offset = write(ledger, header, batches[0], id, 0, offset);
        double heapEach = (heap() - heapBefore) / (double) count;
        int turns = Math.max(1, 200_000 / count);
        int operations = Math.min(count, 200_000);
        long begun = System.nanoTime();
        for (int turn = 1; turn <= turns; turn++) {
            for (int index = 0; index < operations; index++) {
                int id = count == operations ? index : random.nextInt(count);
                int sequence = count == operations ? turn : 1;
                offset = write(ledger, header, batches[index & 255], id, sequence, offset);
            }
        }
        double nanos = (System.nanoTime() - begun) / (double) turns / operations;
        begun = System.nanoTime();
        ByteBuffer snapshot = ledger.snapshot();
        double written = (System.nanoTime() - begun) / 1e6;
        int size = snapshot.remaining();
        begun = System.nanoTime();
        if (!new ProducerLedger().load(snapshot)) throw new IllegalStateException("an unreadable snapshot");
        double loaded = (System.nanoTime() - begun) / 1e6;
        if (!counts) return;
        System.out.printf(Locale.ROOT, "  %9d %19.0f %13.1f %9.2f %9.1f %17.0f%n", count, nanos, written,
                size / 1048576.0, loaded, heapEach);
    }

    /** A repeated draw of one producer is a duplicate, which is judged as well, and not folded. */
    private static long write(ProducerLedger ledger, BatchHeader header, ByteBuffer batch, long id,
            int sequence, long offset) {
        batch.putLong(43, id).putInt(53, sequence);
        header.wrap(batch, 0).stamp(offset, 0);
        if (!ledger.judge(header, 0, true).accepted()) return offset;
        ledger.fold(header);
        return offset + 1;
    }

    private static ByteBuffer batch(int records) {
        BatchBuilder builder = new BatchBuilder();
        for (int index = 0; index < records; index++) {
            builder.add(1_000, null, ByteBuffer.wrap(new byte[1_500]));
        }
        return builder.build();
    }

    private static void force(PartitionLog log) {
        PartitionLog.Forcing force = log.beginForce();
        force.run();
        log.markDurable(force.offset());
    }

    private static void read(PartitionLog log, Random random) {
        long offset = (long) (random.nextDouble() * log.endOffset());
        for (BatchSlice slice : log.read(offset, log.endOffset(), 1, true)) slice.release();
    }

    private static double microsEach(long begun, int count) {
        return (System.nanoTime() - begun) / 1e3 / count;
    }

    private static long heap() {
        for (int index = 0; index < 3; index++) System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long files() throws IOException {
        if (!Files.isDirectory(Path.of("/proc/self/fd"))) return 0;
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.count();
        }
    }

    private static long mapped() throws IOException {
        if (!Files.exists(Path.of("/proc/self/maps"))) return 0;
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.endsWith("index")).count();
        }
    }
}

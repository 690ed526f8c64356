package io.semel.bench;

import io.semel.broker.Engine;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.EngineConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * {@code --only partitions}: a broker with many partitions, each of which holds records: how long a start
 * takes after a clean stop and after kill -9, and what the broker holds when nobody asks anything of it. It
 * runs in this process, whose limit of open files it must do with.
 */
final class PartitionsBench {
    private final Path directory;

    private PartitionsBench(Path directory) {
        this.directory = directory;
    }

    static void run(Path directory, boolean quick) throws IOException {
        System.out.println(limit());
        System.out.println("  partitions   clean start ms   start after kill ms   stop ms   files idle"
                + "   mapped idle   files busy   mapped busy   threads   heap MiB   resident MiB");
        new PartitionsBench(directory.resolve("warm")).row(10, false);
        for (int count : quick ? new int[] {10, 1_000} : new int[] {10, 1_000, 10_000}) {
            new PartitionsBench(directory.resolve("p" + count)).row(count, true);
        }
    }

    private Engine engine() {
        return Engine.start(EngineConfig.in(directory, "127.0.0.1", 0),
                BrokerConfig.defaults("127.0.0.1", 0).withInternalPartitions(1));
    }

    private void row(int partitions, boolean counts) throws IOException {
        // what the broker of the row before left open when it was killed
        System.gc();
        long filesBefore = entries("/proc/self/fd");
        Engine engine = engine();
        create(engine, partitions);
        write(engine, partitions);
        long filesBusy = entries("/proc/self/fd") - filesBefore;
        long mappedBusy = mapped();
        long begun = System.nanoTime();
        engine.close();
        double stopMs = millisSince(begun);
        begun = System.nanoTime();
        engine = engine();
        double cleanMs = millisSince(begun);
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long heap = runtime.totalMemory() - runtime.freeMemory() >> 20;
        long filesIdle = entries("/proc/self/fd") - filesBefore;
        long mappedIdle = mapped();
        long threads = entries("/proc/self/task");
        write(engine, partitions);
        engine.halt();
        begun = System.nanoTime();
        engine = engine();
        double killedMs = millisSince(begun);
        engine.close();
        if (!counts) return;
        System.out.printf(Locale.ROOT, "  %10d %16.0f %21.0f %9.0f %12d %13d %12d %13d %9d %10d %14s%n",
                partitions, cleanMs, killedMs, stopMs, filesIdle, mappedIdle, filesBusy, mappedBusy, threads,
                heap, resident());
    }

    private static void create(Engine engine, int partitions) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", engine.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic("t", partitions, (short) 1))).all().get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } catch (ExecutionException failure) {
            throw new IllegalStateException(failure.getCause());
        }
    }

    /** More than one index entry's worth for each partition. */
    private static void write(Engine engine, int partitions) {
        byte[] value = "v".repeat(3_000).getBytes(StandardCharsets.UTF_8);
        AtomicReference<Exception> failed = new AtomicReference<>();
        Map<String, Object> settings = Map.of("bootstrap.servers", engine.bootstrap(), "linger.ms", 5,
                "batch.size", 4_000, "buffer.memory", 64 << 20);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings,
                new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int record = 0; record < 4; record++) {
                for (int partition = 0; partition < partitions; partition++) {
                    producer.send(new ProducerRecord<>("t", partition, null, value), (sent, failure) -> {
                        if (failure != null) failed.compareAndSet(null, failure);
                    });
                }
            }
            producer.flush();
        }
        if (failed.get() != null) throw new IllegalStateException(failed.get());
    }

    private static double millisSince(long begun) {
        return (System.nanoTime() - begun) / 1e6;
    }

    private static String limit() throws IOException {
        Path limits = Path.of("/proc/self/limits");
        if (!Files.exists(limits)) return "";
        try (Stream<String> lines = Files.lines(limits)) {
            return lines.filter(line -> line.startsWith("Max open files")).findAny().orElse("");
        }
    }

    private static String resident() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) return "?";
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS")) {
                return Long.toString(Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10);
            }
        }
        return "?";
    }

    private static long entries(String place) {
        if (!Files.isDirectory(Path.of(place))) return 0;
        try (Stream<Path> entries = Files.list(Path.of(place))) {
            return entries.count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static long mapped() throws IOException {
        if (!Files.exists(Path.of("/proc/self/maps"))) return 0;
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.endsWith("index")).count();
        }
    }
}

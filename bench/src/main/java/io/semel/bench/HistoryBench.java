package io.semel.bench;

import io.semel.broker.Engine;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.EngineConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How long a start takes after kill -9, as the history of committed offsets grows and the offsets that stand
 * stay the same: with the coordinator's states, and folding its whole journal.
 */
final class HistoryBench {
    private static final int PARTITIONS = 1_000;

    private final Path directory;

    HistoryBench(Path directory) {
        this.directory = directory;
    }

    void run() {
        System.out.printf(Locale.ROOT, "%12s %14s %18s %20s%n", "commits", "journal MiB", "start ms",
                "without states ms");
        long done = 0;
        for (long commits : new long[] {100_000, 1_000_000, 3_000_000}) {
            commit(commits - done);
            done = commits;
            // the first start of a process loads classes; the second counts
            start();
            double with = start();
            double without = startWithoutStates();
            System.out.printf(Locale.ROOT, "%12d %14.1f %18.0f %20.0f%n", commits, journalBytes() / 1048576.0,
                    with, without);
        }
    }

    private Engine engine() {
        return Engine.start(EngineConfig.in(directory, "127.0.0.1", 0),
                BrokerConfig.defaults("127.0.0.1", 0).withInternalPartitions(1));
    }

    private double start() {
        long before = System.nanoTime();
        Engine engine = engine();
        double ms = (System.nanoTime() - before) / 1e6;
        engine.halt();
        return ms;
    }

    private double startWithoutStates() {
        try (Stream<Path> files = Files.list(directory.resolve("__consumer_offsets-0"))) {
            files.filter(file -> file.toString().endsWith(".state")).forEach(file -> file.toFile().delete());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return start();
    }

    private long journalBytes() {
        try (Stream<Path> files = Files.list(directory.resolve("__consumer_offsets-0"))) {
            return files.filter(file -> file.toString().endsWith(".log")).mapToLong(file ->
                    file.toFile().length()).sum();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void commit(long commits) {
        Engine engine = engine();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", engine.bootstrap()))) {
            if (!admin.listTopics().names().get().contains("t")) {
                admin.createTopics(List.of(new NewTopic("t", PARTITIONS, (short) 1))).all().get();
            }
            for (long left = commits; left > 0; left -= PARTITIONS) {
                Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    offsets.put(new TopicPartition("t", partition), new OffsetAndMetadata(left));
                }
                admin.alterConsumerGroupOffsets("group", offsets).all().get();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } catch (ExecutionException failure) {
            throw new IllegalStateException(failure.getCause());
        }
        engine.halt();
    }
}

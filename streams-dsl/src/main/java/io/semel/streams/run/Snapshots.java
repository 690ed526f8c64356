package io.semel.streams.run;

import io.semel.streams.task.MemoryBase;
import io.semel.streams.task.StoreBase;
import io.semel.streams.task.StoreBases;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * Where an instance keeps its stores, or snapshots of them, and the one thread that writes those. A store's
 * place names the id of the topic it is a fold of, so that a topic deleted and made anew never meets the
 * state of its predecessor. Shared by all hosts of an instance.
 */
final class Snapshots implements AutoCloseable {
    /** Long enough for the last snapshot of a large store. */
    private static final int CLOSE_SECONDS = 10;
    private final Path directory;
    private final Map<String, String> topicIds;
    private final StoreBases bases;
    private final ExecutorService writer;
    private final StoreSnapshots.Pace pace;
    private final LongSupplier clockMs;
    private final AtomicLong number = new AtomicLong();
    private final StoreViews views = new StoreViews();

    private Snapshots(Path directory, Map<String, String> topicIds, StoreBases bases,
                      ExecutorService writer, StoreSnapshots.Pace pace, LongSupplier clockMs) {
        this.pace = pace;
        this.clockMs = clockMs;
        this.directory = directory;
        this.topicIds = topicIds;
        this.bases = bases;
        this.writer = writer;
    }

    /** For an instance without a state directory. */
    static Snapshots none() {
        return new Snapshots(null, Map.of(), StoreBases.IN_MEMORY, null, StoreSnapshots.Pace.NORMAL,
                System::currentTimeMillis);
    }

    static Snapshots in(Path directory, Map<String, String> topicIds, StoreBases bases) {
        return new Snapshots(directory, topicIds, bases, Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "semel-snapshots");
            thread.setDaemon(true);
            return thread;
        }), StoreSnapshots.Pace.NORMAL, System::currentTimeMillis);
    }

    /** Written by whom and as often as the caller says; its executor is not closed. */
    static Snapshots stepped(SteppedHost.Local local, LongSupplier clockMs) {
        return new Snapshots(local.directory(), local.topicIds(), StoreBases.IN_MEMORY, local.writer(),
                new StoreSnapshots.Pace(local.changesMin(), 8, 0, local.journalBytesMax()), clockMs);
    }

    /** What readers from outside see of the stores. */
    StoreViews views() {
        return views;
    }

    /** The base of the store that is a fold of {@code log}. */
    StoreBase base(TopicPartition log) {
        return place(log).map(bases::open).orElseGet(MemoryBase::new);
    }

    Optional<StoreSnapshots> of(TopicPartition log) {
        return place(log).map(place -> new StoreSnapshots(place, writer, clockMs,
                "new" + number.incrementAndGet(), pace));
    }

    /** None without a state directory. */
    private Optional<Path> place(TopicPartition log) {
        String topicId = topicIds.get(log.topic());
        if (directory == null || topicId == null) {
            return Optional.empty();
        }
        return Optional.of(directory.resolve(log.topic() + "." + topicId)
                .resolve(String.valueOf(log.partition())));
    }

    @Override
    public void close() {
        if (writer != null) {
            writer.shutdown();
            try {
                writer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException asked) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

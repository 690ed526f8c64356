package io.semel.streams.run;

import io.semel.streams.task.MemoryBase;
import io.semel.streams.task.StampedBytes;
import io.semel.streams.task.StoreBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of one store of one task, the newest two of which are kept, and the journal of what came
 * after them. A view of the store is written by
 * another thread while the store moves on; processing never waits. A snapshot is a convenience: whatever is
 * wrong with one, it is passed over, the older one taken and the log replayed from there. Owned by the host's
 * thread.
 */
final class StoreSnapshots {
    private static final Logger LOG = LoggerFactory.getLogger(StoreSnapshots.class);
    private static final int KEPT = 2;
    /** Half of the time for which Kafka keeps tombstones: an older snapshot could bring the dead back. */
    private static final long AGE_MAX_MS = Duration.ofHours(12).toMillis();
    private static final String SUFFIX = ".snapshot";

    /**
     * When a snapshot is due, and how much of the journal is kept while none gets written.
     *
     * @param changesMin offsets of the log since the last one
     * @param rowsAChange every row is written: a large store waits until so many come to each change, which
     *                    the journal has meanwhile
     * @param pauseMs since the last one, once more for each million rows
     */
    record Pace(int changesMin, int rowsAChange, long pauseMs, long journalBytesMax) {
        static final Pace NORMAL = new Pace(5_000, 8, 5_000, StoreJournal.BYTES_MAX);
    }

    private final Pace pace;
    private final Path directory;
    private final ExecutorService writer;
    private final LongSupplier clockMs;
    private final String freshName;
    private final StoreJournal journal;
    private Future<?> writing;
    private long newest;
    private long begunMs;

    StoreSnapshots(Path directory, ExecutorService writer, LongSupplier clockMs, String freshName) {
        this(directory, writer, clockMs, freshName, Pace.NORMAL);
    }

    StoreSnapshots(Path directory, ExecutorService writer, LongSupplier clockMs, String freshName,
                   Pace pace) {
        this.pace = pace;
        this.directory = directory;
        this.writer = writer;
        this.clockMs = clockMs;
        this.freshName = freshName;
        this.journal = new StoreJournal(directory, pace.journalBytesMax());
    }

    /**
     * Fills an empty base: the newest sound snapshot that fits a log that ends at {@code end}, and on. A base
     * that keeps files of its own has filled itself. What is too old for its log's tombstones is forgotten.
     */
    void load(StoreBase base, long end) {
        long stoodMs = base instanceof MemoryBase memory
                ? journal.replay(base, end, loadSnapshot(memory, end)) : base.foundFromMs();
        long ageMs = clockMs.getAsLong() - stoodMs;
        if (base.position() > 0 && base.position() != end && ageMs > AGE_MAX_MS) {
            LOG.info("{}: passed over: {} ms old at position {} for a log that ends at {}", directory, ageMs,
                    base.position(), end);
            newest = 0;
            base.clear();
            journal.clear();
            newestFirst().forEach(StoreSnapshots::remove);
        }
    }

    /** Returns when the snapshot was taken that was loaded, 0 if none was. */
    private long loadSnapshot(MemoryBase base, long end) {
        for (Path file : newestFirst()) {
            try {
                SnapshotFile.Facts facts = SnapshotFile.load(file, base);
                if (facts.position() <= end) {
                    newest = facts.position();
                    return facts.createdAtMs();
                }
                LOG.info("{}: passed over: {} for a log that ends at {}", file, facts, end);
            } catch (IOException | RuntimeException damaged) {
                LOG.warn("{}: passed over: {}", file, damaged.toString());
            }
            base.clear();
            remove(file);
        }
        return 0;
    }

    /** The store took a committed batch that led it here from {@code from}. */
    void took(long from, StoreBase base, NavigableMap<byte[], StampedBytes> changes) {
        if (base instanceof MemoryBase) {
            journal.append(from, base.position(), clockMs.getAsLong(), changes);
        }
    }

    /** Begins a snapshot when the log has moved on enough; never waits. */
    void turn(StoreBase base) {
        if (isDue(base) && isIdle()) {
            begin(base);
        }
    }

    /** Takes a last one, so that whoever comes next replays nothing; does not wait for it. */
    void last(StoreBase base) {
        if (base.position() > newest) {
            begin(base);
        }
        journal.rotate();
    }

    private boolean isDue(StoreBase base) {
        return base.position() - newest >= Math.max(pace.changesMin(), base.size() / pace.rowsAChange())
                && clockMs.getAsLong() - begunMs >= pauseMs(base);
    }

    /** Longer for a larger store: a long tail costs restart time, a short pause costs the disk. */
    private long pauseMs(StoreBase base) {
        return pace.pauseMs() * (1 + base.size() / 1_000_000);
    }

    private void begin(StoreBase base) {
        if (!(base.view() instanceof MemoryBase.View view)) {
            return;
        }
        newest = view.position();
        journal.begins(newest);
        begunMs = clockMs.getAsLong();
        long createdAtMs = begunMs;
        try {
            writing = writer.submit(() -> {
                SnapshotFile.write(view, createdAtMs, directory.resolve(name(view.position())),
                        directory.resolve(freshName));
                removeOld();
                return null;
            });
        } catch (RejectedExecutionException closing) {
            LOG.debug("{}: no snapshot any more", directory);
        }
    }

    private void removeOld() throws IOException {
        List<Path> files = newestFirst();
        for (Path old : files.subList(Math.min(KEPT, files.size()), files.size())) {
            Files.deleteIfExists(old);
        }
        if (files.size() >= KEPT) {
            journal.removeBelow(position(files.get(KEPT - 1)));
        }
    }

    /** One that was passed over once is worth nothing, and its name may be that of the newest. */
    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            LOG.warn("{}: not removed: {}", file, failed.toString());
        }
    }

    private static String name(long position) {
        return String.format("%020d", position) + SUFFIX;
    }

    private static long position(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    private List<Path> newestFirst() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted(Comparator.reverseOrder()).toList();
        } catch (IOException | RuntimeException failed) {
            LOG.warn("{}: not read: {}", directory, failed.toString());
            return List.of();
        }
    }

    private boolean isIdle() {
        if (writing == null) {
            return true;
        }
        if (!writing.isDone()) {
            return false;
        }
        try {
            writing.get();
            journal.written();
        } catch (ExecutionException failed) {
            LOG.warn("{}: no snapshot was written, the next is tried in a while: {}", directory,
                    failed.getCause().toString());
            journal.failed();
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        } finally {
            writing = null;
        }
        return true;
    }
}

package io.semel.streams.run;

import io.semel.streams.task.MemoryBase;
import io.semel.streams.task.StampedBytes;
import io.semel.streams.task.StoreBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of one store of one task. The owner copies a slice of rows a turn (references, no bytes);
 * another thread writes them; processing never waits. A snapshot is a convenience: whatever is wrong with
 * one, it is passed over and the log replayed. Owned by the host's thread; {@code writing} belongs to the
 * writer's thread between slices.
 */
final class StoreSnapshots {
    private static final Logger LOG = LoggerFactory.getLogger(StoreSnapshots.class);
    private static final int SLICE_ROWS = 20_000;
    private static final int SLICE_BYTES = 4 << 20;
    private static final int CHANGES_MIN = 5_000;
    private static final long PAUSE_MS = 10_000;
    /** Half of the time for which Kafka keeps tombstones: an older snapshot could bring the dead back. */
    private static final long AGE_MAX_MS = Duration.ofHours(12).toMillis();

    private final Path file;
    private final ExecutorService writer;
    private final LongSupplier clockMs;
    private final String suffix;
    private SnapshotFile.Writer writing;
    private Future<?> step;
    private byte[] copied;
    private boolean copying;
    private long newest;
    private long begunMs;

    StoreSnapshots(Path file, ExecutorService writer, LongSupplier clockMs, String suffix) {
        this.file = file;
        this.writer = writer;
        this.clockMs = clockMs;
        this.suffix = suffix;
    }

    /** Fills an empty base from the snapshot, if there is one that fits a log that ends at {@code end}. */
    void load(StoreBase base, long end) {
        if (!Files.exists(file)) {
            return;
        }
        try {
            SnapshotFile.Facts facts = SnapshotFile.load(file, base);
            boolean tooOld = clockMs.getAsLong() - facts.createdAtMs() > AGE_MAX_MS && facts.position() < end;
            if (tooOld || facts.positionMax() > end) {
                LOG.info("{}: passed over: {} for a log that ends at {}", file, facts, end);
                base.clear();
            }
        } catch (IOException | RuntimeException damaged) {
            LOG.warn("{}: passed over: {}", file, damaged.toString());
            base.clear();
        }
        newest = base.position();
    }

    /** Copies the next slice, or begins a snapshot when the log has moved on enough; never waits. */
    void turn(StoreBase base) {
        if (step != null && !step.isDone()) {
            return;
        }
        if (!succeeded()) {
            copying = false;
        }
        if (copying) {
            slice(base);
        } else if (isDue(base)) {
            begin(base);
        }
    }

    private boolean isDue(StoreBase base) {
        return base.position() - newest >= CHANGES_MIN && clockMs.getAsLong() - begunMs >= pauseMs(base);
    }

    /** Ten seconds per million keys: a long tail costs restart time, a short pause costs the disk. */
    private static long pauseMs(StoreBase base) {
        return PAUSE_MS * (1 + base.size() / 1_000_000);
    }

    /** The store was emptied or changes hands: what is being copied is worth nothing. */
    void cancel() {
        if (copying) {
            copying = false;
            submit(this::discard);
        }
    }

    private void begin(StoreBase base) {
        long position = base.position();
        long createdAtMs = clockMs.getAsLong();
        newest = position;
        begunMs = createdAtMs;
        copied = null;
        copying = true;
        submit(() -> {
            discard();
            writing = new SnapshotFile.Writer(file, suffix, position, createdAtMs);
            return null;
        });
    }

    private void slice(StoreBase base) {
        TreeMap<byte[], StampedBytes> rows = new TreeMap<>(MemoryBase.KEY_ORDER);
        int[] bytes = new int[1];
        byte[] next = copied == null ? null : Arrays.copyOf(copied, copied.length + 1);
        base.scan(next, null, (key, value) -> {
            rows.put(key, value);
            bytes[0] += key.length + value.value().length;
            return rows.size() < SLICE_ROWS && bytes[0] < SLICE_BYTES;
        });
        if (rows.isEmpty()) {
            long positionMax = base.position();
            copying = false;
            submit(() -> {
                writing.finish(positionMax);
                writing = null;
                return null;
            });
            return;
        }
        copied = rows.lastKey();
        submit(() -> {
            writing.rows(rows);
            return null;
        });
    }

    private Void discard() throws IOException {
        if (writing != null) {
            writing.close();
            writing = null;
        }
        return null;
    }

    private void submit(Callable<Void> work) {
        try {
            step = writer.submit(work);
        } catch (RejectedExecutionException closing) {
            copying = false;
        }
    }

    private boolean succeeded() {
        if (step == null) {
            return true;
        }
        try {
            step.get();
            return true;
        } catch (ExecutionException failed) {
            LOG.warn("{}: not written: {}", file, failed.getCause().toString());
            return false;
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            step = null;
        }
    }
}

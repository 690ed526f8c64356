package io.semel.streams.rocksdb;

import io.semel.streams.task.StampedBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open database and how many use it: whoever has entered may read, and the files are closed when the
 * last has left. One thread writes; any thread that has entered reads.
 *
 * <p>A row's key stands behind a byte, its value behind the timestamp; before all rows stand the position of
 * the log, the number of rows and the time, written in the same batch as the rows that led there. The log of
 * writes is not forced: it survives the process, and after a power cut a prefix of it does.
 */
final class SharedDb {
    private static final Logger LOG = LoggerFactory.getLogger(SharedDb.class);
    private static final byte[] STANDING = {0};
    private static final byte ROW = 1;
    private static final byte[] BEHIND_ROWS = {ROW + 1};
    private static final int STANDING_BYTES = 3 * Long.BYTES;
    private static final long WRITE_BUFFER_BYTES = 16 << 20;
    /** Small, because every store has one, however little it holds. */
    private static final long ARENA_BYTES = 64 << 10;
    private static final int FILTER_BITS_PER_KEY = 10;
    /** Files a store may hold open. */
    private static final int OPEN_FILES_MAX = 256;
    /** Stands beside the files when they are not to be believed any more. */
    private static final String REBUILD = "rebuild";

    private final Path directory;
    private final Consumer<SharedDb> unused;
    private final AtomicInteger users = new AtomicInteger(1);
    private final List<AbstractNativeReference> natives;
    private final RocksDB db;
    private volatile Standing standing;

    /** Where the store stands: position of its log, rows, and when that was applied. */
    private record Standing(long position, long size, long appliedMs) {
        static final Standing NONE = new Standing(0, 0, 0);

        byte[] bytes() {
            return ByteBuffer.allocate(STANDING_BYTES).putLong(position).putLong(size).putLong(appliedMs)
                    .array();
        }

        static Standing of(byte[] bytes) {
            if (bytes == null) {
                return NONE;
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new Standing(buffer.getLong(), buffer.getLong(), buffer.getLong());
        }
    }

    private SharedDb(Path directory, Cache cache, WriteBufferManager buffers, Consumer<SharedDb> unused,
                     List<AbstractNativeReference> natives) throws RocksDBException {
        this.directory = directory;
        this.unused = unused;
        this.natives = natives;
        BloomFilter filter = kept(new BloomFilter(FILTER_BITS_PER_KEY));
        Options options = kept(new Options()).setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setArenaBlockSize(ARENA_BYTES).setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(filter)
                        .setCacheIndexAndFilterBlocks(true).setPinL0FilterAndIndexBlocksInCache(true))
                .setCreateIfMissing(true).setWriteBufferManager(buffers).setMaxOpenFiles(OPEN_FILES_MAX)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL).setKeepLogFileNum(2);
        this.db = kept(RocksDB.open(options, directory.toString()));
        this.standing = Standing.of(db.get(STANDING));
    }

    private <T extends AbstractNativeReference> T kept(T one) {
        natives.add(one);
        return one;
    }

    /** @param unused told when the last user has left; then calls {@link #closeFiles} unless it has */
    static SharedDb open(Path directory, Cache cache, WriteBufferManager buffers, Consumer<SharedDb> unused) {
        try {
            if (Files.exists(directory.resolve(REBUILD))) {
                LOG.warn("{}: removed, it could not be read; the store is read from its log", directory);
                remove(directory);
            }
            Files.createDirectories(directory);
            try {
                return opened(directory, cache, buffers, unused);
            } catch (RocksDBException problem) {
                if (isHeldByAnother(problem)) {
                    throw new IllegalStateException(directory + " is in use by another process; give every"
                            + " running instance its own stateDir", problem);
                }
                LOG.warn("{}: removed, it could not be opened ({}); the store is read from its log",
                        directory, problem.getMessage());
                remove(directory);
                Files.createDirectories(directory);
                return opened(directory, cache, buffers, unused);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(directory + ": " + failed.getMessage(), failed);
        } catch (RocksDBException failed) {
            throw new UncheckedIOException(new IOException(directory + ": " + failed.getMessage(), failed));
        }
    }

    private static SharedDb opened(Path directory, Cache cache, WriteBufferManager buffers,
                                   Consumer<SharedDb> unused) throws RocksDBException {
        List<AbstractNativeReference> natives = new ArrayList<>();
        try {
            return new SharedDb(directory, cache, buffers, unused, natives);
        } catch (RocksDBException | RuntimeException failed) {
            close(natives);
            throw failed;
        }
    }

    private static boolean isHeldByAnother(RocksDBException problem) {
        Status status = problem.getStatus();
        return status != null && status.getCode() == Status.Code.IOError
                && String.valueOf(problem.getMessage()).contains("lock");
    }

    Path directory() {
        return directory;
    }

    /** False when everybody has left and the files are closed, or about to be. */
    boolean enter() {
        for (int now = users.get(); now > 0; now = users.get()) {
            if (users.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    void leave() {
        if (users.decrementAndGet() == 0) {
            unused.accept(this);
        }
    }

    /** Once, when nobody uses it and nobody can enter any more. */
    void closeFiles() {
        close(natives);
    }

    private static void close(List<AbstractNativeReference> natives) {
        for (int index = natives.size() - 1; index >= 0; index--) {
            natives.get(index).close();
        }
        natives.clear();
    }

    long position() {
        return standing.position();
    }

    long size() {
        return standing.size();
    }

    long appliedMs() {
        return standing.appliedMs();
    }

    StampedBytes get(byte[] key) {
        try {
            byte[] row = db.get(rowKey(key));
            return row == null ? null : stamped(row);
        } catch (RocksDBException failed) {
            throw unreadable(failed);
        }
    }

    void scan(byte[] from, byte[] to, BiPredicate<byte[], StampedBytes> visit) {
        try (Slice bound = new Slice(to == null ? BEHIND_ROWS : rowKey(to)); ReadOptions options =
                new ReadOptions().setIterateUpperBound(bound); RocksIterator row = db.newIterator(options)) {
            row.seek(rowKey(from == null ? new byte[0] : from));
            while (row.isValid() && visit.test(key(row.key()), stamped(row.value()))) {
                row.next();
            }
            row.status();
        } catch (RocksDBException failed) {
            throw unreadable(failed);
        }
    }

    void apply(NavigableMap<byte[], StampedBytes> changes, long position, long nowMs) {
        try (WriteBatch batch = new WriteBatch(); WriteOptions options = new WriteOptions()) {
            long size = standing.size();
            for (Map.Entry<byte[], StampedBytes> change : changes.entrySet()) {
                byte[] key = rowKey(change.getKey());
                boolean stood = db.keyExists(key);
                boolean stays = !change.getValue().isRemoval();
                size += (stays ? 1 : 0) - (stood ? 1 : 0);
                if (stays) {
                    batch.put(key, row(change.getValue()));
                } else if (stood) {
                    batch.delete(key);
                }
            }
            write(batch, options, new Standing(position, size, nowMs));
        } catch (RocksDBException failed) {
            throw unreadable(failed);
        }
    }

    void clear() {
        try (WriteBatch batch = new WriteBatch(); WriteOptions options = new WriteOptions()) {
            batch.deleteRange(rowKey(new byte[0]), BEHIND_ROWS);
            write(batch, options, Standing.NONE);
        } catch (RocksDBException failed) {
            throw unreadable(failed);
        }
    }

    private void write(WriteBatch batch, WriteOptions options, Standing next) throws RocksDBException {
        batch.put(STANDING, next.bytes());
        db.write(options, batch);
        standing = next;
    }

    private static byte[] rowKey(byte[] key) {
        return ByteBuffer.allocate(1 + key.length).put(ROW).put(key).array();
    }

    private static byte[] key(byte[] rowKey) {
        return Arrays.copyOfRange(rowKey, 1, rowKey.length);
    }

    private static byte[] row(StampedBytes value) {
        return ByteBuffer.allocate(Long.BYTES + value.value().length).putLong(value.timestampMs())
                .put(value.value()).array();
    }

    private static StampedBytes stamped(byte[] row) {
        ByteBuffer buffer = ByteBuffer.wrap(row);
        long timestampMs = buffer.getLong();
        byte[] value = new byte[buffer.remaining()];
        buffer.get(value);
        return new StampedBytes(value, timestampMs);
    }

    /** Whoever opens the store next shall not believe its files. */
    private UncheckedIOException unreadable(RocksDBException failed) {
        try {
            Files.writeString(directory.resolve(REBUILD), failed.getMessage() + "\n");
        } catch (IOException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
        return new UncheckedIOException(new IOException(directory + ": " + failed.getMessage()
                + "; at the next start the store is read from its log", failed));
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

package io.semel.streams.rocksdb;

import io.semel.streams.task.StoreBase;
import io.semel.streams.task.StoreBases;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Stores in RocksDB, one database for each store of each task, below the instance's state directory. All of
 * them share one block cache, write buffers included. What was committed is found again after a crash of the
 * process without a replay; after a power cut some of it may be gone from the newest end, and is read from
 * the store's log again. Free to share between threads and applications of a process.
 *
 * <p>Give it to {@code StreamsConfig.stores}; the config then needs a {@code stateDir}.
 */
public final class RocksStores implements StoreBases, AutoCloseable {
    /** Enough for the write buffers of a few stores. */
    public static final long BYTES_MIN = 8 << 20;
    /** Of the memory, this part is for what is not yet in files. */
    private static final int BUFFERS_PART = 4;

    static {
        RocksDB.loadLibrary();
    }

    private final ConcurrentMap<Path, SharedDb> open = new ConcurrentHashMap<>();
    private final Cache cache;
    private final WriteBufferManager buffers;

    private RocksStores(long bytes) {
        this.cache = new LRUCache(bytes);
        this.buffers = new WriteBufferManager(bytes / BUFFERS_PART, cache);
    }

    /**
     * Stores that share a cache of {@code bytes} of native memory: blocks read, indexes, filters and write
     * buffers. Throws {@link IllegalArgumentException} below {@link #BYTES_MIN}.
     */
    public static RocksStores withMemory(long bytes) {
        if (bytes < BYTES_MIN) {
            throw new IllegalArgumentException("store memory of " + bytes + " bytes is below " + BYTES_MIN);
        }
        return new RocksStores(bytes);
    }

    /**
     * {@inheritDoc} Files that cannot be read are set aside and the store begins empty, to be read from its
     * log; files that another process holds open are a mistake that nothing but another directory heals.
     */
    @Override
    public StoreBase open(Path place) {
        Path directory = place.resolve("rocksdb").toAbsolutePath();
        // a task that moves to another thread is opened there before it is closed here
        SharedDb shared = open.compute(directory, (path, before) -> before != null && before.enter() ? before
                : SharedDb.open(path, cache, buffers, this::unused));
        return new RocksBase(shared);
    }

    /** How many stores are open. */
    public int openStores() {
        return open.size();
    }

    private void unused(SharedDb shared) {
        open.computeIfPresent(shared.directory(), (path, now) -> {
            if (now == shared) {
                shared.closeFiles();
                return null;
            }
            return now;
        });
    }

    /** Gives the shared memory back; call it when no application uses these stores any more. */
    @Override
    public void close() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("stores are open: " + open.keySet());
        }
        buffers.close();
        cache.close();
    }
}

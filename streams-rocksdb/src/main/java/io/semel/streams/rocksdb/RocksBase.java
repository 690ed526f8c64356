package io.semel.streams.rocksdb;

import io.semel.streams.task.StampedBytes;
import io.semel.streams.task.StoreBase;
import io.semel.streams.task.StoreView;
import java.util.NavigableMap;
import java.util.function.BiPredicate;

/** A base store in RocksDB. Owned by the task's thread. */
final class RocksBase implements StoreBase {
    private final SharedDb shared;
    private final long foundFromMs;
    private boolean closed;

    /** @param shared entered already; left by {@link #close} */
    RocksBase(SharedDb shared) {
        this.shared = shared;
        this.foundFromMs = shared.appliedMs();
    }

    /** What is committed at the moment of each call; empty once the store is closed. Any thread. */
    private record View(SharedDb shared) implements StoreView {
        @Override
        public StampedBytes get(byte[] key) {
            if (!shared.enter()) {
                return null;
            }
            try {
                return shared.get(key);
            } finally {
                shared.leave();
            }
        }

        @Override
        public void scan(byte[] from, byte[] to, BiPredicate<byte[], StampedBytes> visit) {
            if (!shared.enter()) {
                return;
            }
            try {
                shared.scan(from, to, visit);
            } finally {
                shared.leave();
            }
        }

        @Override
        public long position() {
            return shared.position();
        }

        @Override
        public long size() {
            return shared.size();
        }
    }

    @Override
    public StampedBytes get(byte[] key) {
        return shared.get(key);
    }

    @Override
    public void scan(byte[] from, byte[] to, BiPredicate<byte[], StampedBytes> visit) {
        shared.scan(from, to, visit);
    }

    @Override
    public void apply(NavigableMap<byte[], StampedBytes> changes, long position) {
        if (position < shared.position()) {
            throw new IllegalStateException(
                    "store position would fall from " + shared.position() + " to " + position);
        }
        if (position > shared.position() || !changes.isEmpty()) {
            shared.apply(changes, position, System.currentTimeMillis());
        }
    }

    @Override
    public long position() {
        return shared.position();
    }

    @Override
    public long size() {
        return shared.size();
    }

    @Override
    public void clear() {
        shared.clear();
    }

    @Override
    public StoreView view() {
        return new View(shared);
    }

    @Override
    public long foundFromMs() {
        return foundFromMs;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            shared.leave();
        }
    }
}

package io.semel.streams.run;

import io.semel.streams.task.MemoryBase;
import io.semel.streams.task.StampedBytes;
import io.semel.streams.task.StoreBase;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * One base store on its way up to where its log ended when it was asked. The base may lag and never leads, so
 * that the way back is always the same: replay, read committed, from its position to the target. Owned by the
 * host's thread.
 */
final class StoreFold {
    private final TopicPartition log;
    private final boolean table;
    private final StoreBase base;
    private final Predicate<ConsumerRecord<byte[], byte[]>> takes;
    private final Optional<StoreSnapshots> snapshots;
    private boolean loaded;
    private long target;
    private long replayed;

    /** @param takes whether a record belongs in the store */
    StoreFold(TopicPartition log, boolean table, StoreBase base, Optional<StoreSnapshots> snapshots,
              Predicate<ConsumerRecord<byte[], byte[]>> takes) {
        this.takes = takes;
        this.snapshots = snapshots;
        this.log = log;
        this.table = table;
        this.base = base;
    }

    TopicPartition log() {
        return log;
    }

    boolean isTable() {
        return table;
    }

    long position() {
        return base.position();
    }

    long target() {
        return target;
    }

    /** How many records were read from the log into the store. */
    long replayed() {
        return replayed;
    }

    long size() {
        return base.size();
    }

    /** Sets the goal. A base beyond it belongs to offsets that were set back by hand: it begins anew. */
    void aim(long end) {
        target = end;
        if (base.position() > target) {
            begin();
        }
        if (!loaded) {
            loaded = true;
            snapshots.ifPresent(kept -> kept.load(base, target));
        }
    }

    boolean isDone() {
        return base.position() >= target;
    }

    /** Takes what was read and how far the reader has come; returns how many records were applied. */
    int take(List<ConsumerRecord<byte[], byte[]>> records, long readerPosition) {
        NavigableMap<byte[], StampedBytes> changes = new TreeMap<>(MemoryBase.KEY_ORDER);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.offset() < target && record.key() != null && takes.test(record)) {
                changes.put(record.key(), new StampedBytes(record.value(), record.timestamp()));
            }
        }
        base.apply(changes, Math.max(base.position(), Math.min(readerPosition, target)));
        replayed += changes.size();
        return changes.size();
    }

    /** The log no longer reaches back to the base's position. */
    void begin() {
        base.clear();
    }

    /** The base took a committed batch that led it on from {@code from}. */
    void took(long from, NavigableMap<byte[], StampedBytes> changes) {
        snapshots.ifPresent(kept -> kept.took(from, base, changes));
    }

    /** Lets a snapshot go on, or begin. */
    void snapshot() {
        snapshots.ifPresent(kept -> kept.turn(base));
    }

    /** The task goes elsewhere, or the instance ends. */
    void letGo() {
        snapshots.ifPresent(kept -> kept.last(base));
    }
}

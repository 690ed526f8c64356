package io.semel.it.sim;

import io.semel.broker.Broker;
import io.semel.broker.catalogue.Catalogue;
import io.semel.broker.partition.Partition;
import io.semel.broker.partition.ReadResult;
import io.semel.broker.partition.ShardRoom;
import io.semel.committed.AbortedIndex;
import io.semel.committed.AbortedRange;
import io.semel.group.GroupEventCodec;
import io.semel.group.GroupLimits;
import io.semel.group.GroupShard;
import io.semel.idempotence.ProducerLedger;
import io.semel.txn.TxnEventCodec;
import io.semel.txn.TxnLimits;
import io.semel.txn.TxnShard;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.BatchSlice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Looks into a living broker, on its lanes: folds each partition's log anew, in the plainest way, and holds
 * it against what the partition says. The ledger's digest and the aborted ranges are those of its log (I2),
 * and the stable offset is that of the durable part of the log (I7).
 */
final class Inspector {
    private static final int EVERYTHING = Integer.MAX_VALUE;

    private Inspector() {
    }

    /** Every partition that is open when its lane has its next turn; none while the disk is damaged. */
    static void inspect(Broker broker, boolean cleans, BooleanSupplier damaged, Consumer<Partition> also) {
        broker.rooms().visitOpen(partitions -> {
            if (damaged.getAsBoolean()) return;
            for (Partition partition : partitions) {
                if (partition.offline()) continue;
                inspect(partition, cleans);
                also.accept(partition);
            }
        });
    }

    private static void inspect(Partition partition, boolean cleans) {
        long end = partition.endOffset();
        if (end == 0) return;
        ShardRoom<?, ?, ?> room = freshRoom(partition);
        ProducerLedger ledger = new ProducerLedger();
        AbortedIndex aborted = new AbortedIndex(range -> { });
        Map<Long, Long> open = new TreeMap<>();
        walk(partition, end, batch -> {
            ledger.fold(batch);
            aborted.fold(batch);
            if (room != null) room.replay(batch);
            if (batch.baseOffset() >= partition.durableOffset() || !batch.hasProducerId()) return;
            if (batch.isControl()) open.remove(batch.producerId());
            else if (batch.isTransactional()) open.putIfAbsent(batch.producerId(), batch.baseOffset());
        });
        long stable = partition.durableOffset();
        for (long first : open.values()) stable = Math.min(stable, first);
        long start = partition.log().startOffset();
        stable = Math.max(stable, start);
        // of a transaction that began below the start only the rest is folded
        boolean cut = partition.stableOffset() == start && start < stable;
        if (stable != partition.stableOffset() && !cut) {
            throw new AssertionError("I7 stable offset of " + partition.name() + " is "
                    + partition.stableOffset()
                    + ", its durable log says " + stable);
        }
        if (room != null) inspectRoom(partition, room);
        if (start > 0 || cleans && partition.log().isCompacted()) {
            inspectAbortedOfCleaned(partition, aborted);
            return;
        }
        inspectAborted(partition, aborted);
        if (ledger.digest() != partition.digest()) {
            throw new AssertionError("I2 the ledger of " + partition.name()
                    + " is not the fold of its log: " + partition.producers()
                    + " and " + ledger.describe());
        }
    }

    /** The same kind of room, for what its journal leads to; null where none stands, or catalogues differ. */
    private static ShardRoom<?, ?, ?> freshRoom(Partition partition) {
        return switch (partition.name().topic()) {
            case Catalogue.TRANSACTION_STATE -> new ShardRoom<>(null, new TxnShard(0,
                    new TxnLimits(900_000, 604_800_000L, 5_000)), new TxnEventCodec(), null);
            case Catalogue.CONSUMER_OFFSETS -> new ShardRoom<>(null,
                    new GroupShard(GroupLimits.defaults()), new GroupEventCodec(), null);
            default -> null;
        };
    }

    private static void inspectRoom(Partition partition, ShardRoom<?, ?, ?> folded) {
        long found = ((ShardRoom<?, ?, ?>) partition.room()).shard().digest();
        if (found == folded.shard().digest()) return;
        throw new AssertionError("I2 the room on " + partition.name() + " is not the fold of its journal");
    }

    /**
     * Of cleaned transactions, and of those below the start, the range may begin earlier than what is left,
     * or nothing may be left but the marker.
     */
    private static void inspectAbortedOfCleaned(Partition partition, AbortedIndex aborted) {
        long start = partition.log().startOffset();
        ReadResult read = partition.read(start, EVERYTHING, true, true, null);
        long[] end = {start};
        TreeSet<Long> markers = new TreeSet<>();
        for (BatchSlice slice : read.slices()) {
            walk(slice, batch -> {
                end[0] = batch.nextOffset();
                if (batch.isControl()) markers.add(batch.baseOffset());
            });
        }
        if (end[0] == start) return;
        Map<Long, AbortedRange> told = new TreeMap<>();
        for (AbortedRange range : read.aborted()) {
            told.put(range.lastOffset(), range);
            if (range.lastOffset() >= end[0] || markers.contains(range.lastOffset())) continue;
            throw new AssertionError("I9 " + partition.name() + " tells of " + range
                    + ", whose marker is gone");
        }
        for (AbortedRange range : aborted.overlapping(start, end[0])) {
            AbortedRange known = told.get(range.lastOffset());
            if (known != null && known.firstOffset() <= range.firstOffset()) continue;
            throw new AssertionError("I9 " + partition.name() + " does not tell of " + range);
        }
    }

    /** What a reader from the start is told, as far as one answer reaches. */
    private static void inspectAborted(Partition partition, AbortedIndex aborted) {
        long start = partition.log().startOffset();
        ReadResult read = partition.read(start, EVERYTHING, true, true, null);
        long[] end = {start};
        for (BatchSlice slice : read.slices()) walk(slice, batch -> end[0] = batch.nextOffset());
        if (end[0] == start) return;
        List<AbortedRange> told = new ArrayList<>(read.aborted());
        told.removeIf(range -> range.firstOffset() >= end[0]);
        if (told.equals(aborted.overlapping(start, end[0]))) return;
        throw new AssertionError("I2 the aborted ranges of " + partition.name() + " below " + end[0]
                + " are told as " + told
                + ", its log says " + aborted.overlapping(start, end[0]));
    }

    private static void walk(Partition partition, long end, Consumer<BatchHeader> fold) {
        long[] next = {partition.log().startOffset()};
        while (next[0] < end) {
            List<BatchSlice> slices = partition.log().read(next[0], end, EVERYTHING, true);
            if (slices == null) break;
            for (BatchSlice slice : slices) {
                walk(slice, batch -> {
                    fold.accept(batch);
                    next[0] = batch.nextOffset();
                });
            }
        }
        if (next[0] < end) throw new AssertionError("I2 " + partition.name() + " cannot be read at "
                + next[0] + " of " + end);
    }

    private static void walk(BatchSlice slice, Consumer<BatchHeader> fold) {
        ByteBuffer bytes = ByteBuffer.allocate(slice.sizeInBytes());
        slice.file().read(bytes, slice.position());
        slice.release();
        BatchHeader batch = new BatchHeader();
        for (int at = 0; at < bytes.capacity(); at += batch.sizeInBytes()) fold.accept(batch.wrap(bytes, at));
    }
}

package io.semel.it.sim;

import io.semel.broker.Broker;
import io.semel.broker.partition.Partition;
import io.semel.broker.partition.ReadResult;
import io.semel.committed.AbortedIndex;
import io.semel.committed.AbortedRange;
import io.semel.idempotence.ProducerLedger;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.BatchSlice;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Looks into a living broker, on its lanes: folds each partition's log anew, in the plainest way, and holds it against what the
 * partition says. The ledger's digest and the aborted ranges are those of its log (I2), and the stable offset is that of the durable part of the log (I7).
 */
final class Inspector {
    private static final int EVERYTHING = Integer.MAX_VALUE;

    private Inspector() {
    }

    /** Every partition that is open when its lane has its next turn. */
    static void inspect(Broker broker) {
        broker.rooms().visitOpen(partitions -> {
            for (Partition partition : partitions) if (!partition.offline()) inspect(partition);
        });
    }

    private static void inspect(Partition partition) {
        long end = partition.endOffset();
        if (end == 0) return;
        ProducerLedger ledger = new ProducerLedger();
        AbortedIndex aborted = new AbortedIndex(range -> { });
        Map<Long, Long> open = new TreeMap<>();
        walk(partition, end, batch -> {
            ledger.fold(batch);
            aborted.fold(batch);
            if (batch.baseOffset() >= partition.durableOffset() || !batch.hasProducerId()) return;
            if (batch.isControl()) open.remove(batch.producerId());
            else if (batch.isTransactional()) open.putIfAbsent(batch.producerId(), batch.baseOffset());
        });
        long stable = partition.durableOffset();
        for (long first : open.values()) stable = Math.min(stable, first);
        if (stable != partition.stableOffset()) {
            throw new AssertionError("I7 stable offset of " + partition.name() + " is " + partition.stableOffset()
                    + ", its durable log says " + stable);
        }
        List<AbortedRange> told = abortedRanges(partition);
        if (!aborted.overlapping(partition.log().startOffset(), stable).equals(told)) {
            throw new AssertionError("I2 the aborted ranges of " + partition.name() + " below " + stable + " are not those of its log: "
                    + told);
        }
        if (ledger.digest() != partition.digest()) {
            throw new AssertionError("I2 the ledger of " + partition.name() + " is not the fold of its log: " + partition.producers()
                    + " and " + ledger.describe());
        }
    }

    private static List<AbortedRange> abortedRanges(Partition partition) {
        ReadResult read = partition.read(partition.log().startOffset(), EVERYTHING, true, true, null);
        read.slices().forEach(BatchSlice::release);
        return read.slices().isEmpty() ? List.of() : read.aborted();
    }

    private static void walk(Partition partition, long end, Consumer<BatchHeader> fold) {
        long offset = partition.log().startOffset();
        while (offset < end) {
            List<BatchSlice> slices = partition.log().read(offset, end, EVERYTHING, true);
            if (slices == null) break;
            for (BatchSlice slice : slices) {
                ByteBuffer bytes = ByteBuffer.allocate(slice.sizeInBytes());
                slice.file().read(bytes, slice.position());
                slice.release();
                for (int at = 0; at < bytes.capacity();) {
                    BatchHeader batch = new BatchHeader().wrap(bytes, at);
                    fold.accept(batch);
                    offset = batch.nextOffset();
                    at += batch.sizeInBytes();
                }
            }
        }
        if (offset < end) throw new AssertionError("I2 " + partition.name() + " cannot be read at " + offset + " of " + end);
    }
}

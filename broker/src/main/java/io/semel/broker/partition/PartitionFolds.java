package io.semel.broker.partition;

import io.semel.committed.AbortedIndex;
import io.semel.committed.AbortedRange;
import io.semel.committed.StableOffsets;
import io.semel.committed.Undecided;
import io.semel.idempotence.OpenTransaction;
import io.semel.idempotence.ProducerLedger;
import io.semel.kernel.world.Saboteur;
import io.semel.kernel.world.World;
import io.semel.wire.batch.BatchFold;
import io.semel.wire.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The three folds over a partition's batches, kept in step: who wrote last, what is stable, what was
 * aborted. Owned by the partition's lane.
 */
final class PartitionFolds implements BatchFold {
    final ProducerLedger ledger;
    final StableOffsets stable;
    final AbortedIndex aborted;
    private final List<AbortedRange> fresh = new ArrayList<>();
    /**
     * Index files of segments that end at or below this hold all they must; those of later ones may be
     * missing, or stale.
     */
    long indexedBelow;
    /** How much was folded since the snapshot they began with, or that was made last. */
    long bytesSince;
    /** Bases of segments below that whose index file is to be written again. */
    final SortedSet<Long> unwritten = new TreeSet<>();

    PartitionFolds(World world) {
        this.ledger = new ProducerLedger(world.sabotaged(Saboteur.SKIP_SEQUENCE_CHECK),
                world.sabotaged(Saboteur.NO_FENCING));
        this.stable = new StableOffsets(world.sabotaged(Saboteur.STABLE_OFFSET_IGNORES_UNDECIDED));
        this.aborted = new AbortedIndex(fresh::add, world.sabotaged(Saboteur.ABORTED_RANGE_FORGOTTEN));
    }

    @Override
    public void fold(BatchHeader batch) {
        ledger.fold(batch);
        stable.fold(batch);
        aborted.fold(batch);
        bytesSince += batch.sizeInBytes();
    }

    /** Hands over the aborted ranges that came to light since the last call. */
    void drainFresh(Consumer<AbortedRange> sink) {
        if (fresh.isEmpty()) return;
        fresh.forEach(sink);
        fresh.clear();
    }

    /**
     * Takes the place of folding everything below a snapshot. False when the snapshot is damaged; state is
     * then empty.
     */
    boolean restore(ByteBuffer snapshot, List<AbortedRange> ranges) {
        if (!ledger.load(snapshot)) return false;
        List<Undecided> open = new ArrayList<>();
        for (OpenTransaction one : ledger.open()) open.add(new Undecided(one.producerId(), one.epoch(),
                one.firstOffset()));
        stable.restore(open);
        aborted.restore(open);
        aborted.load(ranges);
        return true;
    }
}

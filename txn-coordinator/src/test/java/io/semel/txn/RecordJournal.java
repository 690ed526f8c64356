package io.semel.txn;

import io.semel.kernel.law.Journal;
import io.semel.kernel.world.DiskFailure;
import java.util.ArrayList;
import java.util.List;

/**
 * A journal of what {@code __transaction_state} keeps of each event (written and read back by the codec),
 * whose durability and loss the test decides.
 */
final class RecordJournal implements Journal<TxnEvent> {
    private final TxnEventCodec codec = new TxnEventCodec();
    private final List<TxnEvent> records = new ArrayList<>();
    private long durableOffset;
    boolean failing;

    @Override
    public long append(List<TxnEvent> events) {
        if (failing) throw new DiskFailure("__transaction_state-0: the disk said no; replace it", null);
        long first = endOffset();
        for (TxnEvent event : events) records.add(codec.decode(null, codec.key(event), codec.value(event)));
        return first;
    }

    @Override
    public void hasten() {
        // whoever plays with it forces it
    }

    @Override
    public long endOffset() {
        return records.size();
    }

    @Override
    public long durableOffset() {
        return durableOffset;
    }

    void force() {
        durableOffset = endOffset();
    }

    void forceTo(long offset) {
        durableOffset = Math.max(durableOffset, Math.min(offset, endOffset()));
    }

    /**
     * Power fails: of what was never forced, only the records below {@code survivingOffset} are still there.
     */
    void lose(long survivingOffset) {
        long keep = Math.max(durableOffset, survivingOffset);
        while (records.size() > keep) records.remove(records.size() - 1);
        durableOffset = endOffset();
        failing = false;
    }

    /** As a reload reads it. */
    TxnEvent read(long offset) {
        return records.get((int) offset);
    }

    TxnShard fold(TxnShard shard) {
        for (long offset = 0; offset < endOffset(); offset++) shard.evolve(read(offset), offset);
        return shard;
    }
}

package io.semel.txn;

import io.semel.kernel.law.Decision;
import io.semel.kernel.law.Shard;
import io.semel.txn.TxnEvent.TxnChanged;
import java.util.List;

/**
 * The coordinator of the transactional ids of one {@code __transaction_state} partition. Owned by one lane.
 *
 * <p>Whoever meets a PREPARE waits for its transactional id, since only the broker can end that phase;
 * COMPLETE wakes them and each is decided anew. EndTxn so finds its own effect, and is answered when every
 * marker is durable.
 */
public final class TxnShard implements Shard<TxnCommand, TxnEvent, TxnReply> {
    private final TxnTable table;
    private final TxnRules rules;
    private final TxnFaults faults;
    private boolean asked;

    public TxnShard(int coordinatorEpoch, TxnLimits limits) {
        this(coordinatorEpoch, limits, TxnFaults.NONE);
    }

    /**
     * @param coordinatorEpoch the leader epoch of the partition: partitions refuse markers of an older one
     * @param faults           for the simulator
     */
    public TxnShard(int coordinatorEpoch, TxnLimits limits, TxnFaults faults) {
        this.table = new TxnTable(coordinatorEpoch, limits);
        this.rules = new TxnRules(table, limits, faults);
        this.faults = faults;
    }

    @Override
    public Decision<TxnEvent, TxnReply> decide(TxnCommand command, long nowMs) {
        asked = true;
        return command.askOf(rules, nowMs);
    }

    @Override
    public void evolve(TxnEvent event, long offset) {
        table.fold(event, offset, asked || !faults.forgetDutiesOnReload());
    }

    @Override
    public Object wakes(TxnEvent event) {
        return event instanceof TxnChanged changed && changed.txn().phase().complete()
            ? event.transactionalId() : null;
    }

    @Override
    public List<MarkerDuty> duties() {
        return table.owed();
    }

    @Override
    public long nextDeadlineMs() {
        return table.nextDeadlineMs();
    }

    @Override
    public TxnCommand timeout(long nowMs) {
        return new TxnCommand.Tick();
    }

    @Override
    public void restate(Restating<TxnEvent> into) {
        table.restate(into);
    }

    @Override
    public TxnReply unavailable() {
        return TxnRules.UNAVAILABLE;
    }

    @Override
    public long digest() {
        return table.digest();
    }

    /** True when these are the producer id and epoch in use for the transactional id. */
    public boolean isInUse(String transactionalId, long producerId, short epoch) {
        TxnTable.Standing standing = table.standing(transactionalId);
        return standing != null && TxnRules.notTheOwner(standing.txn(), producerId, epoch) == null;
    }

    /** How every transactional id stands, by name. */
    public List<Txn> txns() {
        return table.standings().stream().map(TxnTable.Standing::txn).toList();
    }

    /** How many transactional ids are known. */
    public int size() {
        return table.size();
    }
}

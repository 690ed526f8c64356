package io.semel.txn;

import io.semel.kernel.law.Shard;
import io.semel.txn.TxnEvent.TxnChanged;
import io.semel.txn.TxnEvent.TxnRemoved;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The fold of {@code __transaction_state}: every id's last state, what is owed, what time will change. Owned
 * by the room's lane.
 */
final class TxnTable {
    /**
     * One id's state, and the ground that answers about it rest on.
     *
     * @param offset         of the event that made it so
     * @param preparedOffset of the PREPARE that led here, -1 when none did or it was compacted away
     */
    record Standing(Txn txn, long offset, long preparedOffset) {
        /** What an answer about this state rests on: this state. */
        long ground() {
            return offset + 1;
        }

        /** What the answer to EndTxn rests on: the markers, which rest on the PREPARE; not on COMPLETE. */
        long groundOfEnd() {
            return preparedOffset + 1;
        }
    }

    private record Deadline(long atMs, String transactionalId) implements Comparable<Deadline> {
        @Override
        public int compareTo(Deadline other) {
            int byTime = Long.compare(atMs, other.atMs);
            return byTime != 0 ? byTime : transactionalId.compareTo(other.transactionalId);
        }
    }

    /** The time-out of a transaction that only its two-phase owner may end (imported: we offer none). */
    private static final int TWO_PHASE_MS = Integer.MAX_VALUE;

    private final TreeMap<String, Standing> standings = new TreeMap<>();
    private final TreeMap<Long, MarkerDuty> owed = new TreeMap<>();
    private final TreeSet<Deadline> deadlines = new TreeSet<>();
    private final int coordinatorEpoch;
    private final TxnLimits limits;
    private long digest;

    TxnTable(int coordinatorEpoch, TxnLimits limits) {
        this.coordinatorEpoch = coordinatorEpoch;
        this.limits = limits;
    }

    /** @param owes false only for the saboteur that forgets what is owed */
    void fold(TxnEvent event, long offset, boolean owes) {
        Standing before = standings.get(event.transactionalId());
        if (before != null) drop(before);
        if (event instanceof TxnChanged changed) put(changed.txn(), offset, before, owes);
        else if (event instanceof TxnRemoved removed) standings.remove(removed.transactionalId());
    }

    private void drop(Standing before) {
        Txn txn = before.txn;
        digest -= txn.digest();
        if (txn.phase().prepared()) owed.remove(before.offset);
        else deadlines.remove(new Deadline(deadlineMs(txn), txn.transactionalId()));
    }

    private void put(Txn txn, long offset, Standing before, boolean owes) {
        long preparedOffset = Txn.NONE;
        if (txn.phase().prepared()) {
            preparedOffset = offset;
            if (owes) owed.put(offset, MarkerDuty.of(txn, coordinatorEpoch, offset));
        } else {
            deadlines.add(new Deadline(deadlineMs(txn), txn.transactionalId()));
            boolean ends = txn.phase().complete() && before != null && before.txn.phase().prepared();
            if (ends) preparedOffset = before.offset;
        }
        digest += txn.digest();
        standings.put(txn.transactionalId(), new Standing(txn, offset, preparedOffset));
    }

    /** When time changes this id: its transaction times out, or it is forgotten. */
    private long deadlineMs(Txn txn) {
        return switch (txn.phase()) {
            case ONGOING -> txn.timeoutMs() < TWO_PHASE_MS ? txn.startMs() + txn.timeoutMs() : Long.MAX_VALUE;
            case EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT -> txn.updatedMs() + limits.idExpirationMs();
            case PREPARE_COMMIT, PREPARE_ABORT -> Long.MAX_VALUE;
        };
    }

    /** Null when the id is not known. */
    Standing standing(String transactionalId) {
        return standings.get(transactionalId);
    }

    /** By transactional id. */
    Collection<Standing> standings() {
        return standings.values();
    }

    /** Every id as it stands, in the order of the events that made it so. */
    void restate(Shard.Restating<TxnEvent> into) {
        List<Standing> inOrder = new ArrayList<>(standings.values());
        inOrder.sort(Comparator.comparingLong(Standing::offset));
        for (Standing standing : inOrder) into.event(new TxnChanged(standing.txn), standing.offset);
    }

    /** In the order of their PREPAREs. */
    List<MarkerDuty> owed() {
        return List.copyOf(owed.values());
    }

    long nextDeadlineMs() {
        return deadlines.isEmpty() ? Long.MAX_VALUE : deadlines.first().atMs;
    }

    /** The ids whose deadline has come, earliest first, at most {@code countMax}. */
    List<Txn> due(long nowMs, int countMax) {
        List<Txn> due = new ArrayList<>();
        for (Deadline deadline : deadlines) {
            if (deadline.atMs > nowMs || due.size() == countMax) break;
            due.add(standings.get(deadline.transactionalId).txn);
        }
        return due;
    }

    int size() {
        return standings.size();
    }

    long digest() {
        return digest;
    }
}

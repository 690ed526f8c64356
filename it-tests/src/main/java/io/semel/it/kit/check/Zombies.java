package io.semel.it.kit.check;

import io.semel.it.kit.history.Kind;
import io.semel.it.kit.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes and commits of a producer after somebody else took its transactional id. Only what began after the
 * fencing had been answered is held against it, and an initialisation that began only after its own had been
 * answered.
 */
final class Zombies {
    private final Facts facts;
    private final Findings findings;
    /** By transactional id, in the order they were answered. */
    private final Map<String, List<Integer>> fences = new HashMap<>();
    /** By process and transactional id, in the order they began. */
    private final Map<String, List<Integer>> own = new HashMap<>();
    private final Map<String, long[]> latestStart = new HashMap<>();

    Zombies(Facts facts, Findings findings) {
        this.facts = facts;
        this.findings = findings;
    }

    void check() {
        for (int index = 0; index < facts.operations.size(); index++) {
            Operation operation = facts.operations.get(index);
            boolean fence = operation.kind() == Kind.INIT || operation.kind() == Kind.FENCE;
            if (!fence || !operation.isOk() || operation.transactionalId() == null) continue;
            fences.computeIfAbsent(operation.transactionalId(), id -> new ArrayList<>()).add(index);
            if (operation.kind() == Kind.INIT) {
                own.computeIfAbsent(owner(operation), name -> new ArrayList<>()).add(index);
            }
        }
        fences.forEach(this::order);
        for (int index = 0; index < facts.operations.size(); index++) judge(index);
    }

    private static String owner(Operation operation) {
        return operation.process() + "\n" + operation.transactionalId();
    }

    private void order(String id, List<Integer> list) {
        list.sort(Comparator.comparingLong(index -> facts.operations.get(index).endNs()));
        long[] latest = new long[list.size()];
        long before = Long.MIN_VALUE;
        for (int place = 0; place < latest.length; place++) {
            before = Math.max(before, facts.operations.get(list.get(place)).startNs());
            latest[place] = before;
        }
        latestStart.put(id, latest);
    }

    private void judge(int index) {
        Operation operation = facts.operations.get(index);
        if (operation.transactionalId() == null) return;
        if (operation.kind() == Kind.SEND) write(index, operation);
        if (operation.kind() == Kind.COMMIT && operation.isOk() && isNotEmpty(index)) {
            int fence = fenceBefore(operation);
            if (fence >= 0) {
                findings.add(Anomaly.ZOMBIE_WRITE, () -> operation.process() + " committed under "
                        + operation.transactionalId() + " after it had been fenced", fence, index);
            }
        }
    }

    /** A commit of nothing may be answered by the client alone. */
    private boolean isNotEmpty(int index) {
        Txn txn = facts.transactionOfOperation(index);
        return txn != null && txn.writes.size() + txn.offsetOperations.size() > 0;
    }

    private void write(int index, Operation operation) {
        int write = facts.writeOfOperation(index);
        int seen = facts.seenByAny(write);
        Txn txn = facts.transactionOfWrite(write);
        int fence = operation.isOk() || seen >= 0 ? fenceBefore(operation) : -1;
        if (fence >= 0) {
            findings.add(Anomaly.ZOMBIE_WRITE, () -> facts.nameOf(write) + " was written under "
                    + operation.transactionalId() + " after its producer had been fenced", fence, index,
                    seen);
        } else if (facts.isVisible(write) && txn != null && fencedBeforeCommit(txn, index)) {
            findings.add(Anomaly.ZOMBIE_WRITE, () -> facts.nameOf(write)
                    + " is visible, but its producer was fenced "
                    + "before it asked to commit", index, txn.commitOperation, facts.seenBy(write));
        }
    }

    private boolean fencedBeforeCommit(Txn txn, int index) {
        return txn.commitOperation >= 0 && fenceBefore(facts.operations.get(index), txn.firstCommitNs) >= 0;
    }

    private int fenceBefore(Operation operation) {
        return fenceBefore(operation, operation.startNs());
    }

    /**
     * The fencing that was answered before {@code beforeNs} and began after the producer's own
     * initialisation; or -1.
     */
    private int fenceBefore(Operation operation, long beforeNs) {
        long[] latest = latestStart.get(operation.transactionalId());
        long ownNs = ownNs(operation);
        if (latest == null || ownNs < 0) return -1;
        List<Integer> list = fences.get(operation.transactionalId());
        int low = 0;
        int high = list.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (facts.operations.get(list.get(middle)).endNs() < beforeNs) low = middle + 1;
            else high = middle;
        }
        for (int place = low - 1; place >= 0 && latest[place] > ownNs; place--) {
            if (facts.operations.get(list.get(place)).startNs() > ownNs) return list.get(place);
        }
        return -1;
    }

    /** When the initialisation that this producer works under was answered; -1 when none was. */
    private long ownNs(Operation operation) {
        List<Integer> list = own.get(owner(operation));
        if (list == null) return -1;
        int low = 0;
        int high = list.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (facts.operations.get(list.get(middle)).startNs() <= operation.startNs()) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? -1 : facts.operations.get(list.get(low - 1)).endNs();
    }
}

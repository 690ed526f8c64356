package io.semel.it.kit.check;

import io.semel.it.kit.history.Operation;
import io.semel.it.kit.history.Outcome;

/** One transaction as its client knew it. Filled in by {@link Facts}, unchanging afterwards. */
final class Txn {
    final int index;
    final String name;
    final String process;
    final Ints writes = new Ints();
    final Ints offsetOperations = new Ints();
    String transactionalId;
    long startNs = Operation.NEVER;
    /** When its last operation ended; never, when one has not. */
    long endNs;
    int firstOperation = -1;
    int commitOperation = -1;
    int abortOperation = -1;
    private boolean commitUnknown;
    private boolean committed;
    private boolean aborted;

    Txn(int index, String name, String process) {
        this.index = index;
        this.name = name;
        this.process = process;
    }

    void saw(int index, Operation operation) {
        if (firstOperation < 0) firstOperation = index;
        if (operation.transactionalId() != null) transactionalId = operation.transactionalId();
        startNs = Math.min(startNs, operation.startNs());
        endNs = Math.max(endNs, operation.endNs());
        switch (operation.kind()) {
            case COMMIT -> commits(index, operation);
            case ABORT -> {
                abortOperation = index;
                aborted |= operation.isOk();
            }
            case SEND_OFFSETS -> offsetOperations.add(index);
            default -> { }
        }
    }

    private void commits(int index, Operation operation) {
        if (commitOperation < 0 || operation.isOk()) {
            commitOperation = committed ? commitOperation : index;
        }
        if (firstCommitNs == Operation.NEVER) firstCommitNs = operation.startNs();
        committed |= operation.isOk();
        if (operation.isOk()) committedNs = Math.min(committedNs, operation.endNs());
        commitUnknown |= operation.outcome() == Outcome.UNKNOWN;
    }

    /** When it was first asked to commit; never for never. */
    long firstCommitNs = Operation.NEVER;
    /** When its client was told that it is committed. */
    long committedNs = Operation.NEVER;

    Fate fate() {
        if (committed) return Fate.COMMITTED;
        if (aborted || !commitUnknown) return Fate.ABORTED;
        return Fate.UNKNOWN;
    }
}

package io.semel.txn;

/**
 * Where a transactional id stands. Immutable; the numbers and names are Kafka's, on disk and on the wire.
 *
 * <ul>
 * <li>EMPTY: a producer has its id and epoch; no transaction has begun since.
 * <li>ONGOING: at least one partition is enlisted, the time-out runs.
 * <li>PREPARE_COMMIT, PREPARE_ABORT: decided (I8); a marker is owed to every enlisted partition.
 * <li>COMPLETE_COMMIT, COMPLETE_ABORT: every enlisted partition holds its durable marker (I6).
 * </ul>
 */
public enum TxnPhase {
    EMPTY(0, "Empty"),
    ONGOING(1, "Ongoing"),
    PREPARE_COMMIT(2, "PrepareCommit"),
    PREPARE_ABORT(3, "PrepareAbort"),
    COMPLETE_COMMIT(4, "CompleteCommit"),
    COMPLETE_ABORT(5, "CompleteAbort");

    private static final TxnPhase[] BY_CODE = values();

    private final byte code;
    private final String wireName;

    TxnPhase(int code, String wireName) {
        this.code = (byte) code;
        this.wireName = wireName;
    }

    /**
     * The table of transitions. An empty transaction may be aborted (KIP-890: the client need not know
     * whether it had begun).
     */
    public boolean mayBecome(TxnPhase next) {
        return switch (this) {
            case EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT -> next == EMPTY || next == ONGOING
                || next == PREPARE_ABORT;
            case ONGOING -> next == ONGOING || next == PREPARE_COMMIT || next == PREPARE_ABORT;
            case PREPARE_COMMIT -> next == COMPLETE_COMMIT;
            case PREPARE_ABORT -> next == COMPLETE_ABORT;
        };
    }

    /** True while markers are owed: only the broker can end this phase. */
    public boolean prepared() {
        return this == PREPARE_COMMIT || this == PREPARE_ABORT;
    }

    /** True when markers of a decided transaction are all written and nothing has begun since. */
    public boolean complete() {
        return this == COMPLETE_COMMIT || this == COMPLETE_ABORT;
    }

    /** True when this phase is, or is on the way to, the end asked for. */
    boolean endsWith(boolean commit) {
        return this == (prepared() ? preparing(commit) : commit ? COMPLETE_COMMIT : COMPLETE_ABORT);
    }

    static TxnPhase preparing(boolean commit) {
        return commit ? PREPARE_COMMIT : PREPARE_ABORT;
    }

    /** The number in {@code __transaction_state}. */
    public byte code() {
        return code;
    }

    /** The name in DescribeTransactions and ListTransactions. */
    public String wireName() {
        return wireName;
    }

    /** The phase with this number, or null: Kafka's 6 (Dead) and 7 (PrepareEpochFence) are never on disk. */
    public static TxnPhase ofCode(byte code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }

    /** The phase with this name on the wire, or null. */
    public static TxnPhase ofWireName(String name) {
        for (TxnPhase phase : BY_CODE) if (phase.wireName.equals(name)) return phase;
        return null;
    }
}

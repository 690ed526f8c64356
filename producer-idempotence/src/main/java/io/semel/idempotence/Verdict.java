package io.semel.idempotence;

import io.semel.wire.error.ErrorCode;

/**
 * What the ledger says about a batch, a marker or a commit of offsets. Immutable; accepting and rejecting
 * allocate nothing.
 */
public final class Verdict {
    /** The four ways to judge. */
    public enum Kind {
        /** Append it, and fold it. */
        ACCEPT,
        /**
         * It stands in the log already: answer {@link #baseOffset()} once the log is durable beyond
         * {@link #lastOffset()} (I1, I4).
         */
        DUPLICATE,
        /** Refuse it with {@link #error()}. */
        REJECT,
        /**
         * Ask the coordinator whether this partition is part of the producer's transaction, then judge again
         * with {@link #guard()}.
         */
        NEEDS_ENLISTMENT
    }

    /** There is nothing against it. */
    public static final Verdict ACCEPT = new Verdict(Kind.ACCEPT, ErrorCode.NONE, -1, -1, -1, 0);

    private static final Verdict[] REJECTIONS = rejections();

    private final Kind kind;
    private final ErrorCode error;
    private final long baseOffset;
    private final long lastOffset;
    private final long timestamp;
    private final long guard;

    private Verdict(Kind kind, ErrorCode error, long baseOffset, long lastOffset, long timestamp,
            long guard) {
        this.kind = kind;
        this.error = error;
        this.baseOffset = baseOffset;
        this.lastOffset = lastOffset;
        this.timestamp = timestamp;
        this.guard = guard;
    }

    static Verdict reject(ErrorCode error) {
        return REJECTIONS[error.ordinal()];
    }

    static Verdict duplicateOf(long baseOffset, long lastOffset, long timestamp) {
        return new Verdict(Kind.DUPLICATE, ErrorCode.NONE, baseOffset, lastOffset, timestamp, 0);
    }

    static Verdict needsEnlistment(long guard) {
        return new Verdict(Kind.NEEDS_ENLISTMENT, ErrorCode.INVALID_TXN_STATE, -1, -1, -1, guard);
    }

    public Kind kind() {
        return kind;
    }

    public boolean accepted() {
        return kind == Kind.ACCEPT;
    }

    /**
     * Why it is refused, or would be if the coordinator were not asked; {@link ErrorCode#NONE} for what is
     * accepted and for duplicates.
     */
    public ErrorCode error() {
        return error;
    }

    /** Of a duplicate: the first offset of the original. */
    public long baseOffset() {
        return baseOffset;
    }

    /** Of a duplicate: the last offset of the original. */
    public long lastOffset() {
        return lastOffset;
    }

    /** Of a duplicate: the greatest timestamp of the original, in milliseconds. */
    public long timestamp() {
        return timestamp;
    }

    /** What to show with the same batch once it is enlisted; never 0. */
    public long guard() {
        return guard;
    }

    @Override
    public String toString() {
        return switch (kind) {
            case ACCEPT -> "ACCEPT";
            case DUPLICATE -> "DUPLICATE of " + baseOffset + " to " + lastOffset + " at " + timestamp;
            case REJECT -> "REJECT " + error;
            case NEEDS_ENLISTMENT -> "NEEDS_ENLISTMENT under guard " + guard;
        };
    }

    private static Verdict[] rejections() {
        ErrorCode[] errors = ErrorCode.values();
        Verdict[] rejections = new Verdict[errors.length];
        for (ErrorCode error : errors) {
            rejections[error.ordinal()] = new Verdict(Kind.REJECT, error, -1, -1, -1, 0);
        }
        return rejections;
    }
}

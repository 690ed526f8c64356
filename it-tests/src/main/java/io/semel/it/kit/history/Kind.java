package io.semel.it.kit.history;

import java.util.Locale;

/** What a client did. Immutable. */
public enum Kind {
    /** {@code initTransactions}: fences who wrote under the transactional id before. */
    INIT,
    /** Somebody else fenced the transactional id, as {@code Admin.fenceProducers} does. */
    FENCE,
    BEGIN,
    SEND,
    /** Offsets of a group that are to be committed with the transaction. */
    SEND_OFFSETS,
    COMMIT,
    ABORT,
    /** The reader chose its partitions: where it goes on is not known. */
    ASSIGN,
    /** The group chooses the reader's partitions: polls may skip and go back between rebalances. */
    SUBSCRIBE,
    /** The group gave or took these partitions. */
    REBALANCE,
    /** Where the reader goes on; an offset of -1 is not known. */
    SEEK,
    POLL,
    /** Offsets of a group, committed outside any transaction. */
    COMMIT_OFFSETS,
    /** A look at the offsets that a group has committed. */
    COMMITTED,
    /** A look at ends: stable offsets under read_committed, high watermarks under read_uncommitted. */
    ENDS,
    /** From here on readers have had their chance to read everything; of these partitions, or of all. */
    DRAINED,
    /** A remark for people, such as a fault that was injected. */
    NOTE;

    /** As files say it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException no such kind */
    public static Kind of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** Are its offsets an answer, rather than a request? */
    boolean answersOffsets() {
        return this == COMMITTED || this == ENDS;
    }
}

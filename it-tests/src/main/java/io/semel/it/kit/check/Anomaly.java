package io.semel.it.kit.check;

import java.util.Locale;

/**
 * What can be wrong with a transactional log, by the names Jepsen gave where it gave any, and by the number
 * of the list that the kit promises to find. Immutable.
 */
public enum Anomaly {
    /**
     * G1a: a read_committed reader saw a write of a transaction that was aborted or never asked to commit.
     */
    ABORTED_READ(1),
    /** A reader passed the offset of an acknowledged write and did not see it, nor did anyone. */
    LOST_WRITE(2),
    /** Some writes of a transaction are visible and others are not. */
    TORN_TRANSACTION(2),
    /** One offset with two values, or an acknowledged offset that was not true. */
    INCONSISTENT_OFFSETS(3),
    /** One value at two offsets. */
    DUPLICATE(4),
    /** A write was visible to read_committed before its transaction was asked to commit. */
    PRECOMMITTED_READ(5),
    /** Within one poll or transaction a reader left out what others saw. */
    INT_POLL_SKIP(6),
    INT_NONMONOTONIC_POLL(7),
    /** The writes of one transaction stand in another order than it sent them. */
    INT_NONMONOTONIC_SEND(8),
    NONMONOTONIC_SEND(9),
    POLL_SKIP(10),
    NONMONOTONIC_POLL(11),
    /** Transactions that read from each other in a circle. */
    G1C(12),
    /** Such a circle, with the order of one process's operations. */
    G1C_PROCESS(12),
    /** Such a circle, with the order of the clock. */
    G1C_REALTIME(12),
    /** Acknowledged, and at the end not seen by anyone. */
    UNSEEN(13),
    /** Writes of transactions interleave in a circle: Kafka never isolates writes. */
    G0(14),
    /** Another's write stands between two of one transaction. */
    INT_SEND_SKIP(14),
    /** The stable offset went back for a reader. */
    STABLE_OFFSET_BACK(15),
    HIGH_WATERMARK_BACK(15),
    STABLE_OFFSET_ABOVE_HIGH_WATERMARK(15),
    /** A group moved past input whose output is not visible. */
    OFFSET_WITHOUT_OUTPUT(16),
    /** Output is visible, but its input was or will be read again. */
    OUTPUT_WITHOUT_OFFSET(16),
    /** A producer wrote or committed after it had been fenced. */
    ZOMBIE_WRITE(17),
    /** One look at several partitions found a transaction decided in one and undecided in another. */
    PARTIAL_VISIBILITY(18),
    /** The stable offset stood still longer than any transaction may last. */
    HANGING_TRANSACTION(19),
    /** A reader saw a value that nobody in this history wrote. */
    UNRECORDED_VALUE(0);

    private final int number;

    Anomaly(int number) {
        this.number = number;
    }

    /** Its number among the 19 that the kit promises, 0 for none. */
    public int number() {
        return number;
    }

    /** As reports say it: {@code lost-write}, {@code G1c-realtime}. */
    public String word() {
        String word = name().toLowerCase(Locale.ROOT).replace('_', '-');
        return word.startsWith("g") ? "G" + word.substring(1) : word;
    }

    /** What no Kafka client may hope for, so that it is told and not judged. */
    boolean isAllowed() {
        return this == G0 || this == INT_SEND_SKIP || this == PARTIAL_VISIBILITY || this == UNRECORDED_VALUE;
    }
}

package io.semel.group;

/**
 * Where a classic group stands.
 * <ul>
 * <li>EMPTY: no members; offsets at most. Ids may have been given out.
 * <li>PREPARING_REBALANCE: a round is on; members that have joined it wait for the others, until its
 * deadline.
 * <li>COMPLETING_REBALANCE: a generation has formed; its members wait for the leader's assignment.
 * <li>STABLE: every member of the generation has its assignment, and the journal has it.
 * <li>DEAD: not there; the answer about a group nobody knows. No group is ever kept in it.
 * </ul>
 */
enum GroupPhase {
    EMPTY("Empty"),
    PREPARING_REBALANCE("PreparingRebalance"),
    COMPLETING_REBALANCE("CompletingRebalance"),
    STABLE("Stable"),
    DEAD("Dead");

    private final String kafkaName;

    GroupPhase(String kafkaName) {
        this.kafkaName = kafkaName;
    }

    /** As Kafka's tools show it. */
    String kafkaName() {
        return kafkaName;
    }

    boolean mayBecome(GroupPhase next) {
        return switch (this) {
            case EMPTY -> next == PREPARING_REBALANCE || next == STABLE || next == EMPTY;
            case PREPARING_REBALANCE -> next == COMPLETING_REBALANCE || next == EMPTY;
            case COMPLETING_REBALANCE -> next == STABLE || next == PREPARING_REBALANCE || next == EMPTY;
            case STABLE -> next == PREPARING_REBALANCE || next == STABLE || next == EMPTY;
            case DEAD -> false;
        };
    }

    /** A round may begin: one is not on already. */
    boolean mayRebalance() {
        return mayBecome(PREPARING_REBALANCE);
    }
}

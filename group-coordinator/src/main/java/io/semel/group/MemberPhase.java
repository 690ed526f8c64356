package io.semel.group;

/**
 * How far a member of a KIP-848 group has come towards its target. The codes are Kafka's.
 * <ul>
 * <li>STABLE: it has all of the target of its epoch.
 * <li>UNREVOKED_PARTITIONS: it must give up partitions first, and stays in its epoch until it has.
 * <li>UNRELEASED_PARTITIONS: it is in its target's epoch, and misses partitions that others still hold.
 * </ul>
 */
enum MemberPhase {
    STABLE(1),
    UNREVOKED_PARTITIONS(2),
    UNRELEASED_PARTITIONS(3);

    private final int code;

    MemberPhase(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** A phase we do not know counts as UNRELEASED: the next heartbeat looks at the target again. */
    static MemberPhase of(int code) {
        for (MemberPhase phase : values()) if (phase.code == code) return phase;
        return UNRELEASED_PARTITIONS;
    }
}

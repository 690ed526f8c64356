package io.semel.group.streams;

/**
 * How far a member has come towards its target. The codes are Kafka's.
 * <ul>
 * <li>STABLE: it has all of the target of its epoch.
 * <li>UNREVOKED_TASKS: it must give up tasks first, and stays in its epoch until it has.
 * <li>UNRELEASED_TASKS: it is in its target's epoch, and misses tasks that others still hold.
 * </ul>
 */
enum TaskPhase {
    STABLE(1),
    UNREVOKED_TASKS(2),
    UNRELEASED_TASKS(3);

    private final int code;

    TaskPhase(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** A phase we do not know counts as UNRELEASED: the next heartbeat looks at the target again. */
    static TaskPhase of(int code) {
        for (TaskPhase phase : values()) if (phase.code == code) return phase;
        return UNRELEASED_TASKS;
    }
}

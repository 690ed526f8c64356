package io.semel.group;

/**
 * A round of joining. Immutable.
 *
 * @param initial     the group was empty: the round ends with time only, and waits on while members come
 *                    (KIP-134)
 * @param grown       a new member has come since it began or was extended
 * @param deadlineMs  when it ends
 * @param stepMs      how long an initial round waits at a time
 * @param remainingMs how much longer an initial round may be extended
 */
record Round(boolean initial, boolean grown, long deadlineMs, long stepMs, long remainingMs) {
    static Round until(long deadlineMs) {
        return new Round(false, false, deadlineMs, 0, 0);
    }

    Round grow() {
        return initial ? new Round(true, true, deadlineMs, stepMs, remainingMs) : this;
    }
}

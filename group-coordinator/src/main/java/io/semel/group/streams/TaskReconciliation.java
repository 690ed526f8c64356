package io.semel.group.streams;

/**
 * The step a member takes towards its target (KIP-1071): give up first, take only what is free. Pure.
 *
 * @param targetEpoch the epoch of the target
 * @param owned       what the member says it has; null when it does not say
 */
record TaskReconciliation(int targetEpoch, Share target, Share owned, Free free) {
    /** Whether others are in the way of a task: see {@link StreamsGroup#freeFor}. */
    interface Free {
        boolean active(TaskId task);

        boolean copy(TaskId task);
    }

    /** The member's next standing; the same when there is nothing to do. */
    TaskStanding of(TaskStanding member) {
        return switch (member.phase()) {
            case STABLE -> member.epoch() == targetEpoch ? member : step(member);
            case UNREVOKED_TASKS -> stillHas(member.pending()) ? member : step(member);
            case UNRELEASED_TASKS -> step(member);
        };
    }

    /** As long as the member does not say what it has, it has all that it ever got. */
    private boolean stillHas(Share revoked) {
        return owned == null || !owned.isApartFrom(revoked);
    }

    private TaskStanding step(TaskStanding member) {
        Share kept = member.assigned().and(target);
        Share revoked = member.assigned().without(kept);
        if (!revoked.isEmpty() && stillHas(revoked)) {
            return member.next(member.epoch(), TaskPhase.UNREVOKED_TASKS, kept, revoked);
        }
        Share missing = target.without(kept);
        Share gained = new Share(missing.active().only(free::active), missing.standby().only(free::copy),
                missing.warmup().only(free::copy));
        boolean complete = gained.equals(missing);
        TaskStanding next = member.next(targetEpoch,
                complete ? TaskPhase.STABLE : TaskPhase.UNRELEASED_TASKS, kept.plus(gained), Share.NONE);
        return next.equals(member) ? member : next;
    }
}

package io.semel.group;

import io.semel.group.assign.Assignment;

/**
 * The step a member takes towards its target (KIP-848): give up first, take only what nobody holds. Pure.
 *
 * @param targetEpoch the epoch of the target
 * @param owned       what the member says it has; null when it does not say
 * @param free        whether nobody holds a partition, the member itself included
 */
record Reconciliation(int targetEpoch, Assignment target, Assignment owned, Assignment.Test free) {
    /** The member's next standing; the same when there is nothing to do. */
    Standing of(Standing member) {
        return switch (member.phase()) {
            case STABLE -> member.epoch() == targetEpoch ? member : step(member);
            case UNREVOKED_PARTITIONS -> stillHas(member.pending()) ? member : step(member);
            case UNRELEASED_PARTITIONS -> step(member);
        };
    }

    /** As long as the member does not say what it has, it has all that it ever got. */
    private boolean stillHas(Assignment revoked) {
        return owned == null || !owned.isApartFrom(revoked);
    }

    private Standing step(Standing member) {
        Assignment kept = member.assigned().and(target);
        Assignment revoked = member.assigned().without(kept);
        if (!revoked.isEmpty() && stillHas(revoked)) {
            return member.next(member.epoch(), MemberPhase.UNREVOKED_PARTITIONS, kept, revoked);
        }
        Assignment missing = target.without(kept);
        Assignment gained = missing.only(free);
        boolean complete = gained.size() == missing.size();
        Standing next = member.next(targetEpoch,
                complete ? MemberPhase.STABLE : MemberPhase.UNRELEASED_PARTITIONS, kept.plus(gained),
                Assignment.NONE);
        return next.equals(member) ? member : next;
    }
}

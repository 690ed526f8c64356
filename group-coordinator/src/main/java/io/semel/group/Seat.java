package io.semel.group;

import io.semel.group.assign.Assignment;
import io.semel.wire.error.ErrorCode;

/**
 * A member's place in a KIP-848 group as it is found before its news, or why it has none. Immutable.
 *
 * @param target   null when it has had none yet
 * @param replaced the id of the static member whose place it takes, null for nobody
 * @param refusal  NONE for a seat; else the rest is null, but for why
 */
record Seat(ConsumerMember member, Standing standing, Assignment target, String replaced, ErrorCode refusal,
            String why) {
    static Seat fresh(String memberId) {
        return new Seat(ConsumerMember.blank(memberId), Standing.NEW, null, null, ErrorCode.NONE, null);
    }

    static Seat of(ConsumerGroup group, ConsumerMember member) {
        return new Seat(member, group.standing(member.memberId()), group.target(member.memberId()), null,
                ErrorCode.NONE, null);
    }

    /** A static member comes back under another id, and keeps what it had. */
    static Seat replacing(ConsumerGroup group, ConsumerMember before, String memberId) {
        return new Seat(before.withId(memberId), group.standing(before.memberId()).rejoined(),
                group.target(before.memberId()), before.memberId(), ErrorCode.NONE, null);
    }

    static Seat refused(ErrorCode error, String why) {
        return new Seat(null, null, null, null, error, why);
    }

    boolean isRefused() {
        return refusal != ErrorCode.NONE;
    }
}

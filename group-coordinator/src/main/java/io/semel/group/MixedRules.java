package io.semel.group;

import io.semel.group.ConsumerEvent.SessionSet;
import io.semel.group.ConsumerEvent.StepAwaited;
import io.semel.group.GroupCommand.Heartbeat;
import io.semel.group.GroupCommand.Join;
import io.semel.group.GroupCommand.Leave;
import io.semel.group.GroupCommand.LeavingMember;
import io.semel.group.GroupCommand.Sync;
import io.semel.group.GroupReply.Beat;
import io.semel.group.GroupReply.Joined;
import io.semel.group.GroupReply.Left;
import io.semel.group.GroupReply.LeftMember;
import io.semel.group.GroupReply.MemberIdRequired;
import io.semel.group.GroupReply.Rejected;
import io.semel.group.GroupReply.Synced;
import io.semel.group.base.Deadlines;
import io.semel.kernel.law.Decision;
import io.semel.wire.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Members that speak the classic protocol in a group of the consumer protocol (KIP-848, on-line migration):
 * a join is a heartbeat that is answered at once, the epoch is the generation, nobody leads. Reads the group
 * and changes nothing.
 */
final class MixedRules {
    private final ConsumerLimits limits;
    private final ConsumerRules consumers;

    MixedRules(ConsumerLimits limits, ConsumerRules consumers) {
        this.limits = limits;
        this.consumers = consumers;
    }

    Decision<GroupEvent, GroupReply> join(ConsumerGroup group, Join join, long nowMs) {
        boolean unknown = join.memberId().isEmpty();
        String memberId = unknown ? join.candidateMemberId() : join.memberId();
        EmbeddedProtocol.Subscribed told = join.protocols().isEmpty() ? null
                : EmbeddedProtocol.subscribed(join.protocols().get(0).metadata());
        if (told == null || !suits(group, join, memberId)) {
            return rejected(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        }
        if (unknown && join.memberIdRequired() && join.groupInstanceId() == null) {
            return Decision.reply(new MemberIdRequired(memberId));
        }
        Seat seat = seatOf(group, join, memberId, unknown);
        if (seat.isRefused()) return rejected(seat.refusal());
        boolean comes = group.member(memberId) == null && seat.replaced() == null;
        if (comes && group.size() >= limits.groupSizeMax()) {
            return rejected(ErrorCode.GROUP_MAX_SIZE_REACHED);
        }
        MemberUpdate update = new MemberUpdate(group, seat, join.topics(), nowMs);
        ConsumerMember member = seat.member().told(join, told);
        Standing next = update.apply(member, told.owned(join.topics()));
        List<GroupEvent> events = new ArrayList<>(update.events());
        events.add(new SessionSet(group.groupId(), memberId, nowMs + join.sessionTimeoutMs()));
        events.add(new StepAwaited(group.groupId(), memberId, nowMs + member.rebalanceTimeoutMs()));
        return Decision.write(events, new Joined(memberId, next.epoch(), Subscription.CONSUMER,
                join.protocols().get(0).name(), "", false, List.of()));
    }

    private static boolean suits(ConsumerGroup group, Join join, String memberId) {
        if (!join.protocolType().equals(Subscription.CONSUMER)) return false;
        for (Protocol protocol : join.protocols()) {
            boolean all = true;
            for (ConsumerMember member : group.members().values()) {
                boolean another = !member.memberId().equals(memberId)
                        && (join.groupInstanceId() == null
                        || !join.groupInstanceId().equals(member.instanceId()));
                if (another && member.isClassic()) all &= member.classic().offers(protocol.name());
            }
            if (all) return true;
        }
        return false;
    }

    private static Seat seatOf(ConsumerGroup group, Join join, String memberId, boolean unknown) {
        if (join.groupInstanceId() == null) {
            ConsumerMember member = group.member(memberId);
            return member == null ? Seat.fresh(memberId) : Seat.of(group, member);
        }
        ConsumerMember existing = group.memberOf(join.groupInstanceId());
        if (existing == null) {
            return unknown ? Seat.fresh(memberId) : Seat.refused(ErrorCode.UNKNOWN_MEMBER_ID, null);
        }
        if (existing.memberId().equals(memberId)) return Seat.of(group, existing);
        return unknown ? Seat.replacing(group, existing, memberId)
                : Seat.refused(ErrorCode.FENCED_INSTANCE_ID, null);
    }

    Decision<GroupEvent, GroupReply> sync(ConsumerGroup group, Sync sync, long nowMs) {
        ErrorCode fenced = fenced(group, sync.memberId(), sync.groupInstanceId(), sync.generation());
        if (fenced != ErrorCode.NONE) return rejected(fenced);
        ConsumerMember member = group.member(sync.memberId());
        Protocol protocol = member.classic().protocols().get(0);
        boolean differs = sync.protocolType() != null && !sync.protocolType().equals(Subscription.CONSUMER)
                || sync.protocolName() != null && !sync.protocolName().equals(protocol.name());
        if (differs) return rejected(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        Standing standing = group.standing(member.memberId());
        if (group.epoch() > standing.epoch()) return rejected(ErrorCode.REBALANCE_IN_PROGRESS);
        EmbeddedProtocol.Subscribed told = EmbeddedProtocol.subscribed(protocol.metadata());
        byte[] assignment = EmbeddedProtocol.assignment(standing.assigned(), sync.topics(),
                told == null ? 0 : told.version());
        List<GroupEvent> events = List.of(new SessionSet(group.groupId(), member.memberId(),
                nowMs + member.classic().sessionTimeoutMs()),
                new StepAwaited(group.groupId(), member.memberId(), Deadlines.NEVER));
        return Decision.write(events, new Synced(Subscription.CONSUMER, protocol.name(), assignment));
    }

    Decision<GroupEvent, GroupReply> heartbeat(ConsumerGroup group, Heartbeat beat, long nowMs) {
        ErrorCode fenced = fenced(group, beat.memberId(), beat.groupInstanceId(), beat.generation());
        if (fenced != ErrorCode.NONE) return Decision.reply(new Beat(fenced));
        ConsumerMember member = group.member(beat.memberId());
        List<GroupEvent> events = new ArrayList<>();
        events.add(new SessionSet(group.groupId(), member.memberId(),
                nowMs + member.classic().sessionTimeoutMs()));
        if (!mustRejoin(group, member)) return Decision.write(events, new Beat(ErrorCode.NONE));
        if (!group.awaitsStepOf(member.memberId())) {
            events.add(new StepAwaited(group.groupId(), member.memberId(),
                    nowMs + member.rebalanceTimeoutMs()));
        }
        return Decision.write(events, new Beat(ErrorCode.REBALANCE_IN_PROGRESS));
    }

    /** There is a newer epoch, or something to give up, or something that has become free to take. */
    private static boolean mustRejoin(ConsumerGroup group, ConsumerMember member) {
        Standing standing = group.standing(member.memberId());
        if (standing.epoch() < group.epoch()) return true;
        return switch (standing.phase()) {
            case STABLE -> false;
            case UNREVOKED_PARTITIONS -> true;
            case UNRELEASED_PARTITIONS -> !group.awaitsOthers(member.memberId());
        };
    }

    Decision<GroupEvent, GroupReply> leave(ConsumerGroup group, Leave leave, long nowMs) {
        TreeSet<String> leaving = new TreeSet<>();
        List<LeftMember> left = new ArrayList<>(leave.members().size());
        for (LeavingMember asked : leave.members()) {
            left.add(new LeftMember(asked.memberId(), asked.groupInstanceId(),
                    leaveOne(group, asked, leaving)));
        }
        List<GroupEvent> events = leaving.isEmpty() ? List.of() : consumers.remove(group, leaving, nowMs);
        return Decision.write(events, new Left(List.copyOf(left)));
    }

    /** Administrators take static members out by name, whatever they speak. */
    private static ErrorCode leaveOne(ConsumerGroup group, LeavingMember asked, TreeSet<String> leaving) {
        boolean byName = asked.memberId().isEmpty();
        ConsumerMember member = asked.groupInstanceId() == null ? group.member(asked.memberId())
                : group.memberOf(asked.groupInstanceId());
        if (member == null) return ErrorCode.UNKNOWN_MEMBER_ID;
        if (!byName && !member.memberId().equals(asked.memberId())) return ErrorCode.FENCED_INSTANCE_ID;
        if (!byName && !member.isClassic()) return ErrorCode.UNKNOWN_MEMBER_ID;
        leaving.add(member.memberId());
        return ErrorCode.NONE;
    }

    private static ErrorCode fenced(ConsumerGroup group, String memberId, String instanceId, int generation) {
        if (instanceId != null) {
            ConsumerMember current = group.memberOf(instanceId);
            if (current == null) return ErrorCode.UNKNOWN_MEMBER_ID;
            if (!current.memberId().equals(memberId)) return ErrorCode.FENCED_INSTANCE_ID;
        }
        ConsumerMember member = group.member(memberId);
        if (member == null || !member.isClassic()) return ErrorCode.UNKNOWN_MEMBER_ID;
        return generation == group.standing(memberId).epoch() ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
    }

    private static Decision<GroupEvent, GroupReply> rejected(ErrorCode error) {
        return Decision.reply(new Rejected(error));
    }
}

package io.semel.group;

import io.semel.group.ConsumerEvent.EpochSet;
import io.semel.group.ConsumerEvent.Erased;
import io.semel.group.ConsumerEvent.Kind;
import io.semel.group.ConsumerEvent.SessionSet;
import io.semel.group.ConsumerEvent.SessionsArmed;
import io.semel.group.ConsumerEvent.StandingSet;
import io.semel.group.ConsumerEvent.StepAwaited;
import io.semel.group.ConsumerEvent.TargetEpochSet;
import io.semel.group.GroupCommand.ConsumerBeat;
import io.semel.group.GroupCommand.DescribeConsumers;
import io.semel.group.GroupReply.ConsumersDescribed;
import io.semel.group.GroupReply.DescribedConsumer;
import io.semel.group.GroupReply.Reconciled;
import io.semel.group.GroupReply.Refused;
import io.semel.group.assign.Assignment;
import io.semel.group.assign.Assignors;
import io.semel.group.base.Deadlines;
import io.semel.kernel.law.Decision;
import io.semel.wire.error.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * The consumer protocol (KIP-848): one heartbeat for joining, reconciling and leaving. Reads the table and
 * changes nothing.
 */
final class ConsumerRules {
    private final GroupTable table;
    private final LimitsByGroup byGroup;
    private final Migration migration;

    ConsumerRules(GroupTable table, LimitsByGroup byGroup, Migration migration) {
        this.table = table;
        this.byGroup = byGroup;
        this.migration = migration;
    }

    // Heartbeat

    Decision<GroupEvent, GroupReply> beat(ConsumerBeat beat, long nowMs) {
        String wrong = BeatCheck.wrong(beat);
        if (wrong != null) return refused(ErrorCode.INVALID_REQUEST, wrong);
        if (beat.assignor() != null && Assignors.named(beat.assignor()) == null) {
            return refused(ErrorCode.UNSUPPORTED_ASSIGNOR, "ServerAssignor " + beat.assignor()
                    + " is not supported. Supported assignors: " + Assignors.names() + ".");
        }
        if (beat.epoch() < 0) return leave(beat, nowMs);
        List<GroupEvent> events = new ArrayList<>();
        ConsumerGroup group = table.consumerGroup(beat.groupId());
        if (group == null && beat.epoch() > 0) return notFound(beat.groupId());
        if (table.streamsGroup(beat.groupId()) != null) {
            return refused(ErrorCode.GROUP_ID_NOT_FOUND, "Group " + beat.groupId()
                    + " is not a consumer group.");
        }
        if (group == null) group = migration.upgrade(beat.groupId(), beat.topics(), events, nowMs);
        if (group == null) {
            return refused(ErrorCode.GROUP_ID_NOT_FOUND, "Group " + beat.groupId()
                    + " uses the classic protocol and cannot change to the consumer protocol now.");
        }
        return beatIn(group, beat, events, nowMs);
    }

    private Decision<GroupEvent, GroupReply> beatIn(ConsumerGroup group, ConsumerBeat beat,
            List<GroupEvent> events, long nowMs) {
        ConsumerLimits limits = byGroup.consumersOf(group.groupId());
        Seat seat = seatOf(group, beat);
        if (seat.isRefused()) return refused(seat.refusal(), seat.why());
        boolean comes = group.member(beat.memberId()) == null && seat.replaced() == null;
        if (comes && group.size() >= limits.groupSizeMax()) {
            return refused(ErrorCode.GROUP_MAX_SIZE_REACHED, "The consumer group has reached its maximum "
                    + "capacity of " + limits.groupSizeMax() + " members.");
        }
        MemberUpdate update = new MemberUpdate(group, seat, beat.topics(), nowMs);
        ConsumerMember told = seat.member().told(beat);
        Standing next = update.apply(told, beat.owned());
        events.addAll(update.events());
        events.add(new SessionSet(group.groupId(), told.memberId(), nowMs + limits.sessionTimeoutMs()));
        awaitRevocation(group, told, seat.standing(), next, nowMs, events);
        boolean whole = beat.epoch() == 0 || beat.rebalanceTimeoutMs() >= 0 && beat.owned() != null
                && (beat.topicNames() != null || beat.expression() != null);
        boolean tells = whole || !next.assigned().equals(seat.standing().assigned());
        return Decision.write(events, new Reconciled(told.memberId(), next.epoch(),
                limits.heartbeatIntervalMs(), tells ? next.assigned() : null));
    }

    /** Time for giving up partitions runs from when they were asked back. */
    private static void awaitRevocation(ConsumerGroup group, ConsumerMember member, Standing before,
            Standing next, long nowMs, List<GroupEvent> events) {
        boolean owes = next.phase() == MemberPhase.UNREVOKED_PARTITIONS;
        if (owes && !next.equals(before)) {
            events.add(new StepAwaited(group.groupId(), member.memberId(),
                    nowMs + member.rebalanceTimeoutMs()));
        } else if (!owes && group.awaitsStepOf(member.memberId())) {
            events.add(new StepAwaited(group.groupId(), member.memberId(), Deadlines.NEVER));
        }
    }

    private static Seat seatOf(ConsumerGroup group, ConsumerBeat beat) {
        boolean joins = beat.epoch() == 0;
        ConsumerMember member = beat.instanceId() == null ? group.member(beat.memberId())
                : group.memberOf(beat.instanceId());
        if (member == null) {
            return joins ? Seat.fresh(beat.memberId()) : Seat.refused(ErrorCode.UNKNOWN_MEMBER_ID,
                    "Member " + beat.memberId() + " is not a member of group " + group.groupId() + ".");
        }
        if (member.memberId().equals(beat.memberId())) {
            return joins || epochIsCurrent(group, beat) ? Seat.of(group, member)
                    : Seat.refused(ErrorCode.FENCED_MEMBER_EPOCH, "The member's epoch " + beat.epoch()
                    + " is not the one the coordinator knows (" + group.standing(member.memberId()).epoch()
                    + "). The member must abandon all its partitions and rejoin.");
        }
        if (!joins) return fencedInstance(member, beat);
        boolean away = group.standing(member.memberId()).epoch() == Standing.LEFT_FOR_NOW;
        if (!member.isClassic() && !away) {
            return Seat.refused(ErrorCode.UNRELEASED_INSTANCE_ID, "Instance id " + beat.instanceId()
                    + " is in use by member " + member.memberId() + ", which has not left.");
        }
        return Seat.replacing(group, member, beat.memberId());
    }

    private static Seat fencedInstance(ConsumerMember member, ConsumerBeat beat) {
        return Seat.refused(ErrorCode.FENCED_INSTANCE_ID, "Static member " + beat.memberId()
                + " with instance id " + beat.instanceId() + " was fenced by member " + member.memberId()
                + ".");
    }

    /** The epoch before is good too if the member has no more than it is assigned: the answer was lost. */
    private static boolean epochIsCurrent(ConsumerGroup group, ConsumerBeat beat) {
        Standing standing = group.standing(beat.memberId());
        if (beat.epoch() == standing.epoch()) return true;
        return beat.epoch() < standing.epoch() && beat.epoch() == standing.previousEpoch()
                && beat.owned() != null && standing.assigned().hasAll(beat.owned());
    }

    // Leave, and time

    private Decision<GroupEvent, GroupReply> leave(ConsumerBeat beat, long nowMs) {
        ConsumerGroup group = table.consumerGroup(beat.groupId());
        if (group == null) return notFound(beat.groupId());
        ConsumerMember member = beat.instanceId() == null ? group.member(beat.memberId())
                : group.memberOf(beat.instanceId());
        if (member == null) {
            return refused(ErrorCode.UNKNOWN_MEMBER_ID, "Member " + beat.memberId()
                    + " is not a member of group " + beat.groupId() + ".");
        }
        if (!member.memberId().equals(beat.memberId())) {
            Seat fenced = fencedInstance(member, beat);
            return refused(fenced.refusal(), fenced.why());
        }
        Reconciled goodbye = new Reconciled(member.memberId(), beat.epoch(), 0, null);
        if (beat.epoch() == Standing.LEAVES) {
            return Decision.write(remove(group, List.of(member.memberId()), nowMs), goodbye);
        }
        Standing away = group.standing(member.memberId()).leftForNow();
        return Decision.write(List.of(new StandingSet(group.groupId(), member.memberId(), away),
                new StepAwaited(group.groupId(), member.memberId(), Deadlines.NEVER)), goodbye);
    }

    /**
     * The members are out, and the group has another epoch; or it is a classic one from now on. The last one
     * leaves the moment behind at which the group became empty.
     */
    List<GroupEvent> remove(ConsumerGroup group, Collection<String> memberIds, long nowMs) {
        SortedMap<String, ConsumerMember> left = new TreeMap<>(group.members());
        memberIds.forEach(left::remove);
        if (migration.mayDowngrade(left.values()) && group.seen() != null) {
            return migration.downgrade(group, left.values(), group.seen(), nowMs).events();
        }
        List<GroupEvent> events = new ArrayList<>();
        for (String memberId : memberIds) events.addAll(group.erasuresOf(memberId));
        SortedMap<String, SortedSet<String>> resolved = new TreeMap<>();
        for (ConsumerMember member : left.values()) {
            SortedSet<String> matched = member.expression() == null ? null
                    : group.resolved(member.expression());
            if (matched != null) resolved.put(member.expression(), matched);
        }
        for (String expression : group.expressions()) {
            if (resolved.containsKey(expression)) continue;
            events.add(new Erased(group.groupId(), Kind.EXPRESSION, expression));
        }
        long hash = group.seen() == null ? group.topicsHash()
                : Targets.hash(left.values(), resolved, group.seen());
        events.add(new EpochSet(group.groupId(), group.epoch() + 1, hash));
        if (left.isEmpty()) events.add(new TargetEpochSet(group.groupId(), group.epoch() + 1, nowMs));
        return events;
    }

    /** What is due in the group: sessions, and what members should have done by now. */
    List<GroupEvent> timePassed(ConsumerGroup group, long nowMs) {
        if (group.isUnarmed()) {
            return List.of(new SessionsArmed(group.groupId(), nowMs,
                    byGroup.consumersOf(group.groupId()).sessionTimeoutMs()));
        }
        Collection<String> due = group.dueMembers(nowMs);
        return due.isEmpty() ? List.of() : remove(group, due, nowMs);
    }

    // What administrators see

    Decision<GroupEvent, GroupReply> describe(DescribeConsumers describe) {
        ConsumerGroup group = table.consumerGroup(describe.groupId());
        if (group == null) return notFound(describe.groupId());
        List<DescribedConsumer> members = new ArrayList<>(group.size());
        for (ConsumerMember member : group.members().values()) {
            Standing standing = group.standing(member.memberId());
            members.add(new DescribedConsumer(member.memberId(), member.instanceId(), member.rackId(),
                    standing.epoch(), member.clientId(), member.clientHost(), member.topics(),
                    member.expression(), standing.assigned(),
                    Objects.requireNonNullElse(group.target(member.memberId()), Assignment.NONE),
                    member.isClassic()));
        }
        return Decision.reply(new ConsumersDescribed(group.groupId(), group.state(), group.epoch(),
                group.targetEpoch(), Targets.preferred(group.members().values()).name(),
                List.copyOf(members)));
    }

    private static Decision<GroupEvent, GroupReply> notFound(String groupId) {
        return refused(ErrorCode.GROUP_ID_NOT_FOUND, "Consumer group " + groupId + " not found.");
    }

    private static Decision<GroupEvent, GroupReply> refused(ErrorCode error, String message) {
        return Decision.reply(new Refused(error, message));
    }
}

package io.semel.group;

import io.semel.group.ConsumerEvent.EpochSet;
import io.semel.group.ConsumerEvent.MemberSet;
import io.semel.group.ConsumerEvent.SessionSet;
import io.semel.group.ConsumerEvent.StandingSet;
import io.semel.group.ConsumerEvent.TargetEpochSet;
import io.semel.group.ConsumerEvent.TargetSet;
import io.semel.group.GroupEvent.GroupRemoved;
import io.semel.group.GroupEvent.GroupStored;
import io.semel.group.GroupEvent.JoinsOf;
import io.semel.group.GroupEvent.StoredMember;
import io.semel.group.GroupEvent.SyncsOf;
import io.semel.group.GroupEvent.Woken;
import io.semel.group.assign.Assignment;
import io.semel.group.assign.TopicView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A group changes its protocol while its members live (KIP-848): to the consumer protocol when the first
 * member that speaks it joins, back when the last one has gone. Members of the classic protocol stay members
 * either way. Decides nothing but events; stateless.
 */
final class Migration {
    private final GroupTable table;
    private final GroupLimits limits;
    private final Rounds rounds;

    Migration(GroupTable table, GroupLimits limits, Rounds rounds) {
        this.table = table;
        this.limits = limits;
        this.rounds = rounds;
    }

    /**
     * The group as one of the consumer protocol, with what made it one in {@code events}; new when nobody
     * knows the id. Null when its members must stay with the classic protocol.
     */
    ConsumerGroup upgrade(String groupId, TopicView topics, List<GroupEvent> events, long nowMs) {
        ClassicGroup classic = table.group(groupId);
        ConsumerGroup fresh = new ConsumerGroup(groupId);
        if (classic == null) return fresh;
        List<ConsumerEvent> born = classic.is(GroupPhase.EMPTY) ? continued(classic, nowMs)
                : converted(classic, topics, nowMs);
        if (born == null) return null;
        if (classic.stored() != null) events.add(new GroupRemoved(groupId));
        events.add(new Woken(new JoinsOf(groupId)));
        events.add(new Woken(new SyncsOf(groupId)));
        for (ConsumerEvent event : born) event.foldInto(fresh);
        events.addAll(born);
        return fresh;
    }

    /**
     * Nobody is left, but the epochs go on from the generation: a commit that comes late, with an epoch from
     * before, must not meet that epoch again.
     */
    private static List<ConsumerEvent> continued(ClassicGroup classic, long nowMs) {
        if (classic.generation() == 0) return List.of();
        return List.of(new EpochSet(classic.groupId(), classic.generation(), 0),
                new TargetEpochSet(classic.groupId(), classic.generation(), nowMs));
    }

    /** The generation becomes the epoch, and its assignment the target that everybody has reached. */
    private List<ConsumerEvent> converted(ClassicGroup classic, TopicView topics, long nowMs) {
        boolean may = limits.consumers().migration().allowsUpgrade()
                && classic.protocolType().equals(Subscription.CONSUMER)
                && classic.size() <= limits.consumers().groupSizeMax();
        if (!may) return null;
        String groupId = classic.groupId();
        int epoch = classic.generation();
        Assignment taken = Assignment.NONE;
        List<ConsumerEvent> born = new ArrayList<>();
        for (Member member : classic.members()) {
            EmbeddedProtocol.Subscribed told = EmbeddedProtocol.subscribed(
                    member.protocols().get(0).metadata());
            Assignment assigned = EmbeddedProtocol.assigned(member.assignment(), topics);
            if (told == null || assigned == null) return null;
            assigned = assigned.without(taken);
            taken = taken.plus(assigned);
            String memberId = member.memberId();
            born.add(new MemberSet(groupId, new ConsumerMember(memberId, member.instanceId(), told.rackId(),
                    member.clientId(), member.clientHost(), member.rebalanceTimeoutMs(), told.topics(), null,
                    null, new ConsumerMember.ClassicSide(member.sessionTimeoutMs(), member.protocols()))));
            born.add(new TargetSet(groupId, memberId, assigned));
            born.add(new StandingSet(groupId, memberId, Standing.stable(epoch, assigned)));
            born.add(new SessionSet(groupId, memberId, nowMs + member.sessionTimeoutMs()));
        }
        born.add(new EpochSet(groupId, epoch, 0));
        born.add(new TargetEpochSet(groupId, epoch, nowMs));
        return born;
    }

    boolean allowsDowngrade() {
        return limits.consumers().migration().allowsDowngrade();
    }

    /** These are who is left, and all of them speak the classic protocol. */
    boolean mayDowngrade(Collection<ConsumerMember> left) {
        if (left.isEmpty() || !allowsDowngrade()) return false;
        if (left.size() > limits.groupSizeMax()) return false;
        for (ConsumerMember member : left) if (!member.isClassic()) return false;
        return commonProtocol(left) != null;
    }

    /**
     * The group as a classic one, in a round that its members must join; with what made it one among the
     * draft's events. Each has what it holds and not what it was to get: whoever was asked to give something
     * up may not have heard of it when the group changes again. It is stored without a leader, since nobody
     * has assigned this generation: rounds are not in the journal, and whoever reads that one back begins it
     * again ({@link Rounds#timePassed}).
     */
    Draft downgrade(ConsumerGroup group, Collection<ConsumerMember> left, TopicView topics, long nowMs) {
        String protocol = commonProtocol(left);
        List<StoredMember> members = new ArrayList<>(left.size());
        for (ConsumerMember member : left) {
            byte[] metadata = metadataOf(member, protocol);
            EmbeddedProtocol.Subscribed told = EmbeddedProtocol.subscribed(metadata);
            byte[] assignment = EmbeddedProtocol.assignment(group.standing(member.memberId()).held(), topics,
                    told == null ? 0 : told.version());
            members.add(new StoredMember(member.memberId(), member.instanceId(), member.clientId(),
                    member.clientHost(), member.classic().sessionTimeoutMs(), member.rebalanceTimeoutMs(),
                    metadata, assignment));
        }
        Draft draft = new Draft(group.groupId(), null, group.erasures());
        draft.add(new GroupStored(group.groupId(), Subscription.CONSUMER, group.epoch(), protocol, null,
                nowMs, members));
        rounds.rebalance(draft, nowMs);
        return draft;
    }

    /** Nobody is left but for who comes back as a classic member: generations go on from the epoch. */
    Draft downgradeEmpty(ConsumerGroup group, long nowMs) {
        Draft draft = new Draft(group.groupId(), null, group.erasures());
        if (group.epoch() == 0) return draft;
        draft.add(new GroupStored(group.groupId(), Subscription.CONSUMER, group.epoch(), null, null, nowMs,
                List.of()));
        return draft;
    }

    /** The first protocol of the first member that all offer; null when there is none. */
    private static String commonProtocol(Collection<ConsumerMember> members) {
        for (Protocol protocol : members.iterator().next().classic().protocols()) {
            boolean all = true;
            for (ConsumerMember member : members) all &= member.classic().offers(protocol.name());
            if (all) return protocol.name();
        }
        return null;
    }

    private static byte[] metadataOf(ConsumerMember member, String protocolName) {
        for (Protocol protocol : member.classic().protocols()) {
            if (protocol.name().equals(protocolName)) return protocol.metadata();
        }
        return Member.NO_BYTES;
    }
}

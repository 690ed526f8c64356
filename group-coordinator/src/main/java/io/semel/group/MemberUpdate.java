package io.semel.group;

import io.semel.group.ConsumerEvent.EpochSet;
import io.semel.group.ConsumerEvent.Erased;
import io.semel.group.ConsumerEvent.ExpressionResolved;
import io.semel.group.ConsumerEvent.Kind;
import io.semel.group.ConsumerEvent.MemberSet;
import io.semel.group.ConsumerEvent.StandingSet;
import io.semel.group.ConsumerEvent.TargetEpochSet;
import io.semel.group.ConsumerEvent.TargetSet;
import io.semel.group.ConsumerEvent.TopicsSeen;
import io.semel.group.assign.Assignment;
import io.semel.group.assign.TopicView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a member's news does to its group: a new epoch when subscriptions or topics changed, a new target for
 * a new epoch, and the member's next step towards its target. Reads the group, changes nothing. Used once.
 */
final class MemberUpdate {
    private final ConsumerGroup group;
    private final Seat seat;
    private final TopicView topics;
    private final long nowMs;
    private final List<GroupEvent> events = new ArrayList<>();
    private final SortedMap<String, ConsumerMember> members;
    private final SortedMap<String, SortedSet<String>> resolved = new TreeMap<>();
    private boolean changed;

    /** @param seat who tells news, and where it stood */
    MemberUpdate(ConsumerGroup group, Seat seat, TopicView topics, long nowMs) {
        this.group = group;
        this.seat = seat;
        this.topics = topics;
        this.nowMs = nowMs;
        members = new TreeMap<>(group.members());
    }

    List<GroupEvent> events() {
        return events;
    }

    /** @param owned what the member says it has; null when it does not say */
    Standing apply(ConsumerMember told, Assignment owned) {
        setMember(told);
        resolve(told);
        int epoch = nextEpoch();
        Assignment target = epoch > group.targetEpoch() ? newTarget(told.memberId(), epoch)
                : Objects.requireNonNullElse(seat.target(), Assignment.NONE);
        int targetEpoch = Math.max(epoch, group.targetEpoch());
        Standing next = new Reconciliation(targetEpoch, target, owned, (topicId, partition) ->
                group.holder(topicId, partition) == null).of(seat.standing());
        if (seat.replaced() != null || !next.equals(seat.standing())) {
            events.add(new StandingSet(group.groupId(), told.memberId(), next));
        }
        if (!group.hasSeen(topics)) events.add(new TopicsSeen(group.groupId(), topics));
        return next;
    }

    private void setMember(ConsumerMember told) {
        if (seat.replaced() != null) {
            events.addAll(group.erasuresOf(seat.replaced()));
            members.remove(seat.replaced());
        }
        members.put(told.memberId(), told);
        if (seat.replaced() != null || !told.equals(seat.member())) {
            events.add(new MemberSet(group.groupId(), told));
        }
        if (seat.replaced() != null && seat.target() != null) {
            events.add(new TargetSet(group.groupId(), told.memberId(), seat.target()));
        }
        boolean comes = group.member(told.memberId()) == null && seat.replaced() == null;
        changed = comes || !told.topics().equals(seat.member().topics())
                || !Objects.equals(told.expression(), seat.member().expression());
    }

    /** Expressions are looked at again when topics change; one that cannot be matched stays as it was. */
    private void resolve(ConsumerMember told) {
        for (ConsumerMember member : members.values()) {
            String expression = member.expression();
            if (expression == null || resolved.containsKey(expression)) continue;
            SortedSet<String> before = group.resolved(expression);
            SortedSet<String> now = before != null && group.hasSeen(topics) ? before
                    : topics.matching(expression);
            if (now == null) now = before == null ? new TreeSet<>() : before;
            resolved.put(expression, now);
            if (now.equals(before)) continue;
            events.add(new ExpressionResolved(group.groupId(), expression, now, nowMs));
            changed = true;
        }
        for (String expression : group.expressions()) {
            if (resolved.containsKey(expression)) continue;
            events.add(new Erased(group.groupId(), Kind.EXPRESSION, expression));
        }
    }

    private int nextEpoch() {
        if (!changed && group.hasSeen(topics)) return group.epoch();
        long hash = Targets.hash(members.values(), resolved, topics);
        if (!changed && hash == group.topicsHash()) return group.epoch();
        int epoch = group.epoch() + 1;
        events.add(new EpochSet(group.groupId(), epoch, hash));
        return epoch;
    }

    private Assignment newTarget(String memberId, int epoch) {
        SortedMap<String, Assignment> before = new TreeMap<>();
        for (String each : members.keySet()) {
            Assignment target = each.equals(seat.member().memberId()) ? seat.target() : group.target(each);
            if (target != null) before.put(each, target);
        }
        SortedMap<String, Assignment> targets = Targets.of(members.values(), before, resolved, topics);
        targets.forEach((each, target) -> {
            if (!target.equals(before.get(each))) {
                events.add(new TargetSet(group.groupId(), each, target));
            }
        });
        events.add(new TargetEpochSet(group.groupId(), epoch, nowMs));
        return targets.get(memberId);
    }
}

package io.semel.group;

import io.semel.group.ConsumerEvent.EpochSet;
import io.semel.group.ConsumerEvent.Erased;
import io.semel.group.ConsumerEvent.Kind;
import io.semel.group.ConsumerEvent.TargetEpochSet;
import io.semel.group.assign.Assignment;
import io.semel.group.assign.TopicView;
import io.semel.group.base.Deadlines;
import io.semel.group.base.Digest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One group of the consumer protocol (KIP-848). Its epoch rises when members, subscriptions or topics change;
 * the target assignment follows it, and each member's standing follows the target. All but the deadlines is
 * in the journal. Changes by events only. Owned by the room's lane.
 */
final class ConsumerGroup {
    private static final int NO_RECORD = -1;

    private final String groupId;
    private final TreeMap<String, ConsumerMember> members = new TreeMap<>();
    private final TreeMap<String, String> memberByInstance = new TreeMap<>();
    private final TreeMap<String, Standing> standings = new TreeMap<>();
    private final TreeMap<String, Assignment> targets = new TreeMap<>();
    private final TreeMap<String, SortedSet<String>> resolved = new TreeMap<>();
    private final TreeMap<UUID, TreeMap<Integer, String>> holders = new TreeMap<>();
    private final Deadlines sessions = new Deadlines();
    private final Deadlines steps = new Deadlines();
    private int epoch = NO_RECORD;
    private long topicsHash;
    private int targetEpoch = NO_RECORD;
    private long targetMs;
    private TopicView seen;

    ConsumerGroup(String groupId) {
        this.groupId = groupId;
    }

    // What stands

    String groupId() {
        return groupId;
    }

    /** 0 for a group that has just come into being; so is {@link #targetEpoch()}. */
    int epoch() {
        return Math.max(epoch, 0);
    }

    long topicsHash() {
        return topicsHash;
    }

    int targetEpoch() {
        return Math.max(targetEpoch, 0);
    }

    /** When the target was made; for an empty group, when it became empty. 0 when not told. */
    long targetMs() {
        return targetMs;
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    int size() {
        return members.size();
    }

    /** By id. Not to be changed. */
    SortedMap<String, ConsumerMember> members() {
        return Collections.unmodifiableSortedMap(members);
    }

    /** Null when it is not one. */
    ConsumerMember member(String memberId) {
        return members.get(memberId);
    }

    /** The static member of this name, null when there is none. */
    ConsumerMember memberOf(String instanceId) {
        String memberId = memberByInstance.get(instanceId);
        return memberId == null ? null : members.get(memberId);
    }

    Standing standing(String memberId) {
        return standings.getOrDefault(memberId, Standing.NEW);
    }

    /** Null when the member has had none yet. */
    Assignment target(String memberId) {
        return targets.get(memberId);
    }

    /** Who has the partition, assigned or yet to be given up; null for nobody. */
    String holder(UUID topicId, int partition) {
        TreeMap<Integer, String> ofTopic = holders.get(topicId);
        return ofTopic == null ? null : ofTopic.get(partition);
    }

    /** What an expression matched when it was looked at last; null when it never was. */
    SortedSet<String> resolved(String expression) {
        return resolved.get(expression);
    }

    Collection<String> expressions() {
        return Collections.unmodifiableCollection(resolved.keySet());
    }

    boolean hasSeen(TopicView topics) {
        return topics.equals(seen);
    }

    /** The topics as a member's call brought them last; null until one has. */
    TopicView seen() {
        return seen;
    }

    boolean subscribesTo(String topic) {
        for (ConsumerMember member : members.values()) {
            if (member.topics().contains(topic)) return true;
            SortedSet<String> matched = member.expression() == null ? null
                    : resolved.get(member.expression());
            if (matched != null && matched.contains(topic)) return true;
        }
        return false;
    }

    /** Some partition of the member's target that it lacks is still held by another. */
    boolean awaitsOthers(String memberId) {
        Assignment target = targets.getOrDefault(memberId, Assignment.NONE);
        Assignment missing = target.without(standing(memberId).assigned());
        return !missing.only((topicId, partition) -> holder(topicId, partition) != null).isEmpty();
    }

    /** As Kafka's tools show it. */
    String state() {
        if (members.isEmpty()) return "Empty";
        if (epoch() > targetEpoch()) return "Assigning";
        for (String memberId : members.keySet()) {
            Standing standing = standing(memberId);
            boolean there = standing.phase() == MemberPhase.STABLE && standing.epoch() == targetEpoch();
            if (!there) return "Reconciling";
        }
        return "Stable";
    }

    boolean isBare() {
        return epoch == NO_RECORD && targetEpoch == NO_RECORD && members.isEmpty() && standings.isEmpty()
                && targets.isEmpty() && resolved.isEmpty();
    }

    long nextDeadlineMs() {
        return isUnarmed() ? 0 : Math.min(sessions.firstMs(), steps.firstMs());
    }

    /** Some member has no deadline: it came from the journal. */
    boolean isUnarmed() {
        return sessions.count() < members.size();
    }

    boolean awaitsStepOf(String memberId) {
        return steps.of(memberId) != Deadlines.NEVER;
    }

    /** Members that were not heard of, or did not do what was asked of them, in time. */
    Collection<String> dueMembers(long nowMs) {
        SortedMap<String, Boolean> due = new TreeMap<>();
        for (String memberId : sessions.due(nowMs, Integer.MAX_VALUE)) due.put(memberId, true);
        for (String memberId : steps.due(nowMs, Integer.MAX_VALUE)) due.put(memberId, true);
        return due.keySet();
    }

    /** The tombstones of one member. */
    List<ConsumerEvent> erasuresOf(String memberId) {
        List<ConsumerEvent> erasures = new ArrayList<>();
        erasures.add(new Erased(groupId, Kind.STANDING, memberId));
        erasures.add(new Erased(groupId, Kind.MEMBER_TARGET, memberId));
        erasures.add(new Erased(groupId, Kind.MEMBER, memberId));
        return erasures;
    }

    /** The tombstones of all there is. */
    List<ConsumerEvent> erasures() {
        List<ConsumerEvent> erasures = new ArrayList<>();
        for (String memberId : members.keySet()) erasures.addAll(erasuresOf(memberId));
        for (String expression : resolved.keySet()) {
            erasures.add(new Erased(groupId, Kind.EXPRESSION, expression));
        }
        erasures.add(new Erased(groupId, Kind.TARGET, null));
        erasures.add(new Erased(groupId, Kind.GROUP, null));
        return erasures;
    }

    /** All that the journal has of it, as events that lead here from nothing. */
    List<ConsumerEvent.Durable> restated() {
        List<ConsumerEvent.Durable> events = new ArrayList<>();
        members.values().forEach(member -> events.add(new ConsumerEvent.MemberSet(groupId, member)));
        targets.forEach((memberId, target) ->
                events.add(new ConsumerEvent.TargetSet(groupId, memberId, target)));
        standings.forEach((memberId, standing) ->
                events.add(new ConsumerEvent.StandingSet(groupId, memberId, standing)));
        resolved.forEach((expression, topics) ->
                events.add(new ConsumerEvent.ExpressionResolved(groupId, expression, topics, 0)));
        if (epoch != NO_RECORD) events.add(new EpochSet(groupId, epoch, topicsHash));
        if (targetEpoch != NO_RECORD) events.add(new TargetEpochSet(groupId, targetEpoch, targetMs));
        return events;
    }

    // What happens

    void setEpoch(EpochSet event) {
        epoch = event.epoch();
        topicsHash = event.topicsHash();
    }

    void setMember(ConsumerMember member) {
        ConsumerMember before = members.put(member.memberId(), member);
        if (before != null && before.isStatic()) {
            memberByInstance.remove(before.instanceId(), before.memberId());
        }
        if (member.isStatic()) memberByInstance.put(member.instanceId(), member.memberId());
    }

    void setTargetEpoch(TargetEpochSet event) {
        targetEpoch = event.epoch();
        targetMs = event.timestampMs();
    }

    void setTarget(String memberId, Assignment target) {
        targets.put(memberId, target);
    }

    void setStanding(String memberId, Standing standing) {
        release(memberId);
        standings.put(memberId, standing);
        standing.held().forEach((topicId, partition) ->
                holders.computeIfAbsent(topicId, id -> new TreeMap<>()).put(partition, memberId));
    }

    private void release(String memberId) {
        standing(memberId).held().forEach((topicId, partition) -> {
            TreeMap<Integer, String> ofTopic = holders.get(topicId);
            if (ofTopic == null) return;
            ofTopic.remove(partition, memberId);
            if (ofTopic.isEmpty()) holders.remove(topicId);
        });
    }

    void resolve(String expression, SortedSet<String> topics) {
        resolved.put(expression, topics);
    }

    void erase(Kind kind, String name) {
        switch (kind) {
            case GROUP -> {
                epoch = NO_RECORD;
                topicsHash = 0;
            }
            case TARGET -> {
                targetEpoch = NO_RECORD;
                targetMs = 0;
            }
            case MEMBER -> removeMember(name);
            case MEMBER_TARGET -> targets.remove(name);
            case STANDING -> {
                release(name);
                standings.remove(name);
            }
            case EXPRESSION -> resolved.remove(name);
        }
    }

    private void removeMember(String memberId) {
        ConsumerMember member = members.remove(memberId);
        if (member != null && member.isStatic()) memberByInstance.remove(member.instanceId(), memberId);
        sessions.clear(memberId);
        steps.clear(memberId);
    }

    void setSession(String memberId, long deadlineMs) {
        if (members.containsKey(memberId)) sessions.set(memberId, deadlineMs);
    }

    void awaitStep(String memberId, long deadlineMs) {
        if (members.containsKey(memberId)) steps.set(memberId, deadlineMs);
    }

    /** Whoever has no deadline gets a whole session, and its time for what it must give up. */
    void arm(long nowMs, int sessionTimeoutMs) {
        for (ConsumerMember member : members.values()) {
            String memberId = member.memberId();
            int timeoutMs = member.isClassic() ? member.classic().sessionTimeoutMs() : sessionTimeoutMs;
            if (sessions.of(memberId) == Deadlines.NEVER) sessions.set(memberId, nowMs + timeoutMs);
            boolean owes = !member.isClassic()
                    && standing(memberId).phase() == MemberPhase.UNREVOKED_PARTITIONS;
            if (owes && !awaitsStepOf(memberId)) steps.set(memberId, nowMs + member.rebalanceTimeoutMs());
        }
    }

    void see(TopicView topics) {
        seen = topics;
    }

    // Of what the journal has

    void addTo(Digest digest) {
        digest.add(groupId).add(epoch).add(topicsHash).add(targetEpoch).add(targetMs);
        for (ConsumerMember member : members.values()) addTo(digest, member);
        targets.forEach((memberId, target) -> addTo(digest.add(memberId), target));
        standings.forEach((memberId, standing) -> {
            digest.add(memberId).add(standing.epoch()).add(standing.previousEpoch())
                    .add(standing.phase().code());
            addTo(digest, standing.assigned());
            addTo(digest, standing.pending());
            standing.since().forEach((topicId, ofTopic) -> ofTopic.forEach((partition, since) ->
                    digest.add(since)));
        });
        resolved.forEach((expression, topics) -> {
            digest.add(expression);
            topics.forEach(digest::add);
        });
    }

    private static void addTo(Digest digest, ConsumerMember member) {
        digest.add(member.memberId()).add(member.instanceId()).add(member.rackId()).add(member.clientId())
                .add(member.clientHost()).add(member.rebalanceTimeoutMs()).add(member.expression())
                .add(member.assignor());
        member.topics().forEach(digest::add);
        if (member.isClassic()) {
            digest.add(member.classic().sessionTimeoutMs());
            for (Protocol protocol : member.classic().protocols()) {
                digest.add(protocol.name()).add(protocol.metadata());
            }
        }
    }

    private static void addTo(Digest digest, Assignment assignment) {
        for (Map.Entry<UUID, SortedSet<Integer>> topic : assignment.partitions().entrySet()) {
            digest.add(topic.getKey().getMostSignificantBits())
                    .add(topic.getKey().getLeastSignificantBits());
            topic.getValue().forEach(partition -> digest.add(partition));
        }
    }
}

package io.semel.group;

import io.semel.group.GroupEvent.ExpirySwept;
import io.semel.group.GroupEvent.GroupRemoved;
import io.semel.group.GroupEvent.OffsetRemoved;
import io.semel.group.streams.StreamsGroup;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Offsets that nobody needs any more, and groups of which nothing is left (KIP-211). Retention counts from
 * when the group became empty, or from the commit if that is later (Kafka forgets what an administrator set
 * in a group that has long been empty); for a group with members from the commit, if nobody subscribes to the
 * topic. Reads the table and changes nothing.
 */
final class OffsetExpiry {
    private static final int GROUPS_PER_SWEEP = 64;
    private static final int EVENTS_PER_SWEEP = 500;

    private final GroupTable table;
    private final GroupLimits limits;

    OffsetExpiry(GroupTable table, GroupLimits limits) {
        this.table = table;
        this.limits = limits;
    }

    /** Looks through the next groups; what has expired goes, and a group of which nothing is left. */
    List<GroupEvent> sweep(long nowMs) {
        List<GroupEvent> events = new ArrayList<>();
        List<String> groupIds = table.groupsToSweep(GROUPS_PER_SWEEP);
        for (String groupId : groupIds) {
            ConsumerGroup consumers = table.consumerGroup(groupId);
            StreamsGroup streams = table.streamsGroup(groupId);
            if (consumers != null) expire(consumers, nowMs, events);
            else if (streams != null) expire(streams, nowMs, events);
            else expire(table.group(groupId), nowMs, events);
            if (events.size() < EVENTS_PER_SWEEP) continue;
            events.add(new ExpirySwept(groupId, nowMs));
            return events;
        }
        boolean more = groupIds.size() == GROUPS_PER_SWEEP;
        events.add(more ? new ExpirySwept(groupIds.get(groupIds.size() - 1), nowMs)
                : new ExpirySwept(null, nowMs + limits.offsetsSweepMs()));
        return events;
    }

    private void expire(ClassicGroup group, long nowMs, List<GroupEvent> events) {
        boolean empty = group.is(GroupPhase.EMPTY);
        Set<String> topics = empty ? null : Subscription.topicsOf(group);
        if (!empty && (topics == null || !group.is(GroupPhase.STABLE))) return;
        boolean sinceEmpty = group.stored() != null && empty && !group.protocolType().isEmpty();
        boolean left = expire(group.groupId(), topic -> !empty && topics.contains(topic),
                sinceEmpty ? group.stored().sinceMs() : 0, nowMs, events);
        boolean forAWhile = group.stored() != null
                && nowMs - group.stored().sinceMs() >= limits.offsetsSweepMs();
        boolean nothingLeft = empty && !left && group.promisedCount() == 0;
        if (nothingLeft && forAWhile) events.add(new GroupRemoved(group.groupId()));
    }

    private void expire(ConsumerGroup group, long nowMs, List<GroupEvent> events) {
        boolean left = expire(group.groupId(), group::subscribesTo, group.isEmpty() ? group.targetMs() : 0,
                nowMs, events);
        boolean forAWhile = nowMs - group.targetMs() >= limits.offsetsSweepMs();
        if (group.isEmpty() && !left && forAWhile) events.addAll(group.erasures());
    }

    private void expire(StreamsGroup group, long nowMs, List<GroupEvent> events) {
        boolean left = expire(group.groupId(), group::reads, group.isEmpty() ? group.targetMs() : 0, nowMs,
                events);
        boolean forAWhile = nowMs - group.targetMs() >= limits.offsetsSweepMs();
        if (group.isEmpty() && !left && forAWhile) events.addAll(StreamsGroups.erasures(group));
    }

    /** Returns whether any offsets are left. */
    private boolean expire(String groupId, Predicate<String> needs, long emptySinceMs, long nowMs,
            List<GroupEvent> events) {
        boolean left = table.offsets().hasPending(groupId);
        for (Map.Entry<TopicPartition, OffsetTable.Placed> each
                : table.offsets().committedOf(groupId).entrySet()) {
            TopicPartition partition = each.getKey();
            boolean expired = !needs.test(partition.topic())
                    && isExpired(each.getValue().value(), emptySinceMs, nowMs)
                    && !table.offsets().isPending(groupId, partition);
            if (expired) events.add(new OffsetRemoved(groupId, partition));
            else left = true;
        }
        return left;
    }

    private boolean isExpired(OffsetValue value, long emptySinceMs, long nowMs) {
        if (value.expireTimestampMs() >= 0) return nowMs >= value.expireTimestampMs();
        return nowMs - Math.max(value.commitTimestampMs(), emptySinceMs) >= limits.offsetsRetentionMs();
    }
}

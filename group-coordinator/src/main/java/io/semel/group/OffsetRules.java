package io.semel.group;

import io.semel.group.GroupCommand.CommitOffsets;
import io.semel.group.GroupCommand.DeleteGroup;
import io.semel.group.GroupCommand.DeleteOffsets;
import io.semel.group.GroupCommand.FetchOffsets;
import io.semel.group.GroupCommand.ForgetTopic;
import io.semel.group.GroupCommand.OffsetToCommit;
import io.semel.group.GroupEvent.ExpirySwept;
import io.semel.group.GroupEvent.GroupRemoved;
import io.semel.group.GroupEvent.OffsetCommitted;
import io.semel.group.GroupEvent.OffsetRemoved;
import io.semel.group.GroupReply.Committed;
import io.semel.group.GroupReply.Deleted;
import io.semel.group.GroupReply.Fetched;
import io.semel.group.GroupReply.FetchedOffset;
import io.semel.group.GroupReply.OffsetsDeleted;
import io.semel.group.GroupReply.PartitionResult;
import io.semel.kernel.law.Decision;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Offsets: commit, fetch, delete, expiry; and groups that go with their offsets. Reads the table and changes
 * nothing.
 */
final class OffsetRules {
    private static final int GROUPS_PER_SWEEP = 64;
    private static final int EVENTS_PER_SWEEP = 500;

    private final GroupTable table;
    private final GroupLimits limits;

    OffsetRules(GroupTable table, GroupLimits limits) {
        this.table = table;
        this.limits = limits;
    }

    Decision<GroupEvent, GroupReply> commit(CommitOffsets commit, long nowMs) {
        ErrorCode refused = refused(commit);
        List<GroupEvent> events = new ArrayList<>();
        List<PartitionResult> results = new ArrayList<>(commit.offsets().size());
        if (refused == ErrorCode.NONE && !commit.transactional()) events.addAll(heardOf(commit, nowMs));
        for (OffsetToCommit offset : commit.offsets()) {
            boolean tooLarge = offset.metadata() != null
                    && offset.metadata().length() > limits.offsetMetadataMax();
            ErrorCode error = refused;
            if (error == ErrorCode.NONE && tooLarge) error = ErrorCode.OFFSET_METADATA_TOO_LARGE;
            results.add(new PartitionResult(offset.partition(), error));
            if (error != ErrorCode.NONE) continue;
            String metadata = offset.metadata() == null ? "" : offset.metadata();
            OffsetValue value = new OffsetValue(offset.offset(), offset.leaderEpoch(), metadata, nowMs, -1,
                    offset.topicId());
            events.add(new OffsetCommitted(commit.groupId(), offset.partition(), value, commit.producerId(),
                    commit.producerEpoch()));
        }
        return Decision.write(events, new Committed(List.copyOf(results)));
    }

    /**
     * A commit by nobody in particular is for groups without members; in a transaction, for any (old clients
     * tell no member).
     */
    private ErrorCode refused(CommitOffsets commit) {
        boolean unnamed = commit.groupId() == null || commit.transactional() && commit.groupId().isEmpty();
        if (unnamed) return ErrorCode.INVALID_GROUP_ID;
        ClassicGroup group = table.group(commit.groupId());
        if (group == null) return commit.generation() < 0 ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
        if (commit.generation() < 0 && group.is(GroupPhase.EMPTY)) return ErrorCode.NONE;
        if (commit.generation() >= 0 || !commit.memberId().isEmpty() || commit.groupInstanceId() != null) {
            ErrorCode fenced = ClassicRules.fenced(group, commit.memberId(), commit.groupInstanceId(),
                    commit.generation());
            if (fenced != ErrorCode.NONE) return fenced;
        } else if (!commit.transactional()) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        boolean assigning = !commit.transactional() && group.is(GroupPhase.COMPLETING_REBALANCE);
        return assigning ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
    }

    /** A member that commits is alive. */
    private List<GroupEvent> heardOf(CommitOffsets commit, long nowMs) {
        ClassicGroup group = table.group(commit.groupId());
        Member member = group == null ? null : group.member(commit.memberId());
        return member == null ? List.of() : ClassicRules.heardOf(group, member, nowMs);
    }

    Decision<GroupEvent, GroupReply> fetch(FetchOffsets fetch) {
        if (fetch.groupId() == null) {
            return Decision.reply(new Fetched(ErrorCode.INVALID_GROUP_ID, List.of()));
        }
        Iterable<TopicPartition> asked = fetch.partitions() != null ? fetch.partitions()
                : table.offsets().committedOf(fetch.groupId()).keySet();
        List<FetchedOffset> found = new ArrayList<>();
        for (TopicPartition partition : asked) found.add(fetchOne(fetch, partition));
        return Decision.reply(new Fetched(ErrorCode.NONE, List.copyOf(found)));
    }

    private FetchedOffset fetchOne(FetchOffsets fetch, TopicPartition partition) {
        if (fetch.requireStable() && table.offsets().isPending(fetch.groupId(), partition)) {
            return new FetchedOffset(partition, -1, -1, "", null, ErrorCode.UNSTABLE_OFFSET_COMMIT);
        }
        OffsetValue value = table.offsets().committed(fetch.groupId(), partition);
        if (value == null) return new FetchedOffset(partition, -1, -1, "", null, ErrorCode.NONE);
        return new FetchedOffset(partition, value.offset(), value.leaderEpoch(), value.metadata(),
                value.topicId(), ErrorCode.NONE);
    }

    Decision<GroupEvent, GroupReply> deleteGroup(DeleteGroup delete) {
        if (delete.groupId() == null) return Decision.reply(new Deleted(ErrorCode.INVALID_GROUP_ID));
        ClassicGroup group = table.group(delete.groupId());
        if (group == null) return Decision.reply(new Deleted(ErrorCode.GROUP_ID_NOT_FOUND));
        if (!group.is(GroupPhase.EMPTY)) return Decision.reply(new Deleted(ErrorCode.NON_EMPTY_GROUP));
        List<GroupEvent> events = new ArrayList<>();
        for (TopicPartition partition : table.offsets().partitionsOf(group.groupId())) {
            events.add(new OffsetRemoved(group.groupId(), partition));
        }
        if (group.stored() != null) events.add(new GroupRemoved(group.groupId()));
        return Decision.write(events, new Deleted(ErrorCode.NONE));
    }

    Decision<GroupEvent, GroupReply> deleteOffsets(DeleteOffsets delete) {
        if (delete.groupId() == null || delete.groupId().isEmpty()) {
            return notDeleted(ErrorCode.INVALID_GROUP_ID);
        }
        ClassicGroup group = table.group(delete.groupId());
        if (group == null) return notDeleted(ErrorCode.GROUP_ID_NOT_FOUND);
        boolean consumers = group.protocolType().equals(Subscription.CONSUMER);
        if (!group.is(GroupPhase.EMPTY) && !consumers) return notDeleted(ErrorCode.NON_EMPTY_GROUP);
        Set<String> topics = Subscription.topicsOf(group);
        List<GroupEvent> events = new ArrayList<>();
        List<PartitionResult> results = new ArrayList<>(delete.partitions().size());
        for (TopicPartition partition : delete.partitions()) {
            boolean needed = !group.is(GroupPhase.EMPTY)
                    && Subscription.covers(topics, group, partition.topic());
            ErrorCode error = needed ? ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC : ErrorCode.NONE;
            results.add(new PartitionResult(partition, error));
            boolean there = table.offsets().committed(group.groupId(), partition) != null
                    || table.offsets().isPending(group.groupId(), partition);
            if (there && !needed) events.add(new OffsetRemoved(group.groupId(), partition));
        }
        return Decision.write(events, new OffsetsDeleted(ErrorCode.NONE, List.copyOf(results)));
    }

    private static Decision<GroupEvent, GroupReply> notDeleted(ErrorCode error) {
        return Decision.reply(new OffsetsDeleted(error, List.of()));
    }

    Decision<GroupEvent, GroupReply> forgetTopic(ForgetTopic forget) {
        List<GroupEvent> events = new ArrayList<>();
        for (String groupId : table.groups().keySet()) {
            for (TopicPartition partition : table.offsets().partitionsOf(groupId)) {
                if (partition.topic().equals(forget.topic())) {
                    events.add(new OffsetRemoved(groupId, partition));
                }
            }
        }
        return Decision.write(events, new Deleted(ErrorCode.NONE));
    }

    // Expiry

    /** Looks through the next groups; what has expired goes, and a group of which nothing is left. */
    List<GroupEvent> sweep(long nowMs) {
        List<GroupEvent> events = new ArrayList<>();
        String cursor = null;
        int count = 0;
        for (Map.Entry<String, ClassicGroup> each : table.groupsToSweep().entrySet()) {
            if (count++ == GROUPS_PER_SWEEP || events.size() >= EVENTS_PER_SWEEP) {
                events.add(new ExpirySwept(cursor, nowMs));
                return events;
            }
            expire(each.getValue(), nowMs, events);
            cursor = each.getKey();
        }
        events.add(new ExpirySwept(null, nowMs + limits.offsetsSweepMs()));
        return events;
    }

    /**
     * Retention counts from when the group became empty, or from the commit if that is later (Kafka forgets
     * what an administrator set in a group that has long been empty); for a group with members from the
     * commit, if nobody subscribes to the topic.
     */
    private void expire(ClassicGroup group, long nowMs, List<GroupEvent> events) {
        boolean empty = group.is(GroupPhase.EMPTY);
        Set<String> topics = empty ? null : Subscription.topicsOf(group);
        if (!empty && (topics == null || !group.is(GroupPhase.STABLE))) return;
        boolean nothingLeft = empty && group.promisedCount() == 0
                && !table.offsets().hasPending(group.groupId());
        for (Map.Entry<TopicPartition, OffsetTable.Placed> each
                : table.offsets().committedOf(group.groupId()).entrySet()) {
            TopicPartition partition = each.getKey();
            boolean expired = (empty || !topics.contains(partition.topic()))
                    && isExpired(group, each.getValue().value(), nowMs)
                    && !table.offsets().isPending(group.groupId(), partition);
            if (expired) events.add(new OffsetRemoved(group.groupId(), partition));
            else nothingLeft = false;
        }
        boolean forAWhile = group.stored() != null
                && nowMs - group.stored().sinceMs() >= limits.offsetsSweepMs();
        if (nothingLeft && forAWhile) events.add(new GroupRemoved(group.groupId()));
    }

    private boolean isExpired(ClassicGroup group, OffsetValue value, long nowMs) {
        if (value.expireTimestampMs() >= 0) return nowMs >= value.expireTimestampMs();
        boolean sinceEmpty = group.stored() != null && group.is(GroupPhase.EMPTY)
                && !group.protocolType().isEmpty();
        long sinceMs = value.commitTimestampMs();
        if (sinceEmpty) sinceMs = Math.max(sinceMs, group.stored().sinceMs());
        return nowMs - sinceMs >= limits.offsetsRetentionMs();
    }
}

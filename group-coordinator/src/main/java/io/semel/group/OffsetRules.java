package io.semel.group;

import io.semel.group.GroupCommand.CommitOffsets;
import io.semel.group.GroupCommand.DeleteGroup;
import io.semel.group.GroupCommand.DeleteOffsets;
import io.semel.group.GroupCommand.FetchOffsets;
import io.semel.group.GroupCommand.ForgetTopic;
import io.semel.group.GroupCommand.OffsetToCommit;
import io.semel.group.GroupEvent.GroupRemoved;
import io.semel.group.GroupEvent.OffsetCommitted;
import io.semel.group.GroupEvent.OffsetRemoved;
import io.semel.group.GroupReply.Committed;
import io.semel.group.GroupReply.Deleted;
import io.semel.group.GroupReply.Fetched;
import io.semel.group.GroupReply.FetchedOffset;
import io.semel.group.GroupReply.OffsetsDeleted;
import io.semel.group.GroupReply.PartitionResult;
import io.semel.group.streams.StreamsGroup;
import io.semel.group.streams.StreamsRules;
import io.semel.kernel.law.Decision;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Offsets: commit, fetch, delete; and groups that go with their offsets. Reads the table and changes nothing.
 */
final class OffsetRules {
    private final GroupFaults faults;
    private final GroupTable table;
    private final GroupLimits limits;

    OffsetRules(GroupTable table, GroupLimits limits, GroupFaults faults) {
        this.faults = faults;
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
            ErrorCode error = refused == ErrorCode.NONE ? stale(commit, offset) : refused;
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
        if (faults.noMemberFencing()) return ErrorCode.NONE;
        ConsumerGroup consumers = table.consumerGroup(commit.groupId());
        if (consumers != null) return refused(consumers, commit);
        StreamsGroup streams = table.streamsGroup(commit.groupId());
        if (streams != null) return refused(streams, commit);
        ClassicGroup group = table.group(commit.groupId());
        if (group == null) return commit.generation() < 0 ? ErrorCode.NONE : ErrorCode.GROUP_ID_NOT_FOUND;
        if (commit.generation() < 0 && group.is(GroupPhase.EMPTY)) return ErrorCode.NONE;
        if (commit.generation() >= 0 || !commit.memberId().isEmpty() || commit.groupInstanceId() != null) {
            ErrorCode fenced = fenced(group, commit);
            if (fenced != ErrorCode.NONE) return fenced;
        } else if (!commit.transactional()) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        boolean assigning = !commit.transactional() && group.is(GroupPhase.COMPLETING_REBALANCE);
        return assigning ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
    }

    private ErrorCode fenced(ClassicGroup group, CommitOffsets commit) {
        String current = commit.groupInstanceId() == null ? null : group.memberOf(commit.groupInstanceId());
        String memberId = faults.noStaticFencing() && current != null ? current : commit.memberId();
        int generation = faults.staleGenerations() ? group.generation() : commit.generation();
        return ClassicRules.fenced(group, memberId, commit.groupInstanceId(), generation);
    }

    private ConsumerMember memberOf(ConsumerGroup group, CommitOffsets commit) {
        ConsumerMember current = faults.noStaticFencing() && commit.groupInstanceId() != null
                ? group.memberOf(commit.groupInstanceId()) : null;
        return current != null ? current : group.member(commit.memberId());
    }

    /** A member's epoch must not be above its own; one below is judged by partition, see {@link #stale}. */
    private ErrorCode refused(ConsumerGroup group, CommitOffsets commit) {
        if (commit.generation() < 0 && group.isEmpty()) return ErrorCode.NONE;
        boolean unnamed = commit.generation() == -1 && commit.memberId().isEmpty()
                && commit.groupInstanceId() == null;
        if (commit.transactional() && unnamed) return ErrorCode.NONE;
        ConsumerMember member = memberOf(group, commit);
        if (member == null) return ErrorCode.UNKNOWN_MEMBER_ID;
        return commit.generation() <= group.standing(member.memberId()).epoch() ? ErrorCode.NONE
                : staleEpoch(member);
    }

    /** As for the consumer protocol. */
    private static ErrorCode refused(StreamsGroup group, CommitOffsets commit) {
        if (commit.generation() < 0 && group.isEmpty()) return ErrorCode.NONE;
        boolean unnamed = commit.generation() == -1 && commit.memberId().isEmpty()
                && commit.groupInstanceId() == null;
        if (commit.transactional() && unnamed) return ErrorCode.NONE;
        if (!group.hasMember(commit.memberId())) return ErrorCode.UNKNOWN_MEMBER_ID;
        return commit.generation() <= group.epochOf(commit.memberId()) ? ErrorCode.NONE
                : ErrorCode.STALE_MEMBER_EPOCH;
    }

    /**
     * A commit with an older epoch is good for a partition that the member has held since then (KIP-1251):
     * the answer with its new epoch is still on its way. None is good for what somebody else holds: whoever
     * gave a partition up keeps its epoch until it has given up everything that was asked of it.
     */
    private ErrorCode stale(CommitOffsets commit, OffsetToCommit offset) {
        StreamsGroup streams = table.streamsGroup(commit.groupId());
        if (streams != null && streams.hasMember(commit.memberId())) {
            boolean taken = faults.formerTasks() || StreamsRules.mayCommit(streams, commit.memberId(),
                    commit.generation(), offset.partition().topic(), offset.partition().partition());
            return taken ? ErrorCode.NONE : ErrorCode.STALE_MEMBER_EPOCH;
        }
        ConsumerGroup group = table.consumerGroup(commit.groupId());
        ConsumerMember member = group == null ? null : memberOf(group, commit);
        if (member == null || faults.staleGenerations()) return ErrorCode.NONE;
        Standing standing = group.standing(member.memberId());
        UUID topicId = offset.topicId();
        int partition = offset.partition().partition();
        String holder = topicId == null ? null : group.holder(topicId, partition);
        if (holder != null && !holder.equals(member.memberId())) return staleEpoch(member);
        if (commit.generation() == standing.epoch()) return ErrorCode.NONE;
        int since = topicId == null ? -1 : standing.sinceOf(topicId, partition);
        return since >= 0 && commit.generation() >= since ? ErrorCode.NONE : staleEpoch(member);
    }

    private static ErrorCode staleEpoch(ConsumerMember member) {
        return member.isClassic() ? ErrorCode.ILLEGAL_GENERATION : ErrorCode.STALE_MEMBER_EPOCH;
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
        ErrorCode refused = refused(fetch);
        if (refused != ErrorCode.NONE) return Decision.reply(new Fetched(refused, List.of()));
        Iterable<TopicPartition> asked = fetch.partitions() != null ? fetch.partitions()
                : table.offsets().committedOf(fetch.groupId()).keySet();
        List<FetchedOffset> found = new ArrayList<>();
        for (TopicPartition partition : asked) found.add(fetchOne(fetch, partition));
        return Decision.reply(new Fetched(ErrorCode.NONE, List.copyOf(found)));
    }

    /** Only members of the consumer and the streams protocol are told apart here. */
    private ErrorCode refused(FetchOffsets fetch) {
        StreamsGroup streams = table.streamsGroup(fetch.groupId());
        if (streams != null && (fetch.memberId() != null || fetch.epoch() >= 0)) {
            boolean known = fetch.memberId() != null && streams.hasMember(fetch.memberId());
            if (!known) return ErrorCode.UNKNOWN_MEMBER_ID;
            return fetch.epoch() == streams.epochOf(fetch.memberId()) ? ErrorCode.NONE
                    : ErrorCode.STALE_MEMBER_EPOCH;
        }
        ConsumerGroup group = table.consumerGroup(fetch.groupId());
        if (group == null || fetch.memberId() == null && fetch.epoch() < 0) return ErrorCode.NONE;
        ConsumerMember member = fetch.memberId() == null ? null : group.member(fetch.memberId());
        if (member == null) return ErrorCode.UNKNOWN_MEMBER_ID;
        return fetch.epoch() == group.standing(member.memberId()).epoch() ? ErrorCode.NONE
                : staleEpoch(member);
    }

    private FetchedOffset fetchOne(FetchOffsets fetch, TopicPartition partition) {
        boolean waits = fetch.requireStable() && !faults.unstableOffsets();
        if (waits && table.offsets().isPending(fetch.groupId(), partition)) {
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
        ConsumerGroup consumers = table.consumerGroup(delete.groupId());
        StreamsGroup streams = table.streamsGroup(delete.groupId());
        if (group == null && consumers == null && streams == null) {
            return Decision.reply(new Deleted(ErrorCode.GROUP_ID_NOT_FOUND));
        }
        boolean empty = consumers != null ? consumers.isEmpty()
                : streams != null ? streams.isEmpty() : group.is(GroupPhase.EMPTY);
        if (!empty) return Decision.reply(new Deleted(ErrorCode.NON_EMPTY_GROUP));
        List<GroupEvent> events = new ArrayList<>();
        for (TopicPartition partition : table.offsets().partitionsOf(delete.groupId())) {
            events.add(new OffsetRemoved(delete.groupId(), partition));
        }
        if (consumers != null) events.addAll(consumers.erasures());
        else if (streams != null) events.addAll(StreamsGroups.erasures(streams));
        else if (group.stored() != null) events.add(new GroupRemoved(delete.groupId()));
        return Decision.write(events, new Deleted(ErrorCode.NONE));
    }

    Decision<GroupEvent, GroupReply> deleteOffsets(DeleteOffsets delete) {
        if (delete.groupId() == null || delete.groupId().isEmpty()) {
            return notDeleted(ErrorCode.INVALID_GROUP_ID);
        }
        ConsumerGroup consumers = table.consumerGroup(delete.groupId());
        if (consumers != null) return deleteOffsets(delete, consumers::subscribesTo);
        StreamsGroup streams = table.streamsGroup(delete.groupId());
        if (streams != null) return deleteOffsets(delete, streams::reads);
        ClassicGroup group = table.group(delete.groupId());
        if (group == null) return notDeleted(ErrorCode.GROUP_ID_NOT_FOUND);
        if (group.is(GroupPhase.EMPTY)) return deleteOffsets(delete, topic -> false);
        if (!group.protocolType().equals(Subscription.CONSUMER)) {
            return notDeleted(ErrorCode.NON_EMPTY_GROUP);
        }
        Set<String> topics = Subscription.topicsOf(group);
        return deleteOffsets(delete, topic -> Subscription.covers(topics, group, topic));
    }

    private Decision<GroupEvent, GroupReply> deleteOffsets(DeleteOffsets delete, Predicate<String> needs) {
        List<GroupEvent> events = new ArrayList<>();
        List<PartitionResult> results = new ArrayList<>(delete.partitions().size());
        for (TopicPartition partition : delete.partitions()) {
            boolean needed = needs.test(partition.topic());
            ErrorCode error = needed ? ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC : ErrorCode.NONE;
            results.add(new PartitionResult(partition, error));
            boolean there = table.offsets().committed(delete.groupId(), partition) != null
                    || table.offsets().isPending(delete.groupId(), partition);
            if (there && !needed) events.add(new OffsetRemoved(delete.groupId(), partition));
        }
        return Decision.write(events, new OffsetsDeleted(ErrorCode.NONE, List.copyOf(results)));
    }

    private static Decision<GroupEvent, GroupReply> notDeleted(ErrorCode error) {
        return Decision.reply(new OffsetsDeleted(error, List.of()));
    }

    Decision<GroupEvent, GroupReply> forgetTopic(ForgetTopic forget) {
        List<GroupEvent> events = new ArrayList<>();
        for (String groupId : table.groupIds()) {
            for (TopicPartition partition : table.offsets().partitionsOf(groupId)) {
                if (partition.topic().equals(forget.topic())) {
                    events.add(new OffsetRemoved(groupId, partition));
                }
            }
        }
        return Decision.write(events, new Deleted(ErrorCode.NONE));
    }
}

package io.semel.group;

import io.semel.group.GroupCommand.Heartbeat;
import io.semel.group.GroupCommand.Join;
import io.semel.group.GroupCommand.Leave;
import io.semel.group.GroupCommand.Sync;
import io.semel.group.GroupReply.Listed;
import io.semel.group.GroupReply.ListedGroup;
import io.semel.group.streams.StreamsGroup;
import io.semel.kernel.law.Decision;
import io.semel.wire.error.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a command finds the rules that decide it: those of the classic, the consumer or the streams protocol,
 * or of classic members in a group of the consumer protocol. Reads, changes nothing.
 */
final class GroupRules {
    private static final int GROUPS_PER_TICK = 32;

    private final GroupTable table;
    private final Rounds rounds;
    private final ClassicRules classic;
    private final ConsumerRules consumers;
    private final MixedRules mixed;
    private final StreamsGroups streams;
    private final Migration migration;
    private final OffsetRules offsets;
    private final OffsetExpiry expiry;

    GroupRules(GroupTable table, GroupLimits limits, LimitsByGroup byGroup, GroupFaults faults) {
        this.table = table;
        rounds = new Rounds(limits);
        classic = new ClassicRules(table, limits, rounds);
        migration = new Migration(table, limits, rounds);
        consumers = new ConsumerRules(table, byGroup, migration);
        streams = new StreamsGroups(table, byGroup);
        mixed = new MixedRules(limits.consumers(), consumers);
        offsets = new OffsetRules(table, limits, faults);
        expiry = new OffsetExpiry(table, limits);
    }

    ClassicRules classic() {
        return classic;
    }

    ConsumerRules consumers() {
        return consumers;
    }

    StreamsGroups streams() {
        return streams;
    }

    OffsetRules offsets() {
        return offsets;
    }

    /** An id whose group has ended, or has only classic members left, is a classic group's from here on. */
    Decision<GroupEvent, GroupReply> join(Join join, long nowMs) {
        StreamsGroup another = table.streamsGroup(join.groupId());
        if (another != null && !classic.isWrong(join)) return joinInstead(another, join, nowMs);
        ConsumerGroup group = table.consumerGroup(join.groupId());
        if (group == null || classic.isWrong(join)) return classic.join(join, nowMs);
        SortedMap<String, ConsumerMember> others = new TreeMap<>(group.members());
        ConsumerMember before = join.groupInstanceId() == null ? null
                : group.memberOf(join.groupInstanceId());
        if (before != null && !before.isClassic()) others.remove(before.memberId());
        if (group.isEmpty() || others.isEmpty() && migration.allowsDowngrade()) {
            return classic.joinIn(migration.downgradeEmpty(group, nowMs), join, nowMs);
        }
        if (!migration.mayDowngrade(others.values())) return mixed.join(group, join, nowMs);
        return classic.joinIn(migration.downgrade(group, others.values(), join.topics(), nowMs), join, nowMs);
    }

    /** A streams group that nobody is in makes room for a classic one; its offsets stay. */
    private Decision<GroupEvent, GroupReply> joinInstead(StreamsGroup group, Join join, long nowMs) {
        if (!group.isEmpty()) {
            return Decision.reply(new GroupReply.Rejected(ErrorCode.INCONSISTENT_GROUP_PROTOCOL));
        }
        return classic.joinIn(new Draft(join.groupId(), null, StreamsGroups.erasures(group)), join, nowMs);
    }

    Decision<GroupEvent, GroupReply> sync(Sync sync, long nowMs) {
        ConsumerGroup group = table.consumerGroup(sync.groupId());
        return group == null ? classic.sync(sync, nowMs) : mixed.sync(group, sync, nowMs);
    }

    Decision<GroupEvent, GroupReply> heartbeat(Heartbeat beat, long nowMs) {
        ConsumerGroup group = table.consumerGroup(beat.groupId());
        return group == null ? classic.heartbeat(beat, nowMs) : mixed.heartbeat(group, beat, nowMs);
    }

    Decision<GroupEvent, GroupReply> leave(Leave leave, long nowMs) {
        ConsumerGroup group = table.consumerGroup(leave.groupId());
        return group == null ? classic.leave(leave, nowMs) : mixed.leave(group, leave, nowMs);
    }

    Decision<GroupEvent, GroupReply> list() {
        List<ListedGroup> groups = new ArrayList<>();
        for (ClassicGroup group : table.groups().values()) {
            groups.add(new ListedGroup(group.groupId(), group.protocolType(), group.phase().kafkaName(),
                    "Classic"));
        }
        for (ConsumerGroup group : table.consumerGroups().values()) {
            groups.add(new ListedGroup(group.groupId(), Subscription.CONSUMER, group.state(), "Consumer"));
        }
        for (StreamsGroup group : table.streamsGroups().values()) {
            groups.add(new ListedGroup(group.groupId(), "streams", group.state(), "Streams"));
        }
        groups.sort(Comparator.comparing(ListedGroup::groupId));
        return Decision.reply(new Listed(List.copyOf(groups)));
    }

    /** What is due, some groups at a time; the rest stays due. */
    Decision<GroupEvent, GroupReply> tick(long nowMs) {
        List<GroupEvent> events = new ArrayList<>();
        for (String groupId : table.dueGroups(nowMs, GROUPS_PER_TICK)) {
            ConsumerGroup group = table.consumerGroup(groupId);
            if (group != null) {
                events.addAll(consumers.timePassed(group, nowMs));
                continue;
            }
            StreamsGroup due = table.streamsGroup(groupId);
            if (due != null) {
                events.addAll(streams.timePassed(due, nowMs));
                continue;
            }
            Draft draft = new Draft(groupId, table.group(groupId));
            rounds.timePassed(draft, nowMs);
            events.addAll(draft.events());
        }
        if (events.isEmpty() && table.sweepIsDue(nowMs)) events.addAll(expiry.sweep(nowMs));
        return Decision.write(events, new GroupReply.Ticked());
    }
}

package io.semel.group;

import io.semel.group.GroupEvent.ClassicEvent;
import io.semel.group.GroupEvent.ExpirySwept;
import io.semel.group.GroupEvent.GroupStored;
import io.semel.group.GroupEvent.OfStreams;
import io.semel.group.GroupEvent.OffsetCommitted;
import io.semel.group.GroupEvent.OffsetRemoved;
import io.semel.group.GroupEvent.OffsetsDecided;
import io.semel.group.GroupEvent.StoredMember;
import io.semel.group.base.Deadlines;
import io.semel.group.base.Digest;
import io.semel.group.streams.StreamsEvent;
import io.semel.group.streams.StreamsGroup;
import io.semel.kernel.law.Shard;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All the room keeps: groups, their offsets, and when each group's time comes. Changed by events only. A
 * group is there as long as anything is known of it, and gone with the last thing that was: whoever folds the
 * journal again has the same groups. Owned by the room's lane.
 */
final class GroupTable {
    private final TreeMap<String, ClassicGroup> groups = new TreeMap<>();
    private final TreeMap<String, ConsumerGroup> consumerGroups = new TreeMap<>();
    private final TreeMap<String, StreamsGroup> streamsGroups = new TreeMap<>();
    private final OffsetTable offsets = new OffsetTable();
    private final Deadlines groupDeadlines = new Deadlines();
    private String sweepCursor;
    private long sweepMs;

    // What stands

    /** Null when there is none. To be changed by events only. */
    ClassicGroup group(String groupId) {
        return groups.get(groupId);
    }

    /** The group of the consumer protocol; null when there is none. To be changed by events only. */
    ConsumerGroup consumerGroup(String groupId) {
        return consumerGroups.get(groupId);
    }

    /** The streams group; null when there is none. To be changed by events only. */
    StreamsGroup streamsGroup(String groupId) {
        return streamsGroups.get(groupId);
    }

    /** By id. Not to be changed. */
    SortedMap<String, StreamsGroup> streamsGroups() {
        return Collections.unmodifiableSortedMap(streamsGroups);
    }

    /** By id. Not to be changed. */
    SortedMap<String, ClassicGroup> groups() {
        return Collections.unmodifiableSortedMap(groups);
    }

    /** By id. Not to be changed. */
    SortedMap<String, ConsumerGroup> consumerGroups() {
        return Collections.unmodifiableSortedMap(consumerGroups);
    }

    /** Of all protocols, in order. */
    List<String> groupIds() {
        TreeSet<String> ids = new TreeSet<>(groups.keySet());
        ids.addAll(consumerGroups.keySet());
        ids.addAll(streamsGroups.keySet());
        return List.copyOf(ids);
    }

    /** The ids of groups the sweep has not looked at yet, at most {@code countMax}, in order. */
    List<String> groupsToSweep(int countMax) {
        TreeSet<String> ids = new TreeSet<>();
        addFirst(ids, sweepCursor == null ? groups : groups.tailMap(sweepCursor, false), countMax);
        addFirst(ids, sweepCursor == null ? consumerGroups : consumerGroups.tailMap(sweepCursor, false),
                countMax);
        addFirst(ids, sweepCursor == null ? streamsGroups : streamsGroups.tailMap(sweepCursor, false),
                countMax);
        return ids.stream().limit(countMax).toList();
    }

    private static void addFirst(TreeSet<String> ids, SortedMap<String, ?> groups, int countMax) {
        int count = 0;
        for (String groupId : groups.keySet()) {
            if (count++ == countMax) return;
            ids.add(groupId);
        }
    }

    OffsetTable offsets() {
        return offsets;
    }

    List<String> dueGroups(long nowMs, int countMax) {
        return groupDeadlines.due(nowMs, countMax);
    }

    boolean sweepIsDue(long nowMs) {
        return !isEmpty() && sweepMs <= nowMs;
    }

    long nextDeadlineMs() {
        return isEmpty() ? Deadlines.NEVER : Math.min(groupDeadlines.firstMs(), sweepMs);
    }

    private boolean isEmpty() {
        return groups.isEmpty() && consumerGroups.isEmpty() && streamsGroups.isEmpty();
    }

    // What happens

    /** A group of one protocol ends with the tombstones of its records; the id is free for the other then. */
    void fold(ConsumerEvent event) {
        ConsumerGroup group = consumerGroups.computeIfAbsent(event.groupId(), ConsumerGroup::new);
        event.foldInto(group);
        settle(event.groupId());
    }

    void fold(StreamsEvent event) {
        StreamsGroup group = streamsGroups.computeIfAbsent(event.groupId(), StreamsGroup::new);
        event.foldInto(group);
        settle(event.groupId());
    }

    void fold(ClassicEvent event) {
        ClassicGroup group = groups.computeIfAbsent(event.groupId(), ClassicGroup::new);
        event.foldInto(group);
        settle(event.groupId());
    }

    void fold(OffsetCommitted event, long offset) {
        OffsetTable.Placed placed = new OffsetTable.Placed(event.value(), offset);
        if (event.producerId() < 0) offsets.commit(event.groupId(), event.partition(), placed);
        else offsets.commitPending(event.producerId(), event.groupId(), event.partition(), placed);
        settle(event.groupId());
    }

    void fold(OffsetRemoved event) {
        offsets.remove(event.groupId(), event.partition());
        settle(event.groupId());
    }

    void fold(OffsetsDecided event) {
        for (String groupId : offsets.decide(event.producerId(), event.commit())) settle(groupId);
    }

    void fold(ExpirySwept event) {
        sweepCursor = event.cursor();
        sweepMs = event.nextMs();
    }

    /** The group is there if anything is known of it, and due when it says so. */
    private void settle(String groupId) {
        ConsumerGroup consumers = consumerGroups.get(groupId);
        if (consumers != null && !consumers.isBare()) {
            groups.remove(groupId);
            groupDeadlines.set(groupId, consumers.nextDeadlineMs());
            return;
        }
        StreamsGroup streams = streamsGroups.get(groupId);
        if (streams != null && !streams.isBare()) {
            groups.remove(groupId);
            groupDeadlines.set(groupId, streams.nextDeadlineMs());
            return;
        }
        if (consumers != null || streams != null) {
            consumerGroups.remove(groupId);
            streamsGroups.remove(groupId);
            groupDeadlines.clear(groupId);
        }
        ClassicGroup group = groups.get(groupId);
        if (group == null && offsets.knows(groupId)) {
            groups.put(groupId, new ClassicGroup(groupId));
        } else if (group != null && group.isBare() && !offsets.knows(groupId)) {
            groups.remove(groupId);
            groupDeadlines.clear(groupId);
        } else if (group != null) {
            groupDeadlines.set(groupId, group.nextDeadlineMs());
        }
    }

    /** Groups first, since nothing depends on where their records stand; then offsets in theirs. */
    void restate(Shard.Restating<GroupEvent> into) {
        long place = 0;
        for (ClassicGroup group : groups.values()) {
            if (group.stored() != null) into.event(group.stored(), place++);
        }
        for (ConsumerGroup group : consumerGroups.values()) {
            for (ConsumerEvent event : group.restated()) into.event(event, place++);
        }
        for (StreamsGroup group : streamsGroups.values()) {
            for (StreamsEvent event : group.restated()) into.event(new OfStreams(event), place++);
        }
        offsets.restate(into);
    }

    /** Of what the journal has. */
    long digest() {
        Digest digest = new Digest();
        for (ClassicGroup group : groups.values()) if (group.stored() != null) addTo(digest, group.stored());
        for (ConsumerGroup group : consumerGroups.values()) group.addTo(digest);
        for (StreamsGroup group : streamsGroups.values()) group.addTo(digest);
        offsets.addTo(digest);
        return digest.value();
    }

    private static void addTo(Digest digest, GroupStored stored) {
        digest.add(stored.groupId()).add(stored.protocolType()).add(stored.generation())
                .add(stored.protocolName());
        digest.add(stored.leaderId()).add(stored.sinceMs());
        for (StoredMember member : stored.members()) {
            digest.add(member.memberId()).add(member.instanceId()).add(member.clientId())
                    .add(member.clientHost());
            digest.add(member.sessionTimeoutMs()).add(member.rebalanceTimeoutMs());
            digest.add(member.subscription()).add(member.assignment());
        }
    }
}

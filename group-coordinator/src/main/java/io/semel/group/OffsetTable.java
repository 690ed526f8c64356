package io.semel.group;

import io.semel.group.GroupEvent.OffsetCommitted;
import io.semel.group.base.Digest;
import io.semel.kernel.law.Shard;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Committed offsets by group and partition, and those that wait for their transaction's marker. Of two
 * commits the one that stands later in the journal wins, however late a marker makes it count. Owned by the
 * room's lane.
 */
final class OffsetTable {
    /** A value and the journal offset of its record. */
    record Placed(OffsetValue value, long recordOffset) {
    }

    private static final SortedMap<TopicPartition, Placed> NONE = new TreeMap<>();

    private final TreeMap<String, TreeMap<TopicPartition, Placed>> committed = new TreeMap<>();
    private final PendingOffsets pending = new PendingOffsets();

    // What stands

    /** Null when there is none. */
    OffsetValue committed(String groupId, TopicPartition partition) {
        Placed placed = committedOf(groupId).get(partition);
        return placed == null ? null : placed.value();
    }

    /** By partition. Not to be changed. */
    SortedMap<TopicPartition, Placed> committedOf(String groupId) {
        TreeMap<TopicPartition, Placed> offsets = committed.get(groupId);
        return offsets == null ? NONE : offsets;
    }

    boolean isPending(String groupId, TopicPartition partition) {
        return pending.has(groupId, partition);
    }

    boolean hasPending(String groupId) {
        return pending.has(groupId);
    }

    boolean knows(String groupId) {
        return committed.containsKey(groupId) || pending.has(groupId);
    }

    /** Every partition with an offset, committed or pending, in order. */
    Collection<TopicPartition> partitionsOf(String groupId) {
        TreeSet<TopicPartition> partitions = new TreeSet<>(committedOf(groupId).keySet());
        partitions.addAll(pending.partitionsOf(groupId));
        return partitions;
    }

    // What happens

    void commit(String groupId, TopicPartition partition, Placed placed) {
        committed.computeIfAbsent(groupId, id -> new TreeMap<>()).put(partition, placed);
    }

    void commitPending(long producerId, String groupId, TopicPartition partition, Placed placed) {
        pending.put(producerId, groupId, partition, placed);
    }

    /** Committed or pending: it is gone, and no marker brings it back. */
    void remove(String groupId, TopicPartition partition) {
        TreeMap<TopicPartition, Placed> offsets = committed.get(groupId);
        if (offsets != null) {
            offsets.remove(partition);
            if (offsets.isEmpty()) committed.remove(groupId);
        }
        pending.remove(groupId, partition);
    }

    /** The producer's transaction is over; returns the groups it had offsets of. */
    List<String> decide(long producerId, boolean commit) {
        Map<String, TreeMap<TopicPartition, Placed>> offsets = pending.take(producerId);
        if (commit) offsets.forEach((groupId, byPartition) -> byPartition.forEach((partition, placed) -> {
            Placed present = committedOf(groupId).get(partition);
            if (present == null || placed.recordOffset() > present.recordOffset()) {
                commit(groupId, partition, placed);
            }
        }));
        return new ArrayList<>(offsets.keySet());
    }

    /** Committed ones in the order of their records, then those that wait, by producer. */
    void restate(Shard.Restating<GroupEvent> into) {
        List<OffsetCommitted> events = new ArrayList<>();
        List<Long> places = new ArrayList<>();
        committed.forEach((groupId, offsets) -> offsets.forEach((partition, placed) -> {
            events.add(new OffsetCommitted(groupId, partition, placed.value(), -1, (short) -1));
            places.add(placed.recordOffset());
        }));
        List<Integer> inOrder = new ArrayList<>();
        for (int index = 0; index < events.size(); index++) inOrder.add(index);
        inOrder.sort(Comparator.comparing(places::get));
        for (int index : inOrder) into.event(events.get(index), places.get(index));
        pending.restate(into);
    }

    void addTo(Digest digest) {
        committed.forEach((groupId, offsets) -> addTo(digest, groupId, offsets));
        pending.addTo(digest);
    }

    static void addTo(Digest digest, String groupId, SortedMap<TopicPartition, Placed> offsets) {
        digest.add(groupId);
        offsets.forEach((partition, placed) -> {
            OffsetValue value = placed.value();
            digest.add(partition.topic()).add(partition.partition()).add(placed.recordOffset());
            digest.add(value.offset()).add(value.leaderEpoch()).add(value.metadata());
            digest.add(value.commitTimestampMs()).add(value.expireTimestampMs());
            if (value.topicId() != null) {
                digest.add(value.topicId().getMostSignificantBits())
                        .add(value.topicId().getLeastSignificantBits());
            }
        });
    }
}

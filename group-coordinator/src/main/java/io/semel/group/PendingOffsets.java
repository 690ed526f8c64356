package io.semel.group;

import io.semel.group.GroupEvent.OffsetCommitted;
import io.semel.group.OffsetTable.Placed;
import io.semel.group.base.Digest;
import io.semel.kernel.law.Shard;
import io.semel.wire.topic.TopicPartition;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Offsets committed in transactions that are open, by producer, group and partition (KIP-98). Owned by the
 * room's lane.
 */
final class PendingOffsets {
    private final TreeMap<Long, TreeMap<String, TreeMap<TopicPartition, Placed>>> byProducer
            = new TreeMap<>();
    private final TreeMap<String, TreeSet<Long>> producersByGroup = new TreeMap<>();

    void put(long producerId, String groupId, TopicPartition partition, Placed placed) {
        byProducer.computeIfAbsent(producerId, id -> new TreeMap<>())
                .computeIfAbsent(groupId, id -> new TreeMap<>())
                .put(partition, placed);
        producersByGroup.computeIfAbsent(groupId, id -> new TreeSet<>()).add(producerId);
    }

    boolean has(String groupId) {
        return producersByGroup.containsKey(groupId);
    }

    boolean has(String groupId, TopicPartition partition) {
        for (long producerId : producersOf(groupId)) {
            if (byProducer.get(producerId).get(groupId).containsKey(partition)) return true;
        }
        return false;
    }

    Collection<TopicPartition> partitionsOf(String groupId) {
        TreeSet<TopicPartition> partitions = new TreeSet<>();
        for (long producerId : producersOf(groupId)) {
            partitions.addAll(byProducer.get(producerId).get(groupId).keySet());
        }
        return partitions;
    }

    void remove(String groupId, TopicPartition partition) {
        for (long producerId : new TreeSet<>(producersOf(groupId))) {
            TreeMap<TopicPartition, Placed> offsets = byProducer.get(producerId).get(groupId);
            offsets.remove(partition);
            if (!offsets.isEmpty()) continue;
            byProducer.get(producerId).remove(groupId);
            if (byProducer.get(producerId).isEmpty()) byProducer.remove(producerId);
            removeProducer(groupId, producerId);
        }
    }

    /** Takes out all of one producer, by group and partition. */
    Map<String, TreeMap<TopicPartition, Placed>> take(long producerId) {
        Map<String, TreeMap<TopicPartition, Placed>> offsets = byProducer.remove(producerId);
        if (offsets == null) return Map.of();
        for (String groupId : offsets.keySet()) removeProducer(groupId, producerId);
        return offsets;
    }

    /** The epoch they were written under counts for nothing here. */
    void restate(Shard.Restating<GroupEvent> into) {
        byProducer.forEach((producerId, groups) -> groups.forEach((groupId, offsets) ->
                offsets.forEach((partition, placed) -> into.event(new OffsetCommitted(groupId, partition,
                        placed.value(), producerId, (short) 0), placed.recordOffset()))));
    }

    void addTo(Digest digest) {
        byProducer.forEach((producerId, groups) -> {
            digest.add(producerId);
            groups.forEach((groupId, offsets) -> OffsetTable.addTo(digest, groupId, offsets));
        });
    }

    private Set<Long> producersOf(String groupId) {
        TreeSet<Long> producers = producersByGroup.get(groupId);
        return producers == null ? Set.of() : producers;
    }

    private void removeProducer(String groupId, long producerId) {
        TreeSet<Long> producers = producersByGroup.get(groupId);
        producers.remove(producerId);
        if (producers.isEmpty()) producersByGroup.remove(groupId);
    }
}

package io.semel.streams.run;

import io.semel.streams.run.LogWorld.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * The part of Kafka's Consumer that hosts use, over a {@link LogWorld}; stands for the interface by Partial.
 */
final class LogConsumer {
    private final LogWorld world;
    private final Nemesis nemesis;
    private final String group;
    private final String instance;
    private final int recordsMax;
    private final Map<TopicPartition, Long> positions = new LinkedHashMap<>();
    private final Set<TopicPartition> owned = new LinkedHashSet<>();
    private final Set<TopicPartition> paused = new LinkedHashSet<>();
    private final Set<String> memberships = new TreeSet<>();
    /** How long each poll was willing to wait. */
    final List<Duration> waits = new ArrayList<>();
    private Set<String> topics = Set.of();
    private ConsumerRebalanceListener listener;
    private String member;
    private int generation = -1;

    LogConsumer(LogWorld world, Nemesis nemesis, String group, String instance, int recordsMax) {
        this.world = world;
        this.nemesis = nemesis;
        this.group = group;
        this.instance = instance;
        this.recordsMax = recordsMax;
    }

    /** Who this is in the group now; null before it joined. */
    String member() {
        return member;
    }

    /**
     * Whether another process than this one joined under this one's instance id after this one did, who may
     * have joined again since.
     */
    boolean isReplacedBy(LogConsumer other) {
        List<String> holders = instance == null ? List.of() : world.group.holders(instance);
        int mine = 0;
        while (mine < holders.size() && !memberships.contains(holders.get(mine))) {
            mine++;
        }
        return holders.subList(mine, holders.size()).stream().anyMatch(other.memberships::contains);
    }

    public void subscribe(Collection<String> names, ConsumerRebalanceListener heard) {
        topics = new TreeSet<>(names);
        listener = heard;
    }

    public void assign(Collection<TopicPartition> partitions) {
        owned.clear();
        owned.addAll(partitions);
        positions.keySet().retainAll(owned);
    }

    public ConsumerRecords<byte[], byte[]> poll(Duration wait) {
        waits.add(wait);
        nemesis.strike("before poll");
        if (listener != null && !inGeneration()) {
            return ConsumerRecords.empty();
        }
        findPositions();
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new LinkedHashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new LinkedHashMap<>();
        int room = 1 + world.random.nextInt(recordsMax);
        for (TopicPartition partition : owned) {
            if (!paused.contains(partition) && positions.containsKey(partition) && room > 0) {
                List<ConsumerRecord<byte[], byte[]>> read = read(partition, room);
                room -= read.size();
                if (!read.isEmpty()) {
                    records.put(partition, read);
                    next.put(partition, new OffsetAndMetadata(positions.get(partition)));
                }
            }
        }
        nemesis.strike("after poll");
        return new ConsumerRecords<>(records, next);
    }

    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions, Duration wait) {
        nemesis.strike("committed");
        if (world.isPending(partitions)) {
            throw new TimeoutException("offsets pending");
        }
        Map<TopicPartition, OffsetAndMetadata> answer = new LinkedHashMap<>();
        for (TopicPartition partition : partitions) {
            Long offset = world.committed.get(partition);
            answer.put(partition, offset == null ? null : new OffsetAndMetadata(offset));
        }
        return answer;
    }

    public long position(TopicPartition partition) {
        return positions.get(partition);
    }

    public long position(TopicPartition partition, Duration wait) {
        return positions.get(partition);
    }

    public void seek(TopicPartition partition, long offset) {
        requireOwned(List.of(partition));
        positions.put(partition, offset);
    }

    public void seek(TopicPartition partition, OffsetAndMetadata offset) {
        seek(partition, offset.offset());
    }

    public void seekToBeginning(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> seek(partition, 0));
    }

    public void pause(Collection<TopicPartition> partitions) {
        requireOwned(partitions);
        paused.addAll(partitions);
    }

    public void resume(Collection<TopicPartition> partitions) {
        requireOwned(partitions);
        paused.removeAll(partitions);
    }

    public Set<TopicPartition> assignment() {
        return Set.copyOf(owned);
    }

    @SuppressWarnings("removal")
    public ConsumerGroupMetadata groupMetadata() {
        return new ConsumerGroupMetadata(group, generation, member, Optional.ofNullable(instance));
    }

    public void wakeup() {
        throw new UnsupportedOperationException("one thread has nobody to wake");
    }

    public void close(CloseOptions how) {
        if (member != null) {
            world.group.leave(member);
        }
    }

    private boolean inGeneration() {
        if (world.group.isReplaced(instance, member) && member != null) {
            throw new FencedInstanceIdException("another member has instance id " + instance);
        }
        if (member != null && !world.group.knows(member)) {
            listener.onPartitionsLost(giveUp());
            member = null;
        }
        if (member == null) {
            member = world.group.enter(instance, topics);
            memberships.add(member);
            generation = world.group.isStable() ? world.group.generation() - 1 : -1;
        }
        if (!world.group.isStable()) {
            if (!owned.isEmpty()) {
                listener.onPartitionsRevoked(giveUp());
            }
            world.group.join(member);
        }
        if (!world.group.isStable()) {
            return false;
        }
        if (generation != world.group.generation()) {
            if (!owned.isEmpty()) {
                listener.onPartitionsRevoked(giveUp());
            }
            generation = world.group.generation();
            owned.addAll(world.group.assignmentOf(member));
            listener.onPartitionsAssigned(Set.copyOf(owned));
        }
        return true;
    }

    private Set<TopicPartition> giveUp() {
        Set<TopicPartition> before = Set.copyOf(owned);
        owned.clear();
        paused.clear();
        positions.clear();
        return before;
    }

    private void findPositions() {
        Set<TopicPartition> none = new LinkedHashSet<>();
        for (TopicPartition partition : owned) {
            if (!positions.containsKey(partition) && !world.isPending(List.of(partition))) {
                Long offset = world.committed.get(partition);
                if (offset == null) {
                    none.add(partition);
                } else {
                    positions.put(partition, offset);
                }
            }
        }
        if (!none.isEmpty()) {
            throw new NoOffsetForPartitionException(none);
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> read(TopicPartition partition, int room) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long stable = world.stableEnd(partition);
        long at = positions.get(partition);
        while (at < stable && records.size() < room) {
            Entry entry = world.logs.get(partition).get((int) at++);
            if (entry.isVisible()) {
                records.add(new ConsumerRecord<>(partition.topic(), partition.partition(), entry.offset(),
                        entry.timestampMs(), TimestampType.CREATE_TIME, 0, 0, entry.key(), entry.value(),
                        new RecordHeaders(), Optional.empty()));
            }
        }
        positions.put(partition, at);
        return records;
    }

    private void requireOwned(Collection<TopicPartition> partitions) {
        if (!owned.containsAll(partitions)) {
            throw new IllegalStateException("No current assignment for " + partitions + " of " + owned);
        }
    }
}

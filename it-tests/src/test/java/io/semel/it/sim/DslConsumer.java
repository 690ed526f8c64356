package io.semel.it.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * What hosts use of Kafka's Consumer, read committed, over the simulated network; eager rebalances. A poll
 * may give a part of what was fetched, and the rest again with the next fetch. One thread.
 */
final class DslConsumer {
    private final DslCaller caller;
    private final Map<String, Integer> counts;
    private final Optional<String> group;
    private final String instance;
    private final BrokerLink link;
    private final Set<TopicPartition> owned = new LinkedHashSet<>();
    private final Set<TopicPartition> paused = new LinkedHashSet<>();
    private final Map<TopicPartition, Long> positions = new LinkedHashMap<>();
    private ConsumerRebalanceListener listener;
    private DslMember member;

    DslConsumer(DslCaller caller, Map<String, Integer> counts, Optional<String> group, String instance) {
        this.caller = caller;
        this.counts = counts;
        this.group = group;
        this.instance = instance;
        this.link = caller.link("consumer");
    }

    public void subscribe(Collection<String> names, ConsumerRebalanceListener heard) {
        member = new DslMember(caller, counts, group.orElseThrow(), instance, names);
        listener = heard;
    }

    public void assign(Collection<TopicPartition> partitions) {
        owned.clear();
        owned.addAll(partitions);
        positions.keySet().retainAll(owned);
    }

    public ConsumerRecords<byte[], byte[]> poll(Duration wait) {
        if (member != null && !isMember()) {
            caller.run.passMs(caller.dice().between(1, 5));
            return ConsumerRecords.empty();
        }
        findPositions();
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = fetch();
        Map<TopicPartition, OffsetAndMetadata> next = new LinkedHashMap<>();
        records.keySet().forEach(place -> next.put(place, new OffsetAndMetadata(positions.get(place))));
        if (records.isEmpty() && !wait.isZero()) caller.run.passMs(caller.dice().between(1, 10));
        return new ConsumerRecords<>(records, next);
    }

    private boolean isMember() {
        switch (member.step()) {
            case NONE -> { }
            case MUST_REJOIN -> {
                listener.onPartitionsRevoked(giveUp());
                member.rejoin();
            }
            case LOST -> {
                listener.onPartitionsLost(giveUp());
                member.rejoin();
            }
            case JOINED -> {
                owned.addAll(member.assigned());
                listener.onPartitionsAssigned(Set.copyOf(owned));
            }
        }
        return member.isIn();
    }

    private Set<TopicPartition> giveUp() {
        Set<TopicPartition> before = new LinkedHashSet<>(owned);
        owned.clear();
        paused.clear();
        positions.clear();
        return before;
    }

    /** As Kafka's client: those of paused partitions are looked for, too. */
    private void findPositions() {
        Set<TopicPartition> wanted = new LinkedHashSet<>(owned);
        wanted.removeAll(positions.keySet());
        if (wanted.isEmpty() || member == null) return;
        Map<TopicPartition, OffsetAndMetadata> found;
        try {
            found = committed(wanted, Duration.ZERO);
        } catch (TimeoutException pending) {
            return;
        }
        Set<TopicPartition> none = new LinkedHashSet<>();
        found.forEach((place, offset) -> {
            if (offset == null) none.add(place);
            else positions.put(place, offset.offset());
        });
        if (!none.isEmpty()) throw new NoOffsetForPartitionException(none);
    }

    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions, Duration wait) {
        Map<String, List<Integer>> byTopic = new LinkedHashMap<>();
        partitions.forEach(place -> byTopic.computeIfAbsent(place.topic(), topic -> new ArrayList<>())
                .add(place.partition()));
        OffsetFetchRequestData.OffsetFetchRequestGroup asked = new OffsetFetchRequestData
                .OffsetFetchRequestGroup().setGroupId(group.orElseThrow()).setTopics(new ArrayList<>());
        byTopic.forEach((topic, numbers) -> asked.topics().add(new OffsetFetchRequestData
                .OffsetFetchRequestTopics().setName(topic).setPartitionIndexes(numbers)));
        OffsetFetchResponseData answer = caller.patiently(link, ApiKeys.OFFSET_FETCH, 8,
                new OffsetFetchRequestData().setRequireStable(true).setGroups(List.of(asked)),
                DslConsumer::worst);
        if (worst(answer) != Errors.NONE) throw worst(answer).exception("offsets of " + group);
        Map<TopicPartition, OffsetAndMetadata> found = new LinkedHashMap<>();
        answer.groups().get(0).topics().forEach(topic -> topic.partitions().forEach(one ->
                found.put(new TopicPartition(topic.name(), one.partitionIndex()),
                        one.committedOffset() < 0 ? null : new OffsetAndMetadata(one.committedOffset()))));
        return found;
    }

    private static Errors worst(OffsetFetchResponseData answer) {
        var told = answer.groups().get(0);
        Errors worst = Errors.forCode(told.errorCode());
        for (var topic : told.topics()) {
            for (var one : topic.partitions()) {
                if (one.errorCode() != 0) worst = Errors.forCode(one.errorCode());
            }
        }
        return worst;
    }

    private Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> fetch() {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new LinkedHashMap<>();
        FetchRequestData request = new FetchRequestData().setMaxWaitMs(0).setMinBytes(0).setMaxBytes(1 << 20)
                .setIsolationLevel((byte) 1).setSessionId(0).setSessionEpoch(-1);
        Map<String, FetchRequestData.FetchTopic> topics = new LinkedHashMap<>();
        for (TopicPartition place : owned) {
            if (paused.contains(place) || !positions.containsKey(place)) continue;
            topics.computeIfAbsent(place.topic(), name -> new FetchRequestData.FetchTopic().setTopic(name))
                    .partitions().add(new FetchRequestData.FetchPartition().setPartition(place.partition())
                            .setFetchOffset(positions.get(place)).setPartitionMaxBytes(1 << 20)
                            .setCurrentLeaderEpoch(-1));
        }
        if (topics.isEmpty()) return records;
        request.setTopics(List.copyOf(topics.values()));
        FetchResponseData answer;
        try {
            answer = (FetchResponseData) caller.once(link, ApiKeys.FETCH, 12, request);
        } catch (DisconnectException | TimeoutException lost) {
            return records;
        }
        for (var topic : answer.responses()) {
            for (var told : topic.partitions()) {
                TopicPartition place = new TopicPartition(topic.topic(), told.partitionIndex());
                List<ConsumerRecord<byte[], byte[]>> read = read(place, told);
                if (!read.isEmpty()) records.put(place, read);
            }
        }
        return records;
    }

    private List<ConsumerRecord<byte[], byte[]>> read(TopicPartition place,
            FetchResponseData.PartitionData told) {
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        if (told.errorCode() != 0 || told.records() == null) return read;
        int room = caller.dice().between(1, 12);
        MemoryRecords records = (MemoryRecords) told.records();
        Aborted aborted = new Aborted(told.abortedTransactions());
        for (RecordBatch batch : records.batches()) {
            boolean skips = aborted.skips(batch, records.buffer());
            if (!skips) {
                for (Record record : batch) {
                    if (record.offset() < positions.get(place)) continue;
                    if (read.size() == room) return read;
                    read.add(consumed(place, record));
                    positions.put(place, record.offset() + 1);
                }
            }
            positions.put(place, Math.max(positions.get(place), batch.nextOffset()));
        }
        return read;
    }

    private static ConsumerRecord<byte[], byte[]> consumed(TopicPartition place, Record record) {
        return new ConsumerRecord<>(place.topic(), place.partition(), record.offset(), record.timestamp(),
                TimestampType.CREATE_TIME, 0, 0, bytes(record.key()), bytes(record.value()),
                new RecordHeaders(record.headers()), Optional.empty());
    }

    private static byte[] bytes(java.nio.ByteBuffer buffer) {
        if (buffer == null) return null;
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    public long position(TopicPartition partition) {
        return positions.get(partition);
    }

    public long position(TopicPartition partition, Duration wait) {
        return positions.get(partition);
    }

    public void seek(TopicPartition partition, long offset) {
        if (!owned.contains(partition)) throw new IllegalStateException("not assigned: " + partition);
        positions.put(partition, offset);
    }

    public void seek(TopicPartition partition, OffsetAndMetadata offset) {
        seek(partition, offset.offset());
    }

    public void seekToBeginning(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> seek(partition, 0));
    }

    public void pause(Collection<TopicPartition> partitions) {
        paused.addAll(partitions);
    }

    public void resume(Collection<TopicPartition> partitions) {
        paused.removeAll(partitions);
    }

    public Set<TopicPartition> assignment() {
        return new LinkedHashSet<>(owned);
    }

    @SuppressWarnings("removal")
    public ConsumerGroupMetadata groupMetadata() {
        return new ConsumerGroupMetadata(group.orElseThrow(), member.generation(), member.memberId(),
                Optional.ofNullable(instance));
    }

    public void wakeup() {
        throw new UnsupportedOperationException("one thread has nobody to wake");
    }

    public void close(CloseOptions how) {
        if (member != null) {
            try {
                member.leave();
            } catch (DisconnectException | TimeoutException lost) {
                caller.note("left without an answer");
            }
        }
        link.close();
    }
}

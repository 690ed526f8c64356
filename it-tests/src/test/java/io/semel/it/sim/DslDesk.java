package io.semel.it.sim;

import io.semel.streams.run.TopicDesk;
import io.semel.streams.topology.PartitionPlan.Missing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Topics and their ends, asked over the simulated network. One thread. */
final class DslDesk implements TopicDesk {
    private final DslCaller caller;
    private final Map<String, Integer> counts;
    private final BrokerLink link;

    DslDesk(DslCaller caller, Map<String, Integer> counts) {
        this.caller = caller;
        this.counts = counts;
        this.link = caller.link("desk");
    }

    @Override
    public Map<String, Integer> partitionCounts(Set<String> topics) {
        Map<String, Integer> known = new TreeMap<>(counts);
        known.keySet().retainAll(topics);
        return known;
    }

    @Override
    public Map<String, String> ids(Set<String> topics) {
        throw new UnsupportedOperationException("no snapshots here");
    }

    @Override
    public void create(List<Missing> topics) {
        Map<String, Integer> wanted = new LinkedHashMap<>();
        topics.forEach(topic -> wanted.put(topic.topic(), topic.partitions()));
        create(wanted);
    }

    void create(Map<String, Integer> topics) {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
        topics.forEach((name, count) -> request.topics().add(new CreateTopicsRequestData.CreatableTopic()
                .setName(name).setNumPartitions(count).setReplicationFactor((short) 1)));
        CreateTopicsResponseData answer = caller.patiently(link, ApiKeys.CREATE_TOPICS, 7, request,
                (CreateTopicsResponseData one) -> Errors.forCode(one.topics().iterator().next().errorCode()));
        for (var topic : answer.topics()) {
            Errors error = Errors.forCode(topic.errorCode());
            if (error != Errors.NONE && error != Errors.TOPIC_ALREADY_EXISTS) {
                throw error.exception(topic.name());
            }
        }
        counts.putAll(topics);
    }

    @Override
    public Map<TopicPartition, Long> highWatermarks(Collection<TopicPartition> partitions) {
        return ends(partitions, 0);
    }

    @Override
    public Map<TopicPartition, Long> stableEnds(Collection<TopicPartition> partitions) {
        return ends(partitions, 1);
    }

    @Override
    public void close() {
        link.close();
    }

    private Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions, int isolation) {
        ListOffsetsRequestData request = new ListOffsetsRequestData().setReplicaId(-1)
                .setIsolationLevel((byte) isolation).setTopics(new ArrayList<>());
        for (TopicPartition place : partitions) {
            request.topics().add(new ListOffsetsRequestData.ListOffsetsTopic().setName(place.topic())
                    .setPartitions(List.of(new ListOffsetsRequestData.ListOffsetsPartition()
                            .setPartitionIndex(place.partition()).setTimestamp(-1)
                            .setCurrentLeaderEpoch(-1))));
        }
        ListOffsetsResponseData answer = caller.patiently(link, ApiKeys.LIST_OFFSETS, 7, request,
                DslDesk::worst);
        if (worst(answer) != Errors.NONE) throw worst(answer).exception("ends of " + partitions);
        Map<TopicPartition, Long> ends = new LinkedHashMap<>();
        answer.topics().forEach(topic -> topic.partitions().forEach(one -> ends.put(
                new TopicPartition(topic.name(), one.partitionIndex()), one.offset())));
        return ends;
    }

    private static Errors worst(ListOffsetsResponseData answer) {
        Errors worst = Errors.NONE;
        for (var topic : answer.topics()) {
            for (var one : topic.partitions()) {
                if (one.errorCode() != 0) worst = Errors.forCode(one.errorCode());
            }
        }
        return worst;
    }
}

package io.semel.it.wire;

import io.semel.wire.batch.BatchHeader;
import io.semel.wire.message.SliceRecords;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * One fetch, put together step by step. Without further words: version 12, read_uncommitted, no wait, no
 * limits.
 */
final class Fetching {
    private final RawClient raw;
    private final FetchRequestData request = new FetchRequestData().setMaxWaitMs(0).setMinBytes(0)
            .setMaxBytes(64 << 20).setSessionId(0).setSessionEpoch(-1);
    private int version = 12;
    private int partitionBytesMax = 64 << 20;

    Fetching(RawClient raw) {
        this.raw = raw;
    }

    Fetching version(int number) {
        version = number;
        return this;
    }

    Fetching committed() {
        request.setIsolationLevel((byte) 1);
        return this;
    }

    Fetching waiting(int maxWaitMs, int minBytes) {
        request.setMaxWaitMs(maxWaitMs).setMinBytes(minBytes);
        return this;
    }

    Fetching bytesMax(int total, int partition) {
        request.setMaxBytes(total);
        partitionBytesMax = partition;
        return this;
    }

    Fetching inSession(int id, int epoch) {
        request.setSessionId(id).setSessionEpoch(epoch);
        return this;
    }

    Fetching forgetting(String topic, Integer... partitions) {
        request.forgottenTopicsData().add(new ForgottenTopic().setTopic(topic)
                .setPartitions(List.of(partitions)));
        return this;
    }

    Fetching from(String topic, int partition, long offset) {
        return from(new FetchTopic().setTopic(topic), partition, offset, -1);
    }

    Fetching fromId(Uuid topicId, int partition, long offset) {
        return from(new FetchTopic().setTopicId(topicId), partition, offset, -1);
    }

    Fetching underEpoch(int leaderEpoch, String topic, int partition, long offset) {
        return from(new FetchTopic().setTopic(topic), partition, offset, leaderEpoch);
    }

    /** Partitions of one topic that follow each other stand under it together, as clients write them. */
    private Fetching from(FetchTopic topic, int partition, long offset, int leaderEpoch) {
        List<FetchTopic> topics = request.topics();
        FetchTopic last = topics.isEmpty() ? null : topics.get(topics.size() - 1);
        boolean goesOn = last != null && last.topic().equals(topic.topic())
                && last.topicId().equals(topic.topicId());
        if (!goesOn) topics.add(topic);
        (goesOn ? last : topic).partitions().add(new FetchPartition().setPartition(partition)
                .setFetchOffset(offset).setPartitionMaxBytes(partitionBytesMax)
                .setCurrentLeaderEpoch(leaderEpoch));
        return this;
    }

    /** Sends it and does not wait: {@link #receive} does. */
    Fetching post() {
        raw.post(ApiKeys.FETCH, version, request);
        return this;
    }

    FetchResponseData receive() {
        return raw.receive(ApiKeys.FETCH, version);
    }

    FetchResponseData all() {
        return post().receive();
    }

    /** The first partition asked for. */
    PartitionData one() {
        return one(all());
    }

    static PartitionData one(FetchResponseData response) {
        return response.responses().get(0).partitions().get(0);
    }

    /** All that is answered for partitions, in the order of the answer. */
    static List<PartitionData> partitions(FetchResponseData response) {
        return response.responses().stream().flatMap(topic -> topic.partitions().stream()).toList();
    }

    static PartitionData of(FetchResponseData response, String topic, int partition) {
        return of(response, answered -> answered.topic().equals(topic), partition);
    }

    static PartitionData of(FetchResponseData response, Uuid topicId, int partition) {
        return of(response, answered -> answered.topicId().equals(topicId), partition);
    }

    private static PartitionData of(FetchResponseData response, Predicate<FetchableTopicResponse> topic,
            int partition) {
        return response.responses().stream().filter(topic).flatMap(found -> found.partitions().stream())
                .filter(one -> one.partitionIndex() == partition).findFirst()
                .orElseThrow(() -> new AssertionError("not answered: " + partition + " in " + response));
    }

    static List<BatchHeader> batches(PartitionData partition) {
        return Stored.batches(SliceRecords.bytesOf(partition.records()));
    }
}

package io.semel.it.wire;

import io.semel.wire.batch.BatchHeader;
import io.semel.wire.message.SliceRecords;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
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

    private Fetching from(FetchTopic topic, int partition, long offset, int leaderEpoch) {
        request.topics().add(topic.setPartitions(List.of(new FetchPartition().setPartition(partition)
                .setFetchOffset(offset).setPartitionMaxBytes(partitionBytesMax)
                .setCurrentLeaderEpoch(leaderEpoch))));
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

    static List<BatchHeader> batches(PartitionData partition) {
        return Stored.batches(SliceRecords.bytesOf(partition.records()));
    }
}

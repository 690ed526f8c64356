package io.semel.broker.desk;

import io.semel.broker.catalogue.Topic;
import io.semel.broker.partition.LeaderEpoch;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;

/** DescribeTopicPartitions (75): topics by name, a page at a time. */
public final class DescribeTopicPartitionsDesk implements Desk {
    private static final int PAGE_MAX = 2000;

    private final Topics topics;
    private final int nodeId;

    public DescribeTopicPartitionsDesk(Topics topics, int nodeId) {
        this.topics = topics;
        this.nodeId = nodeId;
    }

    @Override
    public Api api() {
        return Api.DESCRIBE_TOPIC_PARTITIONS;
    }

    @Override
    public void serve(Call call) {
        DescribeTopicPartitionsRequestData request = call.body();
        DescribeTopicPartitionsResponseData response = new DescribeTopicPartitionsResponseData();
        if (!isCursorGood(request)) {
            for (TopicRequest asked : request.topics()) response.topics()
                    .add(new DescribeTopicPartitionsResponseTopic().setName(asked.name())
                            .setErrorCode(ErrorCode.INVALID_REQUEST.code()));
            call.reply(response);
            return;
        }
        int left = Math.max(1, Math.min(PAGE_MAX, request.responsePartitionLimit()));
        String from = request.cursor() == null ? "" : request.cursor().topicName();
        for (String name : names(request).tailSet(from)) {
            int first = request.cursor() != null && name.equals(from)
                    ? request.cursor().partitionIndex() : 0;
            if (left == 0) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(first));
                break;
            }
            Topic topic = topics.byName(name);
            DescribeTopicPartitionsResponseTopic described = new DescribeTopicPartitionsResponseTopic()
                    .setName(name);
            response.topics().add(described);
            if (topic == null) {
                described.setErrorCode(Topics.unknown(name).code());
                continue;
            }
            described.setTopicId(Ids.wire(topic.id())).setIsInternal(topic.isInternal())
                    .setTopicAuthorizedOperations(Allowed.ON_TOPICS);
            first = Math.min(first, topic.partitions());
            int end = Math.min(topic.partitions(), first + left);
            for (int partition = first; partition < end; partition++) described.partitions()
                    .add(describe(partition));
            left -= Math.max(0, end - first);
            if (end < topic.partitions()) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(end));
                break;
            }
        }
        call.reply(response);
    }

    /** A page begins within what was asked for. */
    private static boolean isCursorGood(DescribeTopicPartitionsRequestData request) {
        var cursor = request.cursor();
        if (cursor == null) return true;
        boolean named = request.topics().isEmpty() || request.topics().stream()
                .anyMatch(asked -> asked.name().equals(cursor.topicName()));
        return named && cursor.partitionIndex() >= 0;
    }

    private SortedSet<String> names(DescribeTopicPartitionsRequestData request) {
        SortedSet<String> names = new TreeSet<>();
        if (request.topics().isEmpty()) for (Topic topic : topics.now().topics()) names.add(topic.name());
        else for (TopicRequest topic : request.topics()) names.add(topic.name());
        return names;
    }

    private DescribeTopicPartitionsResponsePartition describe(int partition) {
        List<Integer> here = List.of(nodeId);
        return new DescribeTopicPartitionsResponsePartition().setPartitionIndex(partition).setLeaderId(nodeId)
                .setLeaderEpoch(LeaderEpoch.OURS).setReplicaNodes(here).setIsrNodes(here)
                .setEligibleLeaderReplicas(List.of()).setLastKnownElr(List.of());
    }
}

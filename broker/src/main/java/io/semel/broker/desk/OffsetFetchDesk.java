package io.semel.broker.desk;

import io.semel.broker.catalogue.Topic;
import io.semel.broker.courier.Groups;
import io.semel.group.GroupCommand;
import io.semel.group.GroupReply;
import io.semel.group.GroupReply.FetchedOffset;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartition;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;

/** OffsetFetch (9): one group before version 8, several from there on; topics by id from version 10 on. */
public final class OffsetFetchDesk implements Desk {
    private static final short ALL_IS_NULL_FROM = 2;
    private static final short REQUIRE_STABLE_FROM = 7;
    private static final short MANY_GROUPS_FROM = 8;
    private static final short TOPIC_IDS_FROM = 10;

    private final Topics topics;
    private final Groups groups;

    public OffsetFetchDesk(Topics topics, Groups groups) {
        this.topics = topics;
        this.groups = groups;
    }

    @Override
    public Api api() {
        return Api.OFFSET_FETCH;
    }

    @Override
    public void serve(Call call) {
        OffsetFetchRequestData request = call.body();
        boolean stable = call.version() >= REQUIRE_STABLE_FROM && request.requireStable();
        OffsetFetchResponseData response = new OffsetFetchResponseData();
        if (call.version() < MANY_GROUPS_FROM) {
            serveOne(call, request, stable, response);
            return;
        }
        Gathering gathering = new Gathering(() -> call.reply(response));
        for (OffsetFetchRequestGroup asked : request.groups()) {
            OffsetFetchResponseGroup answer = new OffsetFetchResponseGroup().setGroupId(asked.groupId());
            response.groups().add(answer);
            List<TopicPartition> partitions = partitionsOf(call, asked, answer);
            gathering.expectOne();
            groups.ask(asked.groupId(), new GroupCommand.FetchOffsets(asked.groupId(), asked.memberId(),
                    asked.memberEpoch(), partitions, stable),
                    call.home(), reply -> {
                fill(call, answer, reply);
                gathering.oneCame();
            });
        }
        gathering.oneCame();
    }

    private void serveOne(Call call, OffsetFetchRequestData request, boolean stable,
            OffsetFetchResponseData response) {
        List<TopicPartition> partitions = null;
        boolean all = request.topics() == null;
        if (!all) {
            partitions = new ArrayList<>();
            for (OffsetFetchRequestTopic topic : request.topics()) {
                for (int index : topic.partitionIndexes()) partitions.add(new TopicPartition(topic.name(),
                        index));
            }
        }
        List<TopicPartition> asked = partitions;
        groups.ask(request.groupId(), new GroupCommand.FetchOffsets(request.groupId(), null, -1, partitions,
                stable),
                call.home(), reply -> {
            if (reply instanceof GroupReply.Fetched fetched && fetched.error() == ErrorCode.NONE) {
                byTopic(fetched.partitions()).forEach((name, offsets) -> response.topics()
                        .add(topicOf(name, offsets)));
            } else {
                ErrorCode error = reply instanceof GroupReply.Fetched fetched ? fetched.error()
                        : Replies.errorOf(reply);
                response.setErrorCode(error.code());
                if (asked != null && call.version() < ALL_IS_NULL_FROM) refuseEach(response, asked, error);
            }
            call.reply(response);
        });
    }

    private static void refuseEach(OffsetFetchResponseData response, List<TopicPartition> asked,
            ErrorCode error) {
        List<FetchedOffset> refused = new ArrayList<>();
        for (TopicPartition one : asked) refused.add(new FetchedOffset(one, -1, -1, "", null, error));
        byTopic(refused).forEach((name, offsets) -> response.topics().add(topicOf(name, offsets)));
    }

    private static OffsetFetchResponseTopic topicOf(String name, List<FetchedOffset> offsets) {
        OffsetFetchResponseTopic topic = new OffsetFetchResponseTopic().setName(name);
        for (FetchedOffset offset : offsets) {
            topic.partitions().add(new OffsetFetchResponsePartition()
                    .setPartitionIndex(offset.partition().partition())
                    .setCommittedOffset(offset.offset()).setCommittedLeaderEpoch(offset.leaderEpoch())
                    .setMetadata(offset.metadata()).setErrorCode(offset.error().code()));
        }
        return topic;
    }

    /**
     * Null for all; partitions of topics that are not there are answered here, when topics are named by id.
     */
    private List<TopicPartition> partitionsOf(Call call, OffsetFetchRequestGroup asked,
            OffsetFetchResponseGroup answer) {
        if (asked.topics() == null) return null;
        List<TopicPartition> partitions = new ArrayList<>();
        for (OffsetFetchRequestTopics topic : asked.topics()) {
            Topic found = call.version() >= TOPIC_IDS_FROM ? topics.byId(topic.topicId()) : null;
            if (found == null && call.version() >= TOPIC_IDS_FROM) {
                OffsetFetchResponseTopics unknown = new OffsetFetchResponseTopics()
                        .setTopicId(topic.topicId());
                answer.topics().add(unknown);
                for (int index : topic.partitionIndexes()) {
                    unknown.partitions().add(new OffsetFetchResponsePartitions().setPartitionIndex(index)
                            .setCommittedOffset(-1)
                            .setMetadata("").setErrorCode(ErrorCode.UNKNOWN_TOPIC_ID.code()));
                }
                continue;
            }
            String name = found != null ? found.name() : topic.name();
            for (int index : topic.partitionIndexes()) partitions.add(new TopicPartition(name, index));
        }
        return partitions;
    }

    private void fill(Call call, OffsetFetchResponseGroup answer, GroupReply reply) {
        if (!(reply instanceof GroupReply.Fetched fetched) || fetched.error() != ErrorCode.NONE) {
            answer.setErrorCode((reply instanceof GroupReply.Fetched failed ? failed.error()
                    : Replies.errorOf(reply)).code());
            return;
        }
        byTopic(fetched.partitions()).forEach((name, offsets) -> {
            Topic known = topics.byName(name);
            if (known == null && call.version() >= TOPIC_IDS_FROM) return;
            OffsetFetchResponseTopics topic = new OffsetFetchResponseTopics().setName(name);
            if (known != null) topic.setTopicId(Ids.wire(known.id()));
            answer.topics().add(topic);
            for (FetchedOffset offset : offsets) {
                topic.partitions().add(new OffsetFetchResponsePartitions()
                        .setPartitionIndex(offset.partition().partition())
                        .setCommittedOffset(offset.offset()).setCommittedLeaderEpoch(offset.leaderEpoch())
                        .setMetadata(offset.metadata()).setErrorCode(offset.error().code()));
            }
        });
    }

    private static Map<String, List<FetchedOffset>> byTopic(List<FetchedOffset> offsets) {
        Map<String, List<FetchedOffset>> byTopic = new LinkedHashMap<>();
        for (FetchedOffset offset : offsets) {
            byTopic.computeIfAbsent(offset.partition().topic(), name -> new ArrayList<>()).add(offset);
        }
        return byTopic;
    }
}

package io.semel.broker.desk;

import io.semel.broker.courier.Groups;
import io.semel.group.GroupCommand;
import io.semel.group.GroupReply;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;

/** OffsetDelete (47): a group forgets some partitions. */
public final class OffsetDeleteDesk implements Desk {
    private final Topics topics;
    private final Groups groups;

    public OffsetDeleteDesk(Topics topics, Groups groups) {
        this.topics = topics;
        this.groups = groups;
    }

    @Override
    public Api api() {
        return Api.OFFSET_DELETE;
    }

    @Override
    public void serve(Call call) {
        OffsetDeleteRequestData request = call.body();
        OffsetDeleteResponseData response = new OffsetDeleteResponseData();
        List<TopicPartition> partitions = new ArrayList<>();
        List<GroupReply.PartitionResult> missing = new ArrayList<>();
        for (OffsetDeleteRequestTopic topic : request.topics()) {
            for (OffsetDeleteRequestPartition one : topic.partitions()) {
                TopicPartition partition = new TopicPartition(topic.name(), one.partitionIndex());
                if (topics.has(topic.name(), one.partitionIndex())) partitions.add(partition);
                else missing.add(new GroupReply.PartitionResult(partition,
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
            }
        }
        groups.ask(request.groupId(), new GroupCommand.DeleteOffsets(request.groupId(), partitions),
                call.home(), reply -> {
            if (reply instanceof GroupReply.OffsetsDeleted deleted) {
                response.setErrorCode(deleted.error().code());
                for (GroupReply.PartitionResult result : deleted.partitions()) add(response, result);
                boolean told = deleted.error() == ErrorCode.NONE;
                if (told) for (GroupReply.PartitionResult result : missing) add(response, result);
            } else {
                response.setErrorCode(Replies.errorOf(reply).code());
            }
            call.reply(response);
        });
    }

    private static void add(OffsetDeleteResponseData response, GroupReply.PartitionResult result) {
        OffsetDeleteResponseTopic topic = response.topics().find(result.partition().topic());
        if (topic == null) {
            topic = new OffsetDeleteResponseTopic().setName(result.partition().topic());
            response.topics().add(topic);
        }
        topic.partitions().add(new OffsetDeleteResponsePartition()
                .setPartitionIndex(result.partition().partition())
                .setErrorCode(result.error().code()));
    }
}

package io.semel.broker.desk;

import io.semel.broker.catalogue.Topic;
import io.semel.broker.courier.Groups;
import io.semel.group.GroupCommand;
import io.semel.group.GroupReply;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;

/** OffsetCommit (8): how far a group has come; answered when durable. */
public final class OffsetCommitDesk implements Desk {
    private static final short MEMBER_EPOCHS_FROM = 9;
    private static final short TOPIC_IDS_FROM = 10;

    private final Topics topics;
    private final Groups groups;

    public OffsetCommitDesk(Topics topics, Groups groups) {
        this.topics = topics;
        this.groups = groups;
    }

    @Override
    public Api api() {
        return Api.OFFSET_COMMIT;
    }

    @Override
    public void serve(Call call) {
        OffsetCommitRequestData request = call.body();
        OffsetCommitResponseData response = new OffsetCommitResponseData();
        List<GroupCommand.OffsetToCommit> offsets = new ArrayList<>();
        List<OffsetCommitResponsePartition> places = new ArrayList<>();
        for (OffsetCommitRequestTopic asked : request.topics()) {
            Topic topic = call.version() >= TOPIC_IDS_FROM ? topics.byId(asked.topicId())
                    : topics.byName(asked.name());
            OffsetCommitResponseTopic answers = new OffsetCommitResponseTopic().setName(asked.name())
                    .setTopicId(asked.topicId());
            response.topics().add(answers);
            for (OffsetCommitRequestPartition partition : asked.partitions()) {
                OffsetCommitResponsePartition answer = new OffsetCommitResponsePartition()
                        .setPartitionIndex(partition.partitionIndex());
                answers.partitions().add(answer);
                ErrorCode error = errorOf(call, request.groupId(), topic, partition.partitionIndex());
                if (error != ErrorCode.NONE) {
                    answer.setErrorCode(error.code());
                    continue;
                }
                places.add(answer);
                offsets.add(new GroupCommand.OffsetToCommit(new TopicPartition(topic.name(),
                        partition.partitionIndex()),
                        partition.committedOffset(), partition.committedLeaderEpoch(),
                                partition.committedMetadata(), topic.id()));
            }
        }
        if (offsets.isEmpty()) {
            call.reply(response);
            return;
        }
        GroupCommand commit = new GroupCommand.CommitOffsets(request.groupId(), request.memberId(),
                request.generationIdOrMemberEpoch(), request.groupInstanceId(), offsets, -1, (short) -1);
        groups.ask(request.groupId(), commit, call.home(), reply -> {
            for (int index = 0; index < places.size(); index++) places.get(index)
                    .setErrorCode(forVersion(call, errorAt(reply, index)).code());
            call.reply(response);
        });
    }

    private static ErrorCode errorOf(Call call, String groupId, Topic topic, int partition) {
        if (groupId.isEmpty()) return ErrorCode.INVALID_GROUP_ID;
        if (topic == null) return call.version() >= TOPIC_IDS_FROM ? ErrorCode.UNKNOWN_TOPIC_ID
                : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        return partition >= 0 && partition < topic.partitions() ? ErrorCode.NONE
                : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    }

    /** What older clients know instead of the codes that came with KIP-848. */
    private static ErrorCode forVersion(Call call, ErrorCode error) {
        if (call.version() >= MEMBER_EPOCHS_FROM) return error;
        return switch (error) {
            case GROUP_ID_NOT_FOUND -> ErrorCode.ILLEGAL_GENERATION;
            case STALE_MEMBER_EPOCH -> ErrorCode.UNSUPPORTED_VERSION;
            default -> error;
        };
    }

    static ErrorCode errorAt(GroupReply reply, int index) {
        return reply instanceof GroupReply.Committed committed ? committed.partitions().get(index).error()
                : Replies.errorOf(reply);
    }
}

package io.semel.broker.desk;

import io.semel.broker.partition.LeaderEpoch;
import io.semel.broker.partition.Partition;
import io.semel.broker.partition.Rooms;
import io.semel.log.PartitionLog;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import io.semel.wire.topic.TopicPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;

/**
 * OffsetForLeaderEpoch (23, KIP-320): where an epoch ended, by which a consumer finds out that what it has
 * read
 * was cut off. Stateless; asks the partitions.
 */
public final class OffsetForLeaderEpochDesk implements Desk {
    private final Topics topics;
    private final Rooms rooms;

    public OffsetForLeaderEpochDesk(Topics topics, Rooms rooms) {
        this.topics = topics;
        this.rooms = rooms;
    }

    @Override
    public Api api() {
        return Api.OFFSET_FOR_LEADER_EPOCH;
    }

    @Override
    public void serve(Call call) {
        OffsetForLeaderEpochRequestData request = call.body();
        OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
        Gathering gathering = new Gathering(() -> call.reply(response));
        for (OffsetForLeaderTopic topic : request.topics()) {
            OffsetForLeaderTopicResult answers = new OffsetForLeaderTopicResult().setTopic(topic.topic());
            response.topics().add(answers);
            for (OffsetForLeaderPartition asked : topic.partitions()) {
                EpochEndOffset answer = new EpochEndOffset().setPartition(asked.partition());
                answers.partitions().add(answer);
                ask(call, topic.topic(), asked, answer, gathering);
            }
        }
        gathering.oneCame();
    }

    private void ask(Call call, String topic, OffsetForLeaderPartition asked, EpochEndOffset answer,
            Gathering gathering) {
        ErrorCode error = topics.has(topic, asked.partition())
                ? LeaderEpoch.judge(asked.currentLeaderEpoch())
                : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        if (error != ErrorCode.NONE) {
            answer.setErrorCode(error.code());
            return;
        }
        gathering.expectOne();
        rooms.ask(new TopicPartition(topic, asked.partition()), partition -> {
            boolean offline = partition.offline();
            PartitionLog.EpochEnd end = offline ? null : endOf(partition, asked.leaderEpoch());
            call.home().post(() -> {
                if (offline) answer.setErrorCode(ErrorCode.KAFKA_STORAGE_ERROR.code());
                if (end != null) answer.setLeaderEpoch(end.epoch()).setEndOffset(end.endOffset());
                gathering.oneCame();
            });
        }, refused -> call.home().post(() -> {
            answer.setErrorCode(refused.code());
            gathering.oneCame();
        }));
    }

    /** The epoch that is led under ends nowhere yet, even when nothing was written under it. */
    private static PartitionLog.EpochEnd endOf(Partition partition, int epoch) {
        if (epoch == LeaderEpoch.OURS) return new PartitionLog.EpochEnd(epoch, partition.endOffset());
        return epoch < 0 ? null : partition.log().endOfEpoch(epoch);
    }
}

package io.semel.broker.desk;

import io.semel.broker.partition.LeaderEpoch;
import io.semel.broker.partition.Partition;
import io.semel.broker.partition.Rooms;
import io.semel.kernel.world.DiskFailure;
import io.semel.log.TimestampOffset;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * ListOffsets (2): earliest, latest, largest timestamp, or by time; latest under read_committed is the
 * stable offset.
 */
public final class ListOffsetsDesk implements Desk {
    private static final short LEADER_EPOCH_FROM = 4;
    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;
    private static final long EARLIEST_PENDING_UPLOAD = -6;

    private final Topics topics;
    private final Rooms rooms;

    public ListOffsetsDesk(Topics topics, Rooms rooms) {
        this.topics = topics;
        this.rooms = rooms;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.LIST_OFFSETS;
    }

    @Override
    public void serve(Call call) {
        ListOffsetsRequestData request = call.body();
        ListOffsetsResponseData response = new ListOffsetsResponseData();
        Gathering gathering = new Gathering(() -> call.reply(response));
        boolean readCommitted = request.isolationLevel() == 1;
        for (ListOffsetsTopic topic : request.topics()) {
            ListOffsetsTopicResponse answers = new ListOffsetsTopicResponse().setName(topic.name());
            response.topics().add(answers);
            for (ListOffsetsPartition asked : topic.partitions()) {
                ListOffsetsPartitionResponse answer = new ListOffsetsPartitionResponse()
                        .setPartitionIndex(asked.partitionIndex());
                answers.partitions().add(answer);
                if (!topics.has(topic.name(), asked.partitionIndex())) {
                    answer.setErrorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
                    continue;
                }
                ErrorCode epoch = LeaderEpoch.judge(asked.currentLeaderEpoch());
                if (epoch != ErrorCode.NONE) {
                    answer.setErrorCode(epoch.code());
                    continue;
                }
                gathering.expectOne();
                rooms.ask(new TopicPartition(topic.name(), asked.partitionIndex()), partition -> {
                    Found found = look(partition, asked.timestamp(), readCommitted);
                    call.home().post(() -> {
                        answer.setErrorCode(found.error.code()).setOffset(found.offset)
                                .setTimestamp(found.timestampMs);
                        boolean hasEpoch = found.offset >= 0 && call.version() >= LEADER_EPOCH_FROM;
                        if (hasEpoch) answer.setLeaderEpoch(LeaderEpoch.OURS);
                        gathering.oneCame();
                    });
                }, error -> call.home().post(() -> {
                    answer.setErrorCode(error.code());
                    gathering.oneCame();
                }));
            }
        }
        gathering.oneCame();
    }

    private record Found(ErrorCode error, long offset, long timestampMs) {
        static Found offset(long offset) {
            return new Found(ErrorCode.NONE, offset, -1);
        }

        static Found of(TimestampOffset found) {
            return found == null ? offset(-1) : new Found(ErrorCode.NONE, found.offset(), found.timestamp());
        }
    }

    private static Found look(Partition partition, long timestamp, boolean readCommitted) {
        if (partition.offline()) return new Found(ErrorCode.KAFKA_STORAGE_ERROR, -1, -1);
        long bound = readCommitted ? partition.stableOffset() : partition.highWatermark();
        try {
            if (timestamp == LATEST) return Found.offset(bound);
            if (timestamp == EARLIEST || timestamp == EARLIEST_LOCAL) return Found.offset(partition.log()
                    .startOffset());
            if (timestamp == LATEST_TIERED || timestamp == EARLIEST_PENDING_UPLOAD) return Found.offset(-1);
            if (timestamp == MAX_TIMESTAMP) return Found.of(partition.log().maxTimestamp(bound));
            if (timestamp < 0) return new Found(ErrorCode.UNSUPPORTED_VERSION, -1, -1);
            return Found.of(partition.log().findByTimestamp(timestamp, bound));
        } catch (DiskFailure failure) {
            return new Found(ErrorCode.KAFKA_STORAGE_ERROR, -1, -1);
        }
    }
}

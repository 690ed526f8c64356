package io.semel.broker.desk;

import io.semel.broker.partition.LeaderEpoch;
import io.semel.broker.partition.Partition;
import io.semel.broker.partition.Rooms;
import io.semel.kernel.world.DiskFailure;
import io.semel.log.TimestampOffset;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import io.semel.wire.topic.TopicPartition;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;

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
    private static final short MAX_TIMESTAMP_FROM = 7;
    private static final short EARLIEST_LOCAL_FROM = 8;
    private static final short LATEST_TIERED_FROM = 9;
    private static final short PENDING_UPLOAD_FROM = 11;

    private final Topics topics;
    private final Rooms rooms;

    public ListOffsetsDesk(Topics topics, Rooms rooms) {
        this.topics = topics;
        this.rooms = rooms;
    }

    @Override
    public Api api() {
        return Api.LIST_OFFSETS;
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
            Map<Integer, Integer> times = new HashMap<>();
            for (ListOffsetsPartition asked : topic.partitions()) {
                times.merge(asked.partitionIndex(), 1, Integer::sum);
            }
            for (ListOffsetsPartition asked : topic.partitions()) {
                Integer named = times.remove(asked.partitionIndex());
                if (named == null) continue;
                ListOffsetsPartitionResponse answer = new ListOffsetsPartitionResponse()
                        .setPartitionIndex(asked.partitionIndex());
                answers.partitions().add(answer);
                if (named > 1 || asked.timestamp() < oldestSpecial(call.version())) {
                    answer.setErrorCode((named > 1 ? ErrorCode.INVALID_REQUEST
                            : ErrorCode.UNSUPPORTED_VERSION).code());
                    continue;
                }
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

    /** What stands for no time came one by one: a client that asks too early means something else. */
    private static long oldestSpecial(short version) {
        if (version >= PENDING_UPLOAD_FROM) return EARLIEST_PENDING_UPLOAD;
        if (version >= LATEST_TIERED_FROM) return LATEST_TIERED;
        if (version >= EARLIEST_LOCAL_FROM) return EARLIEST_LOCAL;
        return version >= MAX_TIMESTAMP_FROM ? MAX_TIMESTAMP : EARLIEST;
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
            return Found.of(partition.log().findByTimestamp(timestamp, bound));
        } catch (DiskFailure failure) {
            return new Found(ErrorCode.KAFKA_STORAGE_ERROR, -1, -1);
        }
    }
}

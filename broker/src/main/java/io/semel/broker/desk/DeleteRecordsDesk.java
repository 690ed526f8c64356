package io.semel.broker.desk;

import io.semel.broker.catalogue.Topic;
import io.semel.broker.partition.Rooms;
import io.semel.broker.partition.StartKeeping;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import io.semel.wire.topic.TopicPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;

/** DeleteRecords (21, KIP-107): moves the starts of partitions up. Answered when that survives a crash. */
public final class DeleteRecordsDesk implements Desk {
    private static final long NO_LOW_WATERMARK = -1;

    private final Topics topics;
    private final Rooms rooms;
    private final StartKeeping starts;

    public DeleteRecordsDesk(Topics topics, Rooms rooms, StartKeeping starts) {
        this.topics = topics;
        this.rooms = rooms;
        this.starts = starts;
    }

    @Override
    public Api api() {
        return Api.DELETE_RECORDS;
    }

    @Override
    public void serve(Call call) {
        DeleteRecordsRequestData request = call.body();
        DeleteRecordsResponseData response = new DeleteRecordsResponseData();
        Gathering gathering = new Gathering(() -> call.reply(response));
        for (DeleteRecordsTopic topic : request.topics()) {
            DeleteRecordsTopicResult answers = new DeleteRecordsTopicResult().setName(topic.name());
            response.topics().add(answers);
            for (DeleteRecordsPartition asked : topic.partitions()) {
                DeleteRecordsPartitionResult answer = new DeleteRecordsPartitionResult()
                        .setPartitionIndex(asked.partitionIndex()).setLowWatermark(NO_LOW_WATERMARK);
                answers.partitions().add(answer);
                ErrorCode refused = judge(topic.name(), asked.partitionIndex());
                answer.setErrorCode(refused.code());
                if (refused != ErrorCode.NONE) continue;
                gathering.expectOne();
                TopicPartition name = new TopicPartition(topic.name(), asked.partitionIndex());
                delete(call, name, asked.offset(), answer, gathering);
            }
        }
        gathering.oneCame();
    }

    private ErrorCode judge(String name, int partition) {
        if (!topics.has(name, partition)) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        Topic topic = topics.byName(name);
        if (topic.isInternal()) return ErrorCode.INVALID_TOPIC_EXCEPTION;
        return topic.expires() ? ErrorCode.NONE : ErrorCode.POLICY_VIOLATION;
    }

    private void delete(Call call, TopicPartition name, long offset, DeleteRecordsPartitionResult answer,
            Gathering gathering) {
        rooms.ask(name, partition -> partition.deleteBelow(offset, starts, error -> {
            long lowWatermark = error == ErrorCode.NONE ? partition.log().startOffset() : NO_LOW_WATERMARK;
            tell(call, answer, error, lowWatermark, gathering);
        }), error -> tell(call, answer, error, NO_LOW_WATERMARK, gathering));
    }

    private static void tell(Call call, DeleteRecordsPartitionResult answer, ErrorCode error,
            long lowWatermark, Gathering gathering) {
        call.home().post(() -> {
            answer.setErrorCode(error.code()).setLowWatermark(lowWatermark);
            gathering.oneCame();
        });
    }
}

package io.semel.broker.desk;

import io.semel.broker.partition.Rooms;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import io.semel.wire.topic.TopicPartition;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerPartitionResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerTopicResult;

/**
 * WriteTxnMarkers (27): how an administrator ends a hanging transaction (KIP-664); our own coordinator does
 * not go through here.
 */
public final class WriteTxnMarkersDesk implements Desk {
    private static final short TRANSACTION_VERSION_FROM = 2;

    private final Topics topics;
    private final Rooms rooms;

    public WriteTxnMarkersDesk(Topics topics, Rooms rooms) {
        this.topics = topics;
        this.rooms = rooms;
    }

    @Override
    public Api api() {
        return Api.WRITE_TXN_MARKERS;
    }

    @Override
    public void serve(Call call) {
        WriteTxnMarkersRequestData request = call.body();
        WriteTxnMarkersResponseData response = new WriteTxnMarkersResponseData();
        Gathering gathering = new Gathering(() -> call.reply(response));
        for (WritableTxnMarker marker : request.markers()) {
            WritableTxnMarkerResult result = new WritableTxnMarkerResult().setProducerId(marker.producerId());
            response.markers().add(result);
            for (WritableTxnMarkerTopic topic : marker.topics()) {
                WritableTxnMarkerTopicResult answers = new WritableTxnMarkerTopicResult()
                        .setName(topic.name());
                result.topics().add(answers);
                for (int index : topic.partitionIndexes()) {
                    WritableTxnMarkerPartitionResult answer = new WritableTxnMarkerPartitionResult()
                            .setPartitionIndex(index);
                    answers.partitions().add(answer);
                    mark(call, marker, topic.name(), index, answer, gathering);
                }
            }
        }
        gathering.oneCame();
    }

    private void mark(Call call, WritableTxnMarker marker, String topic, int index,
            WritableTxnMarkerPartitionResult answer,
                      Gathering gathering) {
        if (!topics.has(topic, index)) {
            answer.setErrorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
            return;
        }
        if (marker.producerId() < 0 || marker.producerEpoch() < 0) {
            answer.setErrorCode(ErrorCode.INVALID_REQUEST.code());
            return;
        }
        gathering.expectOne();
        boolean version2 = call.version() >= TRANSACTION_VERSION_FROM && marker.transactionVersion() >= 2;
        rooms.ask(new TopicPartition(topic, index), partition ->
                partition.mark(marker.producerId(), marker.producerEpoch(),
                marker.transactionResult(), marker.coordinatorEpoch(), version2, error -> call.home()
                        .post(() -> {
                    answer.setErrorCode(error.code());
                    gathering.oneCame();
                })), error -> call.home().post(() -> {
                    answer.setErrorCode(error.code());
                    gathering.oneCame();
                }));
    }
}

package io.semel.broker.desk;

import io.semel.broker.partition.Partition;
import io.semel.broker.partition.Rooms;
import io.semel.idempotence.ProducerEntry;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;

/**
 * DescribeProducers (61, KIP-664): who has written to a partition, and since when a transaction is open
 * there.
 */
public final class DescribeProducersDesk implements Desk {
    private final Topics topics;
    private final Rooms rooms;

    public DescribeProducersDesk(Topics topics, Rooms rooms) {
        this.topics = topics;
        this.rooms = rooms;
    }

    @Override
    public Api api() {
        return Api.DESCRIBE_PRODUCERS;
    }

    @Override
    public void serve(Call call) {
        DescribeProducersRequestData request = call.body();
        DescribeProducersResponseData response = new DescribeProducersResponseData();
        Gathering gathering = new Gathering(() -> call.reply(response));
        for (TopicRequest topic : request.topics()) {
            TopicResponse answers = new TopicResponse().setName(topic.name());
            response.topics().add(answers);
            for (int index : topic.partitionIndexes()) {
                PartitionResponse answer = new PartitionResponse().setPartitionIndex(index);
                answers.partitions().add(answer);
                if (!topics.has(topic.name(), index)) {
                    answer.setErrorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
                    continue;
                }
                gathering.expectOne();
                rooms.ask(new TopicPartition(topic.name(), index), partition -> {
                    List<ProducerState> states = describe(partition);
                    call.home().post(() -> {
                        answer.setActiveProducers(states);
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

    private static List<ProducerState> describe(Partition partition) {
        List<ProducerState> states = new ArrayList<>();
        for (ProducerEntry entry : partition.producers()) {
            states.add(new ProducerState().setProducerId(entry.producerId()).setProducerEpoch(entry.epoch())
                    .setLastSequence(entry.lastSequence()).setLastTimestamp(entry.lastTimestamp())
                    .setCoordinatorEpoch(entry.coordinatorEpoch())
                            .setCurrentTxnStartOffset(entry.firstOffset()));
        }
        return states;
    }
}

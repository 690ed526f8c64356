package io.semel.broker.desk;

import io.semel.txn.TxnCommand;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnPartitionResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResult;

/** AddPartitionsToTxn (24), as clients of transaction version 1 send it: all of the partitions, or none. */
public final class AddPartitionsToTxnDesk implements Desk {
    private static final short FENCED_FROM = 2;

    private final Topics topics;
    private final NewestConnections connections;

    public AddPartitionsToTxnDesk(Topics topics, NewestConnections connections) {
        this.topics = topics;
        this.connections = connections;
    }

    @Override
    public Api api() {
        return Api.ADD_PARTITIONS_TO_TXN;
    }

    /** From version 4 on it is for brokers among themselves. */
    @Override
    public short newestVersion() {
        return 3;
    }

    @Override
    public void serve(Call call) {
        AddPartitionsToTxnRequestData request = call.body();
        List<TopicPartition> known = new ArrayList<>();
        List<TopicPartition> unknown = new ArrayList<>();
        for (AddPartitionsToTxnTopic topic : request.v3AndBelowTopics()) {
            for (int index : topic.partitions()) {
                (topics.has(topic.name(), index) ? known : unknown)
                        .add(new TopicPartition(topic.name(), index));
            }
        }
        if (request.v3AndBelowTransactionalId().isEmpty()) {
            unknown.addAll(known);
            call.reply(answer(unknown, ErrorCode.INVALID_REQUEST, List.of(), ErrorCode.NONE));
        } else if (!unknown.isEmpty()) {
            call.reply(answer(known, ErrorCode.OPERATION_NOT_ATTEMPTED, unknown,
                    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        } else {
            TxnCommand enlist = new TxnCommand.Enlist(request.v3AndBelowTransactionalId(),
                    request.v3AndBelowProducerId(),
                    request.v3AndBelowProducerEpoch(), known, false);
            NewestConnections.Owner owner = new NewestConnections.Owner(request.v3AndBelowTransactionalId(),
                    request.v3AndBelowProducerId(), request.v3AndBelowProducerEpoch());
            connections.ask(call, owner, enlist, reply -> {
                ErrorCode error = Replies.errorOf(reply);
                boolean old = error == ErrorCode.PRODUCER_FENCED && call.version() < FENCED_FROM;
                call.reply(answer(known, old ? ErrorCode.INVALID_PRODUCER_EPOCH : error, List.of(),
                        ErrorCode.NONE));
            });
        }
    }

    private static AddPartitionsToTxnResponseData answer(List<TopicPartition> some, ErrorCode error,
            List<TopicPartition> others,
                                                         ErrorCode otherError) {
        AddPartitionsToTxnResponseData response = new AddPartitionsToTxnResponseData();
        for (TopicPartition partition : some) add(response, partition, error);
        for (TopicPartition partition : others) add(response, partition, otherError);
        return response;
    }

    private static void add(AddPartitionsToTxnResponseData response, TopicPartition partition,
            ErrorCode error) {
        AddPartitionsToTxnTopicResult topic = response.resultsByTopicV3AndBelow().find(partition.topic());
        if (topic == null) {
            topic = new AddPartitionsToTxnTopicResult().setName(partition.topic());
            response.resultsByTopicV3AndBelow().add(topic);
        }
        topic.resultsByPartition().add(new AddPartitionsToTxnPartitionResult()
                .setPartitionIndex(partition.partition())
                .setPartitionErrorCode(error.code()));
    }
}

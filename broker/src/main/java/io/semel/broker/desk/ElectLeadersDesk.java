package io.semel.broker.desk;

import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;

/**
 * ElectLeaders (43, KIP-460): the only replica leads already, so that no election is ever needed; asked for
 * all
 * partitions, the answer names none, as Kafka's does. Any lane.
 */
public final class ElectLeadersDesk implements Desk {
    private final Topics topics;

    public ElectLeadersDesk(Topics topics) {
        this.topics = topics;
    }

    @Override
    public Api api() {
        return Api.ELECT_LEADERS;
    }

    @Override
    public void serve(Call call) {
        ElectLeadersRequestData request = call.body();
        ElectLeadersResponseData response = new ElectLeadersResponseData();
        if (request.electionType() < 0 || request.electionType() > 1) {
            ErrorCode error = ErrorCode.INVALID_REQUEST;
            call.reply(call.version() < 1 ? response : response.setErrorCode(error.code()));
            return;
        }
        if (request.topicPartitions() != null) {
            for (TopicPartitions asked : request.topicPartitions()) {
                response.replicaElectionResults().add(elect(asked));
            }
        }
        call.reply(response);
    }

    private ReplicaElectionResult elect(TopicPartitions asked) {
        ReplicaElectionResult results = new ReplicaElectionResult().setTopic(asked.topic());
        for (int partition : asked.partitions()) {
            boolean known = topics.has(asked.topic(), partition);
            ErrorCode error = known ? ErrorCode.ELECTION_NOT_NEEDED : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            results.partitionResult().add(new PartitionResult().setPartitionId(partition)
                    .setErrorCode(error.code()).setErrorMessage(known
                            ? "Leader election not needed for topic partition."
                            : "No such partition " + asked.topic() + "-" + partition + "."));
        }
        return results;
    }
}

package io.semel.broker.desk;

import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.List;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;

/**
 * AlterPartitionReassignments (45, KIP-455): a partition may be moved to where it is, and nowhere else. Any
 * lane.
 */
public final class AlterPartitionReassignmentsDesk implements Desk {
    private final Topics topics;
    private final int nodeId;

    public AlterPartitionReassignmentsDesk(Topics topics, int nodeId) {
        this.topics = topics;
        this.nodeId = nodeId;
    }

    @Override
    public Api api() {
        return Api.ALTER_PARTITION_REASSIGNMENTS;
    }

    @Override
    public void serve(Call call) {
        AlterPartitionReassignmentsRequestData request = call.body();
        AlterPartitionReassignmentsResponseData response = new AlterPartitionReassignmentsResponseData();
        if (call.version() >= 1) {
            response.setAllowReplicationFactorChange(request.allowReplicationFactorChange());
        }
        for (ReassignableTopic topic : request.topics()) {
            ReassignableTopicResponse answers = new ReassignableTopicResponse().setName(topic.name());
            response.responses().add(answers);
            for (ReassignablePartition asked : topic.partitions()) {
                answers.partitions().add(move(topic.name(), asked));
            }
        }
        call.reply(response);
    }

    private ReassignablePartitionResponse move(String topic, ReassignablePartition asked) {
        ReassignablePartitionResponse answer = new ReassignablePartitionResponse()
                .setPartitionIndex(asked.partitionIndex()).setErrorMessage(null);
        if (!topics.has(topic, asked.partitionIndex())) {
            return answer.setErrorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code())
                    .setErrorMessage("There is no partition " + topic + "-" + asked.partitionIndex() + ".");
        }
        if (asked.replicas() == null) {
            return answer.setErrorCode(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS.code())
                    .setErrorMessage("No partition is being moved: there is nothing to cancel.");
        }
        if (asked.replicas().equals(List.of(nodeId))) return answer;
        return answer.setErrorCode(ErrorCode.INVALID_REPLICA_ASSIGNMENT.code())
                .setErrorMessage("Replicas " + asked.replicas() + " of " + topic + "-"
                + asked.partitionIndex()
                        + ": the only broker here is " + nodeId + ".");
    }
}

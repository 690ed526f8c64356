package io.semel.it.sim;

import io.semel.sim.Dice;
import java.util.List;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * The requests that bring partitions and offsets into a transaction, and what their answers mean. Belongs to
 * one producer.
 */
final class Enlisting {
    static final String INPUT_TOPIC = "input";

    private final boolean versionTwo;
    private final String transactionalId;
    private final Dice dice;

    Enlisting(boolean versionTwo, String transactionalId, Dice dice) {
        this.versionTwo = versionTwo;
        this.transactionalId = transactionalId;
        this.dice = dice;
    }

    int partitionsVersion() {
        return dice.between(0, 3);
    }

    ApiMessage partitions(long producerId, short epoch, List<Integer> partitions) {
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData()
                .setV3AndBelowTransactionalId(transactionalId)
                .setV3AndBelowProducerId(producerId).setV3AndBelowProducerEpoch(epoch);
        request.v3AndBelowTopics().add(new AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic()
                .setName(Clients.TOPIC)
                .setPartitions(List.copyOf(partitions)));
        return request;
    }

    /** The first error of a partition other than "not attempted", since that one says why. */
    static Errors errorOfPartitions(ApiMessage response) {
        Errors found = Errors.NONE;
        for (var topic : ((AddPartitionsToTxnResponseData) response).resultsByTopicV3AndBelow()) {
            for (var partition : topic.resultsByPartition()) {
                Errors error = Errors.forCode(partition.partitionErrorCode());
                if (error != Errors.NONE && (found == Errors.NONE
                        || found == Errors.OPERATION_NOT_ATTEMPTED)) found = error;
            }
        }
        return found;
    }

    /** @param step null for an offset of the group that is named as the transactional id */
    ApiMessage group(long producerId, short epoch, Membership.Step step) {
        return new AddOffsetsToTxnRequestData().setTransactionalId(transactionalId).setProducerId(producerId)
                .setProducerEpoch(epoch).setGroupId(step == null ? transactionalId : Membership.GROUP);
    }

    static Errors errorOfGroup(ApiMessage response) {
        return Errors.forCode(((AddOffsetsToTxnResponseData) response).errorCode());
    }

    ApiMessage offset(long producerId, short epoch, long offset) {
        TxnOffsetCommitRequestData request = new TxnOffsetCommitRequestData()
                .setTransactionalId(transactionalId)
                .setGroupId(transactionalId).setProducerId(producerId).setProducerEpoch(epoch);
        request.topics().add(new TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic().setName(INPUT_TOPIC)
                .setPartitions(List.of(new TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition()
                        .setPartitionIndex(0)
                        .setCommittedOffset(offset).setCommittedMetadata(versionTwo ? "two" : "one"))));
        return request;
    }

    /** The group's offset moves by a step of one of its chains. */
    ApiMessage offset(long producerId, short epoch, Membership.Step step) {
        TxnOffsetCommitRequestData request = new TxnOffsetCommitRequestData()
                .setTransactionalId(transactionalId).setGroupId(Membership.GROUP).setProducerId(producerId)
                .setProducerEpoch(epoch).setMemberId(step.memberId()).setGenerationId(step.generation())
                .setGroupInstanceId(step.instanceId());
        request.topics().add(new TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic()
                .setName(Clients.TOPIC)
                .setPartitions(List.of(new TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition()
                        .setPartitionIndex(step.chain()).setCommittedOffset(step.number())
                        .setCommittedMetadata(""))));
        return request;
    }

    static Errors errorOfOffset(ApiMessage response) {
        return Errors.forCode(((TxnOffsetCommitResponseData) response).topics().get(0).partitions().get(0)
                .errorCode());
    }
}

package io.semel.broker;

import io.semel.wire.batch.BatchBuilder;
import io.semel.wire.message.SliceRecords;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * What a client asks that is in the middle of its work: with the ids and epochs the broker gave it, where
 * {@link OddRequests} only guesses.
 */
final class HonestRequests {
    /** Whom the requests are from. */
    record Who(Uuid topicId, SimVerbs.Pid pid, String member, int generation, String modern,
            int modernEpoch) { }

    private final Who who;
    private final int version;

    HonestRequests(Who who, int version) {
        this.who = who;
        this.version = version;
    }

    /** Null for what needs no state of the client's. */
    ApiMessage of(ApiKeys api) {
        return switch (api) {
            case PRODUCE -> produce();
            case ADD_PARTITIONS_TO_TXN -> version > 3 ? null : addPartitions();
            case ADD_OFFSETS_TO_TXN -> new AddOffsetsToTxnRequestData().setTransactionalId("x0")
                    .setGroupId("g").setProducerId(who.pid.id()).setProducerEpoch(who.pid.epoch());
            case END_TXN -> new EndTxnRequestData().setTransactionalId("x0").setProducerId(who.pid.id())
                    .setProducerEpoch(who.pid.epoch()).setCommitted(true);
            case TXN_OFFSET_COMMIT -> txnOffsetCommit();
            case OFFSET_COMMIT -> offsetCommit();
            case HEARTBEAT -> new HeartbeatRequestData().setGroupId("g").setMemberId(who.member)
                    .setGenerationId(who.generation);
            case SYNC_GROUP -> syncGroup();
            case LEAVE_GROUP -> version < 3
                    ? new LeaveGroupRequestData().setGroupId("g").setMemberId(who.member)
                    : new LeaveGroupRequestData().setGroupId("g")
                            .setMembers(List.of(new MemberIdentity().setMemberId(who.member)));
            case CONSUMER_GROUP_HEARTBEAT -> new ConsumerGroupHeartbeatRequestData().setGroupId("modern")
                    .setMemberId(who.modern).setMemberEpoch(who.modernEpoch);
            default -> null;
        };
    }

    private ApiMessage produce() {
        ByteBuffer batch = new BatchBuilder().producer(who.pid.id(), who.pid.epoch(), 0).transactional(true)
                .add(1, ByteBuffer.wrap(new byte[] {7}), ByteBuffer.wrap(new byte[] {1, 2, 3}))
                .add(2, null, ByteBuffer.wrap(new byte[] {4})).build();
        TopicProduceData data = new TopicProduceData();
        if (version >= 13) data.setTopicId(who.topicId);
        else data.setName("t");
        data.partitionData().add(new PartitionProduceData().setIndex(1)
                .setRecords(SliceRecords.ofBytes(batch)));
        ProduceRequestData request = new ProduceRequestData().setTransactionalId("x0").setAcks((short) -1)
                .setTimeoutMs(1000);
        request.topicData().add(data);
        return request;
    }

    private ApiMessage addPartitions() {
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData()
                .setV3AndBelowTransactionalId("x0").setV3AndBelowProducerId(who.pid.id())
                .setV3AndBelowProducerEpoch(who.pid.epoch());
        request.v3AndBelowTopics().add(new AddPartitionsToTxnTopic().setName("t")
                .setPartitions(List.of(0, 1)));
        return request;
    }

    private ApiMessage txnOffsetCommit() {
        TxnOffsetCommitRequestData request = new TxnOffsetCommitRequestData().setTransactionalId("x0")
                .setGroupId("g").setProducerId(who.pid.id()).setProducerEpoch(who.pid.epoch());
        if (version >= 3) request.setMemberId(who.member).setGenerationId(who.generation);
        request.topics().add(new TxnOffsetCommitRequestTopic().setName("t").setPartitions(List.of(
                new TxnOffsetCommitRequestPartition().setPartitionIndex(1).setCommittedOffset(2)
                        .setCommittedMetadata("m"))));
        return request;
    }

    private ApiMessage offsetCommit() {
        OffsetCommitRequestTopic topic = new OffsetCommitRequestTopic().setPartitions(List.of(
                new OffsetCommitRequestPartition().setPartitionIndex(1).setCommittedOffset(2)
                        .setCommittedMetadata("m")));
        if (version >= 10) topic.setTopicId(who.topicId);
        else topic.setName("t");
        return new OffsetCommitRequestData().setGroupId("g").setMemberId(who.member)
                .setGenerationIdOrMemberEpoch(who.generation).setTopics(List.of(topic));
    }

    private ApiMessage syncGroup() {
        SyncGroupRequestData request = new SyncGroupRequestData().setGroupId("g").setMemberId(who.member)
                .setGenerationId(who.generation).setAssignments(List.of(new SyncGroupRequestAssignment()
                        .setMemberId(who.member).setAssignment(new byte[] {1})));
        return version < 5 ? request : request.setProtocolType("consumer").setProtocolName("p");
    }
}

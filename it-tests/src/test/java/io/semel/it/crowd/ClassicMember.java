package io.semel.it.crowd;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Speaks the classic protocol, and shares partitions out in turn when it leads. Gives up before it joins. */
final class ClassicMember extends CrowdMember {
    private static final int BEAT_EVERY_MS = 1_000;

    private final int partitions;
    private int generation;
    private boolean joined;
    private long beatMs;

    ClassicMember(String bootstrap, String group, String topic, int partitions, Witness witness,
            Random random) {
        super(bootstrap, group, topic, witness, random);
        this.partitions = partitions;
    }

    @Override
    void begin() {
        memberId = "";
        joined = false;
        beatMs = 0;
    }

    @Override
    void reconnected() {
        beatMs = 0;
    }

    @Override
    int epoch() {
        return generation;
    }

    @Override
    void act(long nowMs) {
        if (beatMs > nowMs) return;
        if (joined) {
            witness.heartbeats.incrementAndGet();
            asksToStay();
            client.ask(ApiKeys.HEARTBEAT, 4, new HeartbeatRequestData().setGroupId(group)
                    .setMemberId(memberId).setGenerationId(generation));
            return;
        }
        giveUpAll();
        ByteBuffer told = ConsumerProtocol.serializeSubscription(
                new ConsumerPartitionAssignor.Subscription(List.of(topic)));
        byte[] metadata = new byte[told.remaining()];
        told.get(metadata);
        JoinGroupRequestData join = new JoinGroupRequestData().setGroupId(group).setMemberId(memberId)
                .setSessionTimeoutMs(SESSION_MS).setRebalanceTimeoutMs(REBALANCE_MS)
                .setProtocolType("consumer");
        join.protocols().add(new JoinGroupRequestProtocol().setName("turns").setMetadata(metadata));
        client.ask(ApiKeys.JOIN_GROUP, 9, join);
    }

    @Override
    void hear(ApiMessage answer, long nowMs) {
        if (answer instanceof JoinGroupResponseData join) hearJoin(join, nowMs);
        else if (answer instanceof SyncGroupResponseData sync) hearSync(sync, nowMs);
        else hearError(Errors.forCode(((HeartbeatResponseData) answer).errorCode()), nowMs);
    }

    private void hearJoin(JoinGroupResponseData join, long nowMs) {
        if (join.errorCode() == Errors.MEMBER_ID_REQUIRED.code()) {
            memberId = join.memberId();
            return;
        }
        if (join.errorCode() != 0) {
            hearError(Errors.forCode(join.errorCode()), nowMs);
            return;
        }
        memberId = join.memberId();
        generation = join.generationId();
        witness.epoch(group, generation);
        SyncGroupRequestData sync = new SyncGroupRequestData().setGroupId(group).setMemberId(memberId)
                .setGenerationId(generation).setProtocolType("consumer").setProtocolName("turns");
        List<String> ids = join.members().stream().map(each -> each.memberId()).toList();
        for (int index = 0; index < ids.size(); index++) {
            List<TopicPartition> share = new ArrayList<>();
            for (int partition = index; partition < partitions; partition += ids.size()) {
                share.add(new TopicPartition(topic, partition));
            }
            ByteBuffer bytes = ConsumerProtocol.serializeAssignment(
                    new ConsumerPartitionAssignor.Assignment(share));
            byte[] assignment = new byte[bytes.remaining()];
            bytes.get(assignment);
            sync.assignments().add(new SyncGroupRequestAssignment().setMemberId(ids.get(index))
                    .setAssignment(assignment));
        }
        asksToStay();
        client.ask(ApiKeys.SYNC_GROUP, 5, sync);
    }

    private void hearSync(SyncGroupResponseData sync, long nowMs) {
        if (sync.errorCode() != 0) {
            hearError(Errors.forCode(sync.errorCode()), nowMs);
            return;
        }
        stays();
        joined = true;
        beatMs = nowMs + BEAT_EVERY_MS;
        if (sync.assignment().length == 0) return;
        ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(sync.assignment())).partitions()
                .forEach(one -> take(one.partition()));
    }

    private void hearError(Errors error, long nowMs) {
        beatMs = nowMs + BEAT_EVERY_MS;
        switch (error) {
            case NONE -> stays();
            case REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION -> rejoin();
            case UNKNOWN_MEMBER_ID -> {
                rejoin();
                memberId = "";
            }
            case COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR -> beatMs = nowMs + 200;
            default -> witness.fail(group + ": answered " + error);
        }
    }

    private void rejoin() {
        giveUpAll();
        joined = false;
        beatMs = 0;
    }

    @Override
    void sayGoodbye() {
        client.ask(ApiKeys.LEAVE_GROUP, 5, new LeaveGroupRequestData().setGroupId(group)
                .setMembers(List.of(new MemberIdentity().setMemberId(memberId))));
    }
}

package io.semel.it.sim;

import io.semel.sim.Dice;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * One that speaks the classic protocol with the range assignor: gives up everything before it joins, and
 * joins again when it must, but not while a step is being taken. One thread.
 */
final class ClassicMembership extends Membership {
    private final int sessionMs;
    private boolean mustRejoin;

    ClassicMembership(Clients clients, String name, Dice dice) {
        super(clients, name, dice);
        this.sessionMs = dice.between(100, 500);
    }

    @Override
    void begin() {
        join();
        beat();
    }

    @Override
    boolean mayStep() {
        if (phase == Phase.IN && mustRejoin) join();
        return phase == Phase.IN;
    }

    @Override
    void fenced() {
        mustRejoin = true;
    }

    /** A static member that goes says nothing, as Kafka's consumer. */
    @Override
    void goodbye() {
        if (instanceId != null) return;
        link.ask(ApiKeys.LEAVE_GROUP, 3, new LeaveGroupRequestData().setGroupId(GROUP).setMembers(List.of(
                new LeaveGroupRequestData.MemberIdentity().setMemberId(memberId))), deaf());
    }

    private void join() {
        if (phase == Phase.GONE) return;
        phase = Phase.OUT;
        mustRejoin = false;
        stands.clear();
        JoinGroupRequestData request = new JoinGroupRequestData().setGroupId(GROUP).setMemberId(memberId)
                .setSessionTimeoutMs(sessionMs).setRebalanceTimeoutMs(300).setProtocolType("consumer")
                .setGroupInstanceId(instanceId);
        request.protocols().add(new JoinGroupRequestData.JoinGroupRequestProtocol().setName("range")
                .setMetadata(bytes(ConsumerProtocol.serializeSubscription(
                        new Subscription(List.of(Clients.TOPIC))))));
        ask(ApiKeys.JOIN_GROUP, dice.between(instanceId == null ? 4 : 5, 9), request, response -> {
            JoinGroupResponseData told = (JoinGroupResponseData) response;
            Errors error = Errors.forCode(told.errorCode());
            if (error == Errors.NONE) {
                memberId = told.memberId();
                generation = told.generationId();
                sync(told);
                return;
            }
            if (error == Errors.MEMBER_ID_REQUIRED) memberId = told.memberId();
            joinAfter(error);
        }, this::join);
    }

    private void sync(JoinGroupResponseData told) {
        SyncGroupRequestData request = new SyncGroupRequestData().setGroupId(GROUP).setMemberId(memberId)
                .setGenerationId(generation).setGroupInstanceId(instanceId);
        if (told.leader().equals(memberId) && !told.skipAssignment()) assign(told, request);
        ask(ApiKeys.SYNC_GROUP, dice.between(3, 4), request, response -> {
            SyncGroupResponseData answer = (SyncGroupResponseData) response;
            Errors error = Errors.forCode(answer.errorCode());
            if (error != Errors.NONE) {
                joinAfter(error);
                return;
            }
            phase = Phase.IN;
            if (answer.assignment().length == 0) return;
            ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(answer.assignment())).partitions()
                    .forEach(chain -> stands.put(chain.partition(), new Stand()));
            tellsWhatItHolds();
        }, this::join);
    }

    private void assign(JoinGroupResponseData told, SyncGroupRequestData request) {
        Map<String, Subscription> members = new LinkedHashMap<>();
        told.members().forEach(member -> members.put(member.memberId(), ConsumerProtocol
                .deserializeSubscription(ByteBuffer.wrap(member.metadata()))));
        new RangeAssignor().assign(Map.of(Clients.TOPIC, clients.partitionCount), members).forEach(
                (member, chains) -> request.assignments()
                        .add(new SyncGroupRequestData.SyncGroupRequestAssignment().setMemberId(member)
                        .setAssignment(bytes(ConsumerProtocol.serializeAssignment(
                                new Assignment(chains))))));
    }

    private void joinAfter(Errors error) {
        switch (error) {
            case UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID -> memberId = "";
            case MEMBER_ID_REQUIRED, REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION -> { }
            default -> {
                if (!Retry.helps(error)) clients.history.complain(name + " got " + error + " joining");
            }
        }
        clients.later(dice, "join again", this::join);
    }

    private void beat() {
        if (phase == Phase.GONE) return;
        clients.run.after(dice.between(20, 60), "heartbeat", this::beat);
        if (phase != Phase.IN) return;
        int beating = generation;
        bookmarks.write(this, false);
        HeartbeatRequestData request = new HeartbeatRequestData().setGroupId(GROUP).setMemberId(memberId)
                .setGenerationId(generation).setGroupInstanceId(instanceId);
        ask(ApiKeys.HEARTBEAT, dice.between(instanceId == null ? 0 : 3, 4), request, response -> {
            Errors error = Errors.forCode(((HeartbeatResponseData) response).errorCode());
            if (error == Errors.NONE || Retry.helps(error) || beating != generation) return;
            if (phase != Phase.IN) return;
            if (isNobody(error)) memberId = "";
            mustRejoin = true;
            if (stepping() < 0) join();
        }, () -> { });
    }

    /** Somebody else may have its name by now: a request of its former life that came late. */
    private static boolean isNobody(Errors error) {
        return error == Errors.UNKNOWN_MEMBER_ID || error == Errors.FENCED_INSTANCE_ID;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}

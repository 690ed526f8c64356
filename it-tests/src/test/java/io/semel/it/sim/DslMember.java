package io.semel.it.sim;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * A member of a classic group, range assignment, with an instance id. Joins and syncs without waiting for the
 * answer, since the others have to turn for it. States: OUT (must join), JOINING, SYNCING, IN. One thread.
 */
final class DslMember {
    private enum Phase { OUT, JOINING, SYNCING, IN }

    private final DslCaller caller;
    private final Map<String, Integer> counts;
    private final BrokerLink link;
    private final String group;
    private final String instance;
    private final Set<String> topics;
    private Phase phase = Phase.OUT;
    private String memberId = "";
    private int generation = -1;
    private ApiMessage answer;
    private boolean lost;
    private List<TopicPartition> assigned = List.of();
    private long heardMs;

    DslMember(DslCaller caller, Map<String, Integer> counts, String group, String instance,
            Collection<String> topics) {
        this.caller = caller;
        this.counts = counts;
        this.group = group;
        this.instance = instance;
        this.topics = new TreeSet<>(topics);
        this.link = caller.link("member");
    }

    String memberId() {
        return memberId;
    }

    int generation() {
        return generation;
    }

    List<TopicPartition> assigned() {
        return assigned;
    }

    boolean isIn() {
        return phase == Phase.IN;
    }

    /** One step towards membership, or a heartbeat. @return what changed */
    enum News { NONE, MUST_REJOIN, LOST, JOINED }

    News step() {
        return switch (phase) {
            case OUT -> join();
            case JOINING -> joined();
            case SYNCING -> synced();
            case IN -> heartbeat();
        };
    }

    /** Partitions were let go: joins again with what it is. */
    void rejoin() {
        phase = Phase.OUT;
    }

    void leave() {
        if (memberId.isEmpty()) return;
        caller.once(link, ApiKeys.LEAVE_GROUP, 4, new LeaveGroupRequestData().setGroupId(group)
                .setMembers(List.of(new LeaveGroupRequestData.MemberIdentity().setMemberId(memberId)
                        .setGroupInstanceId(instance))));
    }

    private void ask(ApiKeys api, int version, ApiMessage body) {
        answer = null;
        lost = false;
        link.ask(api, version, body, new BrokerLink.Answer() {
            @Override
            public void got(ApiMessage response) {
                answer = response;
            }

            @Override
            public void lost() {
                lost = true;
            }
        });
    }

    private News join() {
        JoinGroupRequestData request = new JoinGroupRequestData().setGroupId(group).setMemberId(memberId)
                .setGroupInstanceId(instance).setSessionTimeoutMs(6_000).setRebalanceTimeoutMs(2_000)
                .setProtocolType("consumer");
        request.protocols().add(new JoinGroupRequestData.JoinGroupRequestProtocol().setName("range")
                .setMetadata(bytes(ConsumerProtocol.serializeSubscription(
                        new Subscription(List.copyOf(topics))))));
        ask(ApiKeys.JOIN_GROUP, 7, request);
        phase = Phase.JOINING;
        return News.NONE;
    }

    private News joined() {
        if (lost) phase = Phase.OUT;
        if (answer == null || lost) return News.NONE;
        JoinGroupResponseData told = (JoinGroupResponseData) answer;
        Errors error = Errors.forCode(told.errorCode());
        if (error != Errors.NONE) return refused(error, told.memberId());
        memberId = told.memberId();
        generation = told.generationId();
        SyncGroupRequestData request = new SyncGroupRequestData().setGroupId(group).setMemberId(memberId)
                .setGenerationId(generation).setGroupInstanceId(instance).setProtocolType("consumer")
                .setProtocolName("range");
        if (told.leader().equals(memberId) && !told.members().isEmpty()) assign(told, request);
        caller.note("joined generation " + generation);
        ask(ApiKeys.SYNC_GROUP, 5, request);
        phase = Phase.SYNCING;
        return News.NONE;
    }

    private void assign(JoinGroupResponseData told, SyncGroupRequestData request) {
        Map<String, Subscription> members = new LinkedHashMap<>();
        told.members().forEach(member -> {
            Subscription subscription = ConsumerProtocol.deserializeSubscription(
                    ByteBuffer.wrap(member.metadata()));
            subscription.setGroupInstanceId(java.util.Optional.ofNullable(member.groupInstanceId()));
            members.put(member.memberId(), subscription);
        });
        new RangeAssignor().assign(counts, members).forEach((member, places) -> request.assignments()
                .add(new SyncGroupRequestData.SyncGroupRequestAssignment().setMemberId(member)
                        .setAssignment(bytes(ConsumerProtocol.serializeAssignment(
                                new Assignment(places))))));
    }

    private News synced() {
        if (lost) phase = Phase.OUT;
        if (answer == null || lost) return News.NONE;
        SyncGroupResponseData told = (SyncGroupResponseData) answer;
        Errors error = Errors.forCode(told.errorCode());
        if (error != Errors.NONE) return refused(error, "");
        assigned = told.assignment().length == 0 ? List.of() : new ArrayList<>(ConsumerProtocol
                .deserializeAssignment(ByteBuffer.wrap(told.assignment())).partitions());
        phase = Phase.IN;
        heardMs = caller.run.nowMs();
        return News.JOINED;
    }

    private News heartbeat() {
        if (caller.run.nowMs() - heardMs < 30) return News.NONE;
        heardMs = caller.run.nowMs();
        Errors error;
        try {
            error = Errors.forCode(((HeartbeatResponseData) caller.once(link, ApiKeys.HEARTBEAT, 4,
                    new HeartbeatRequestData().setGroupId(group).setMemberId(memberId)
                            .setGenerationId(generation).setGroupInstanceId(instance))).errorCode());
        } catch (DisconnectException | org.apache.kafka.common.errors.TimeoutException unheard) {
            return News.NONE;
        }
        if (error == Errors.REBALANCE_IN_PROGRESS) return News.MUST_REJOIN;
        if (error == Errors.NONE || Retry.helps(error)) return News.NONE;
        return refused(error, "");
    }

    private News refused(Errors error, String newMemberId) {
        if (error == Errors.FENCED_INSTANCE_ID) throw new FencedInstanceIdException(instance);
        phase = Phase.OUT;
        if (error == Errors.UNKNOWN_MEMBER_ID || error == Errors.ILLEGAL_GENERATION) {
            memberId = "";
            generation = -1;
            return News.LOST;
        }
        if (error == Errors.MEMBER_ID_REQUIRED) memberId = newMemberId;
        return News.NONE;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}

package io.semel.it.sim;

import io.semel.sim.Dice;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** One that speaks the consumer protocol (KIP-848). One thread. */
final class ModernMembership extends BeatingMembership {
    private static final short LEAVES = -1;
    private static final short LEAVES_FOR_NOW = -2;
    private static final int VERSION_MAX = 1;

    ModernMembership(Clients clients, String name, Dice dice) {
        super(clients, name, dice);
    }

    @Override
    void goodbye() {
        boolean comesBack = instanceId != null && dice.percent(50);
        link.ask(ApiKeys.CONSUMER_GROUP_HEARTBEAT, VERSION_MAX, request()
                .setMemberEpoch(comesBack ? LEAVES_FOR_NOW : LEAVES), deaf());
    }

    private ConsumerGroupHeartbeatRequestData request() {
        return new ConsumerGroupHeartbeatRequestData().setGroupId(GROUP).setMemberId(memberId)
                .setInstanceId(instanceId).setMemberEpoch(generation).setTopicPartitions(null);
    }

    @Override
    void send(boolean all, TreeSet<Integer> has) {
        ConsumerGroupHeartbeatRequestData request = request();
        if (all) {
            request.setRebalanceTimeoutMs(300).setSubscribedTopicNames(List.of(Clients.TOPIC));
            if (dice.percent(30)) request.setServerAssignor(dice.percent(50) ? "range" : "uniform");
        }
        if (has != null) request.setTopicPartitions(has.isEmpty() ? List.of() : List.of(new TopicPartitions()
                .setTopicId(clients.topicId).setPartitions(new ArrayList<>(has))));
        // it would not know the id that an answer it lost gave it
        int version = generation == 0 ? VERSION_MAX : dice.between(0, VERSION_MAX);
        ask(ApiKeys.CONSUMER_GROUP_HEARTBEAT, version, request, response -> {
            heard();
            hear((ConsumerGroupHeartbeatResponseData) response);
        }, this::unheard);
    }

    private void hear(ConsumerGroupHeartbeatResponseData answer) {
        Errors error = Errors.forCode(answer.errorCode());
        switch (error) {
            case NONE -> follow(answer);
            case FENCED_MEMBER_EPOCH, UNKNOWN_MEMBER_ID -> comeAgain();
            case FENCED_INSTANCE_ID -> {
                newId();
                comeAgain();
            }
            // the name is another's until that one's session ends; members may be such as cannot change
            case UNRELEASED_INSTANCE_ID, GROUP_ID_NOT_FOUND -> unknown();
            default -> failed(error, answer.errorMessage());
        }
    }

    private void follow(ConsumerGroupHeartbeatResponseData answer) {
        TreeSet<Integer> assigned = answer.assignment() == null ? null : new TreeSet<>();
        if (assigned != null) {
            answer.assignment().topicPartitions().forEach(topic -> assigned.addAll(topic.partitions()));
        }
        follow(answer.memberEpoch(), assigned);
    }
}

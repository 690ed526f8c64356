package io.semel.it.sim;

import io.semel.sim.Dice;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TaskIds;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * One that speaks the streams protocol (KIP-1071): an instance of an application of one subtopology that
 * reads the topic, so that each chain is a task. One thread.
 */
final class StreamsMembership extends BeatingMembership {
    private static final int LEAVES = -1;
    private static final String SUBTOPOLOGY = "0";

    private final String processId;

    StreamsMembership(Clients clients, String name, Dice dice) {
        super(clients, name, dice);
        this.processId = name + "-" + Long.toHexString(dice.nextLong());
    }

    @Override
    void goodbye() {
        link.ask(ApiKeys.STREAMS_GROUP_HEARTBEAT, 0, request().setMemberEpoch(LEAVES), deaf());
    }

    private StreamsGroupHeartbeatRequestData request() {
        return new StreamsGroupHeartbeatRequestData().setGroupId(GROUP).setMemberId(memberId)
                .setMemberEpoch(generation).setActiveTasks(null).setStandbyTasks(null).setWarmupTasks(null);
    }

    @Override
    void send(boolean all, TreeSet<Integer> has) {
        StreamsGroupHeartbeatRequestData request = request();
        if (all) request.setRebalanceTimeoutMs(300).setProcessId(processId);
        if (generation == 0) request.setTopology(new Topology().setEpoch(0).setSubtopologies(List.of(
                new Subtopology().setSubtopologyId(SUBTOPOLOGY).setSourceTopics(List.of(Clients.TOPIC)))));
        if (has != null) request.setActiveTasks(has.isEmpty() ? List.of() : List.of(new TaskIds()
                .setSubtopologyId(SUBTOPOLOGY).setPartitions(new ArrayList<>(has))))
                .setStandbyTasks(List.of()).setWarmupTasks(List.of());
        ask(ApiKeys.STREAMS_GROUP_HEARTBEAT, 0, request, response -> {
            heard();
            hear((StreamsGroupHeartbeatResponseData) response);
        }, this::unheard);
    }

    private void hear(StreamsGroupHeartbeatResponseData answer) {
        Errors error = Errors.forCode(answer.errorCode());
        switch (error) {
            case NONE -> follow(answer);
            case FENCED_MEMBER_EPOCH, UNKNOWN_MEMBER_ID -> comeAgain();
            case GROUP_ID_NOT_FOUND -> unknown();
            default -> failed(error, answer.errorMessage());
        }
    }

    private void follow(StreamsGroupHeartbeatResponseData answer) {
        TreeSet<Integer> assigned = answer.activeTasks() == null ? null : new TreeSet<>();
        if (assigned != null) answer.activeTasks().forEach(tasks -> assigned.addAll(tasks.partitions()));
        if (!answer.status().isEmpty()) clients.history.complain(name + " was told " + answer.status());
        follow(answer.memberEpoch(), assigned);
    }
}

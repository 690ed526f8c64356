package io.semel.broker.desk;

import io.semel.broker.courier.Groups;
import io.semel.group.GroupCommand;
import io.semel.group.GroupReply;
import io.semel.group.assign.Assignment;
import io.semel.group.assign.TopicView;
import io.semel.kernel.world.Entropy;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;

/** ConsumerGroupHeartbeat (68): joins, reconciles and leaves (KIP-848). */
public final class ConsumerGroupHeartbeatDesk implements Desk {
    private static final short CLIENT_DRAWS_ID_FROM = 1;
    private static final ErrorCode BAD_EXPRESSION = ErrorCode.INVALID_REGULAR_EXPRESSION;

    private final Topics topics;
    private final Groups groups;
    private final Entropy entropy;

    public ConsumerGroupHeartbeatDesk(Topics topics, Groups groups, Entropy entropy) {
        this.topics = topics;
        this.groups = groups;
        this.entropy = entropy;
    }

    @Override
    public Api api() {
        return Api.CONSUMER_GROUP_HEARTBEAT;
    }

    @Override
    public void serve(Call call) {
        ConsumerGroupHeartbeatRequestData request = call.body();
        TopicView view = topics.view();
        String expression = request.subscribedTopicRegex();
        boolean bad = expression != null && !expression.isEmpty() && view.matching(expression) == null;
        if (bad) {
            call.reply(new ConsumerGroupHeartbeatResponseData().setErrorCode(BAD_EXPRESSION.code())
                    .setErrorMessage("SubscribedTopicRegex `" + expression + "` is not a valid RE2"
                            + " expression, or would take too long over all topic names."));
            return;
        }
        String memberId = request.memberId();
        boolean drawsId = call.version() < CLIENT_DRAWS_ID_FROM && memberId.isEmpty()
                && request.memberEpoch() == 0;
        if (drawsId) memberId = Ids.wire(new UUID(entropy.nextLong(), entropy.nextLong())).toString();
        SortedSet<String> names = request.subscribedTopicNames() == null ? null
                : new TreeSet<>(request.subscribedTopicNames());
        GroupCommand beat = new GroupCommand.ConsumerBeat(request.groupId(), memberId, request.memberEpoch(),
                request.instanceId(), request.rackId(), request.rebalanceTimeoutMs(), names, expression,
                request.serverAssignor(), ownedOf(request), call.clientId(), call.clientHost(), view);
        groups.ask(request.groupId(), beat, call.home(), reply -> call.reply(answer(reply)));
    }

    private static Assignment ownedOf(ConsumerGroupHeartbeatRequestData request) {
        if (request.topicPartitions() == null) return null;
        Assignment.Draft owned = new Assignment.Draft();
        for (ConsumerGroupHeartbeatRequestData.TopicPartitions topic : request.topicPartitions()) {
            for (int partition : topic.partitions()) owned.add(Ids.ours(topic.topicId()), partition);
        }
        return owned.done();
    }

    private static ConsumerGroupHeartbeatResponseData answer(GroupReply reply) {
        ConsumerGroupHeartbeatResponseData response = new ConsumerGroupHeartbeatResponseData();
        if (reply instanceof GroupReply.Refused refused) {
            return response.setErrorCode(refused.error().code()).setErrorMessage(refused.message());
        }
        if (!(reply instanceof GroupReply.Reconciled answer)) {
            return response.setErrorCode(Replies.errorOf(reply).code());
        }
        response.setMemberId(answer.memberId()).setMemberEpoch(answer.epoch())
                .setHeartbeatIntervalMs(answer.heartbeatIntervalMs());
        if (answer.assigned() == null) return response;
        List<ConsumerGroupHeartbeatResponseData.TopicPartitions> assigned = new ArrayList<>();
        answer.assigned().partitions().forEach((topicId, partitions) -> {
            Uuid id = Ids.wire(topicId);
            assigned.add(new ConsumerGroupHeartbeatResponseData.TopicPartitions().setTopicId(id)
                    .setPartitions(List.copyOf(partitions)));
        });
        return response.setAssignment(new ConsumerGroupHeartbeatResponseData.Assignment()
                .setTopicPartitions(assigned));
    }
}

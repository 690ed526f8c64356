package io.semel.broker.desk;

import io.semel.broker.courier.Groups;
import io.semel.group.GroupCommand;
import io.semel.group.GroupReply;
import io.semel.group.GroupReply.ConsumersDescribed;
import io.semel.group.GroupReply.DescribedConsumer;
import io.semel.group.assign.TopicFacts;
import io.semel.group.assign.TopicView;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.Assignment;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.Member;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.TopicPartitions;

/** ConsumerGroupDescribe (69): groups of the consumer protocol (KIP-848). */
public final class ConsumerGroupDescribeDesk implements Desk {
    private static final byte SPEAKS_CLASSIC = 0;
    private static final byte SPEAKS_CONSUMER = 1;

    private final Topics topics;
    private final Groups groups;

    public ConsumerGroupDescribeDesk(Topics topics, Groups groups) {
        this.topics = topics;
        this.groups = groups;
    }

    @Override
    public Api api() {
        return Api.CONSUMER_GROUP_DESCRIBE;
    }

    @Override
    public void serve(Call call) {
        ConsumerGroupDescribeRequestData request = call.body();
        ConsumerGroupDescribeResponseData response = new ConsumerGroupDescribeResponseData();
        TopicView view = topics.view();
        Gathering gathering = new Gathering(() -> call.reply(response));
        for (String groupId : request.groupIds()) {
            DescribedGroup described = new DescribedGroup().setGroupId(groupId);
            response.groups().add(described);
            if (groupId.isEmpty()) {
                described.setErrorCode(ErrorCode.INVALID_GROUP_ID.code());
                continue;
            }
            gathering.expectOne();
            groups.ask(groupId, new GroupCommand.DescribeConsumers(groupId), call.home(), reply -> {
                if (reply instanceof ConsumersDescribed found) {
                    fill(described, found, view);
                    boolean tellAllowed = request.includeAuthorizedOperations();
                    if (tellAllowed) described.setAuthorizedOperations(Allowed.ON_GROUPS);
                }
                else if (reply instanceof GroupReply.Refused refused) {
                    described.setErrorCode(refused.error().code()).setErrorMessage(refused.message());
                } else {
                    described.setErrorCode(Replies.errorOf(reply).code());
                }
                gathering.oneCame();
            });
        }
        gathering.oneCame();
    }

    private static void fill(DescribedGroup described, ConsumersDescribed found, TopicView view) {
        described.setGroupState(found.state()).setGroupEpoch(found.epoch())
                .setAssignmentEpoch(found.assignmentEpoch()).setAssignorName(found.assignor());
        for (DescribedConsumer member : found.members()) {
            described.members().add(new Member().setMemberId(member.memberId())
                    .setInstanceId(member.instanceId()).setRackId(member.rackId())
                    .setMemberEpoch(member.epoch()).setClientId(member.clientId())
                    .setClientHost(member.clientHost())
                    .setSubscribedTopicNames(List.copyOf(member.topicNames()))
                    .setSubscribedTopicRegex(member.expression())
                    .setAssignment(named(member.assigned(), view))
                    .setTargetAssignment(named(member.target(), view))
                    .setMemberType(member.classic() ? SPEAKS_CLASSIC : SPEAKS_CONSUMER));
        }
    }

    /** Topics that are gone meanwhile are left out: they have no name. */
    private static Assignment named(io.semel.group.assign.Assignment assigned, TopicView view) {
        List<TopicPartitions> named = new ArrayList<>();
        assigned.partitions().forEach((topicId, partitions) -> {
            TopicFacts facts = view.withId(topicId);
            if (facts == null) return;
            named.add(new TopicPartitions().setTopicId(Ids.wire(topicId)).setTopicName(facts.name())
                    .setPartitions(List.copyOf(partitions)));
        });
        return new Assignment().setTopicPartitions(named);
    }
}

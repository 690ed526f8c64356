package io.semel.broker.desk;

import io.semel.broker.courier.Groups;
import io.semel.group.GroupCommand;
import io.semel.group.GroupReply;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;

/** DescribeGroups (15). */
public final class DescribeGroupsDesk implements Desk {
    private static final short NOT_FOUND_FROM = 6;

    private final Groups groups;

    public DescribeGroupsDesk(Groups groups) {
        this.groups = groups;
    }

    @Override
    public Api api() {
        return Api.DESCRIBE_GROUPS;
    }

    @Override
    public void serve(Call call) {
        DescribeGroupsRequestData request = call.body();
        DescribeGroupsResponseData response = new DescribeGroupsResponseData();
        Gathering gathering = new Gathering(() -> call.reply(response));
        for (String groupId : request.groups()) {
            DescribedGroup described = new DescribedGroup().setGroupId(groupId);
            response.groups().add(described);
            gathering.expectOne();
            groups.ask(groupId, new GroupCommand.DescribeGroup(groupId), call.home(), reply -> {
                fill(call, described, reply);
                gathering.oneCame();
            });
        }
        gathering.oneCame();
    }

    private static void fill(Call call, DescribedGroup described, GroupReply reply) {
        if (!(reply instanceof GroupReply.Described found)) {
            described.setErrorCode(Replies.errorOf(reply).code());
            return;
        }
        ErrorCode error = found.error() == ErrorCode.GROUP_ID_NOT_FOUND && call.version() < NOT_FOUND_FROM
                ? ErrorCode.NONE : found.error();
        DescribeGroupsRequestData request = call.body();
        boolean tellAllowed = error == ErrorCode.NONE && request.includeAuthorizedOperations();
        if (tellAllowed) described.setAuthorizedOperations(Allowed.ON_GROUPS);
        described.setErrorCode(error.code()).setGroupState(found.state())
                .setProtocolType(found.protocolType())
                .setProtocolData(found.protocolName());
        if (error == ErrorCode.GROUP_ID_NOT_FOUND) described.setErrorMessage("Group " + found.groupId()
                + " not found.");
        for (GroupReply.DescribedMember member : found.members()) {
            described.members().add(new DescribedGroupMember().setMemberId(member.memberId())
                    .setGroupInstanceId(member.groupInstanceId()).setClientId(member.clientId())
                            .setClientHost(member.clientHost())
                    .setMemberMetadata(member.metadata()).setMemberAssignment(member.assignment()));
        }
    }
}

package io.semel.broker.desk;

import io.semel.broker.courier.Groups;
import io.semel.group.GroupCommand;
import io.semel.group.GroupReply;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;

/** LeaveGroup (13): one member before version 3, many from there on (KIP-345). */
public final class LeaveGroupDesk implements Desk {
    private static final short MANY_FROM = 3;

    private final Groups groups;

    public LeaveGroupDesk(Groups groups) {
        this.groups = groups;
    }

    @Override
    public Api api() {
        return Api.LEAVE_GROUP;
    }

    @Override
    public void serve(Call call) {
        LeaveGroupRequestData request = call.body();
        if (request.groupId().isEmpty()) {
            call.reply(new LeaveGroupResponseData().setErrorCode(ErrorCode.INVALID_GROUP_ID.code()));
            return;
        }
        List<GroupCommand.LeavingMember> leaving = new ArrayList<>();
        if (call.version() < MANY_FROM) {
            leaving.add(new GroupCommand.LeavingMember(request.memberId(), null, null));
        } else {
            for (MemberIdentity member : request.members()) {
                leaving.add(new GroupCommand.LeavingMember(member.memberId(), member.groupInstanceId(),
                        member.reason()));
            }
        }
        groups.ask(request.groupId(), new GroupCommand.Leave(request.groupId(), leaving), call.home(),
                reply -> call.reply(answer(call, reply)));
    }

    private static LeaveGroupResponseData answer(Call call, GroupReply reply) {
        LeaveGroupResponseData response = new LeaveGroupResponseData();
        if (!(reply instanceof GroupReply.Left left)) return response.setErrorCode(Replies.errorOf(reply)
                .code());
        if (call.version() < MANY_FROM) return response.setErrorCode(left.members().get(0).error().code());
        for (GroupReply.LeftMember member : left.members()) {
            response.members().add(new MemberResponse().setMemberId(member.memberId())
                    .setGroupInstanceId(member.groupInstanceId()).setErrorCode(member.error().code()));
        }
        return response;
    }
}

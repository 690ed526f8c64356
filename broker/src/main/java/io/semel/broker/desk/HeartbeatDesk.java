package io.semel.broker.desk;

import io.semel.broker.courier.Groups;
import io.semel.group.GroupCommand;
import io.semel.group.GroupReply;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;

/** Heartbeat (12): a member says that it lives, and hears whether it must join again. */
public final class HeartbeatDesk implements Desk {
    private final Groups groups;

    public HeartbeatDesk(Groups groups) {
        this.groups = groups;
    }

    @Override
    public Api api() {
        return Api.HEARTBEAT;
    }

    @Override
    public void serve(Call call) {
        HeartbeatRequestData request = call.body();
        if (request.groupId().isEmpty()) {
            call.reply(new HeartbeatResponseData().setErrorCode(ErrorCode.INVALID_GROUP_ID.code()));
            return;
        }
        GroupCommand beat = new GroupCommand.Heartbeat(request.groupId(), request.generationId(),
                request.memberId(),
                request.groupInstanceId());
        groups.ask(request.groupId(), beat, call.home(), reply -> {
            ErrorCode error = reply instanceof GroupReply.Beat answer ? answer.error()
                    : Replies.errorOf(reply);
            call.reply(new HeartbeatResponseData().setErrorCode(error.code()));
        });
    }
}

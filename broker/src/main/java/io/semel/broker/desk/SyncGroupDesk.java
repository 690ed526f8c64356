package io.semel.broker.desk;

import io.semel.broker.courier.Groups;
import io.semel.group.GroupCommand;
import io.semel.group.GroupReply;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;

/** SyncGroup (14): the leader hands in the assignments, everyone gets theirs. */
public final class SyncGroupDesk implements Desk {
    private static final short PROTOCOL_FROM = 5;

    private final Topics topics;
    private final Groups groups;

    public SyncGroupDesk(Topics topics, Groups groups) {
        this.topics = topics;
        this.groups = groups;
    }

    @Override
    public Api api() {
        return Api.SYNC_GROUP;
    }

    @Override
    public void serve(Call call) {
        SyncGroupRequestData request = call.body();
        if (request.groupId().isEmpty()) {
            call.reply(new SyncGroupResponseData().setErrorCode(ErrorCode.INVALID_GROUP_ID.code()));
            return;
        }
        if (call.version() >= PROTOCOL_FROM && (request.protocolType() == null
                || request.protocolName() == null)) {
            call.reply(new SyncGroupResponseData()
                    .setErrorCode(ErrorCode.INCONSISTENT_GROUP_PROTOCOL.code()));
            return;
        }
        Map<String, byte[]> assignments = new LinkedHashMap<>();
        for (SyncGroupRequestAssignment one : request.assignments()) assignments.put(one.memberId(),
                one.assignment());
        GroupCommand sync = new GroupCommand.Sync(request.groupId(), request.generationId(),
                request.memberId(),
                request.groupInstanceId(), request.protocolType(), request.protocolName(), assignments,
                topics.view());
        groups.ask(request.groupId(), sync, call.home(), reply -> {
            if (reply instanceof GroupReply.Synced synced) {
                call.reply(new SyncGroupResponseData().setProtocolType(synced.protocolType())
                        .setProtocolName(synced.protocolName())
                        .setAssignment(synced.assignment()));
            } else {
                call.reply(new SyncGroupResponseData().setErrorCode(Replies.errorOf(reply).code()));
            }
        });
    }
}

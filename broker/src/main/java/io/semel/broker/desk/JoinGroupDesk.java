package io.semel.broker.desk;

import io.semel.broker.courier.Groups;
import io.semel.group.GroupCommand;
import io.semel.group.GroupReply;
import io.semel.group.Protocol;
import io.semel.kernel.world.Entropy;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;

/** JoinGroup (11): waits until the next generation forms. */
public final class JoinGroupDesk implements Desk {
    /** Letters of a client's name in its member id, which must fit where 32,767 bytes do (I14). */
    private static final int PREFIX_MAX = 1_000;
    private static final short REBALANCE_TIMEOUT_FROM = 1;
    private static final short MEMBER_ID_REQUIRED_FROM = 4;
    private static final short NULL_PROTOCOL_FROM = 7;
    private static final short SKIP_ASSIGNMENT_FROM = 9;

    private final Topics topics;
    private final Groups groups;
    private final Entropy entropy;

    public JoinGroupDesk(Topics topics, Groups groups, Entropy entropy) {
        this.topics = topics;
        this.groups = groups;
        this.entropy = entropy;
    }

    @Override
    public Api api() {
        return Api.JOIN_GROUP;
    }

    @Override
    public void serve(Call call) {
        JoinGroupRequestData request = call.body();
        if (request.groupId().isEmpty()) {
            call.reply(refused(call, request.memberId(), ErrorCode.INVALID_GROUP_ID));
            return;
        }
        List<Protocol> protocols = new ArrayList<>();
        for (JoinGroupRequestProtocol protocol : request.protocols()) {
            protocols.add(new Protocol(protocol.name(), protocol.metadata()));
        }
        String prefix = request.groupInstanceId() != null ? request.groupInstanceId() : call.clientId();
        if (prefix.length() > PREFIX_MAX) prefix = prefix.substring(0, PREFIX_MAX);
        String candidate = prefix + "-" + new UUID(entropy.nextLong(), entropy.nextLong());
        boolean idRequired = call.version() >= MEMBER_ID_REQUIRED_FROM && request.groupInstanceId() == null;
        int rebalanceTimeoutMs = call.version() >= REBALANCE_TIMEOUT_FROM ? request.rebalanceTimeoutMs() : -1;
        GroupCommand join = new GroupCommand.Join(request.groupId(), request.memberId(), candidate,
                request.groupInstanceId(),
                call.clientId(), call.clientHost(), request.sessionTimeoutMs(), rebalanceTimeoutMs,
                        request.protocolType(),
                protocols, idRequired, call.version() >= SKIP_ASSIGNMENT_FROM, topics.view(),
                entropy.nextLong());
        groups.ask(request.groupId(), join, call.home(), reply -> call.reply(answer(call, request, reply)));
    }

    private static JoinGroupResponseData answer(Call call, JoinGroupRequestData request, GroupReply reply) {
        if (reply instanceof GroupReply.MemberIdRequired required) {
            return refused(call, required.memberId(), ErrorCode.MEMBER_ID_REQUIRED);
        }
        if (!(reply instanceof GroupReply.Joined joined)) return refused(call, request.memberId(),
                Replies.errorOf(reply));
        JoinGroupResponseData response = new JoinGroupResponseData().setMemberId(joined.memberId())
                .setGenerationId(joined.generation()).setProtocolType(joined.protocolType())
                        .setProtocolName(joined.protocolName())
                .setLeader(joined.leaderId()).setSkipAssignment(joined.skipAssignment());
        for (GroupReply.JoinedMember member : joined.members()) {
            response.members().add(new JoinGroupResponseMember().setMemberId(member.memberId())
                    .setGroupInstanceId(member.groupInstanceId()).setMetadata(member.metadata()));
        }
        return response;
    }

    private static JoinGroupResponseData refused(Call call, String memberId, ErrorCode error) {
        return new JoinGroupResponseData().setErrorCode(error.code()).setMemberId(memberId)
                .setGenerationId(-1)
                .setProtocolName(call.version() >= NULL_PROTOCOL_FROM ? null : "").setLeader("");
    }
}

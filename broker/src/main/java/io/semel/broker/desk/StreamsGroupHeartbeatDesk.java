package io.semel.broker.desk;

import io.semel.broker.courier.Groups;
import io.semel.broker.desk.StreamsWords.Told;
import io.semel.group.GroupCommand;
import io.semel.group.GroupReply;
import io.semel.group.streams.StreamsAnswer;
import io.semel.group.streams.StreamsBeat;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.function.Consumer;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;

/**
 * StreamsGroupHeartbeat (88): joins, reconciles and leaves (KIP-1071). Internal topics that are missing are
 * created before the answer, and the heartbeat is decided again, once: a member gets its tasks with its first
 * heartbeat, not with the one after.
 */
public final class StreamsGroupHeartbeatDesk implements Desk {
    private final Topics topics;
    private final Groups groups;
    private final InternalTopics internal;

    public StreamsGroupHeartbeatDesk(Topics topics, Groups groups, InternalTopics internal) {
        this.topics = topics;
        this.groups = groups;
        this.internal = internal;
    }

    @Override
    public Api api() {
        return Api.STREAMS_GROUP_HEARTBEAT;
    }

    @Override
    public void serve(Call call) {
        StreamsGroupHeartbeatRequestData request = call.body();
        StreamsBeat beat = StreamsWords.beat(request, call.clientId(), call.clientHost(), topics.view());
        String bad = internal.badNames(beat.topology());
        if (bad != null) {
            call.reply(new StreamsGroupHeartbeatResponseData()
                    .setErrorCode(ErrorCode.STREAMS_INVALID_TOPOLOGY.code()).setErrorMessage(bad));
            return;
        }
        ask(call, beat, answer -> {
            if (answer.missing().isEmpty()) {
                call.reply(StreamsWords.response(new Told(answer, null)));
                return;
            }
            internal.create(answer.missing(), call.home(), failed -> {
                if (failed != null) call.reply(StreamsWords.response(new Told(answer, failed)));
                else ask(call, beat.again(answer.epoch(), topics.view()), then ->
                        call.reply(StreamsWords.response(new Told(then.after(answer), null))));
            });
        });
    }

    private void ask(Call call, StreamsBeat beat, Consumer<StreamsAnswer> then) {
        groups.ask(beat.groupId(), new GroupCommand.BeatStreams(beat), call.home(), reply -> {
            if (reply instanceof GroupReply.StreamsReconciled reconciled) {
                then.accept(reconciled.answer());
                return;
            }
            StreamsGroupHeartbeatResponseData response = new StreamsGroupHeartbeatResponseData();
            if (reply instanceof GroupReply.Refused refused) {
                response.setErrorCode(refused.error().code()).setErrorMessage(refused.message());
            } else {
                response.setErrorCode(Replies.errorOf(reply).code());
            }
            call.reply(response);
        });
    }
}

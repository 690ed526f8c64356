package io.semel.broker.desk;

import io.semel.broker.courier.Groups;
import io.semel.txn.TxnCommand;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.List;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;

/** AddOffsetsToTxn (25): the partition that keeps a group's offsets joins a transaction of version 1. */
public final class AddOffsetsToTxnDesk implements Desk {
    private static final short FENCED_FROM = 2;

    private final NewestConnections connections;
    private final Groups groups;

    public AddOffsetsToTxnDesk(NewestConnections connections, Groups groups) {
        this.connections = connections;
        this.groups = groups;
    }

    @Override
    public Api api() {
        return Api.ADD_OFFSETS_TO_TXN;
    }

    @Override
    public void serve(Call call) {
        AddOffsetsToTxnRequestData request = call.body();
        if (request.transactionalId().isEmpty() || request.groupId().isEmpty()) {
            ErrorCode error = request.groupId().isEmpty() ? ErrorCode.INVALID_GROUP_ID
                    : ErrorCode.INVALID_REQUEST;
            call.reply(new AddOffsetsToTxnResponseData().setErrorCode(error.code()));
            return;
        }
        TxnCommand enlist = new TxnCommand.Enlist(request.transactionalId(), request.producerId(),
                request.producerEpoch(),
                List.of(groups.journalOf(request.groupId())), false);
        NewestConnections.Owner owner = new NewestConnections.Owner(request.transactionalId(),
                request.producerId(), request.producerEpoch());
        connections.ask(call, owner, enlist, reply -> {
            ErrorCode error = Replies.errorOf(reply);
            boolean old = error == ErrorCode.PRODUCER_FENCED && call.version() < FENCED_FROM;
            call.reply(new AddOffsetsToTxnResponseData().setErrorCode((old
                    ? ErrorCode.INVALID_PRODUCER_EPOCH : error).code()));
        });
    }
}

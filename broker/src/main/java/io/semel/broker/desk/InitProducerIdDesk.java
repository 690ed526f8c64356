package io.semel.broker.desk;

import io.semel.broker.courier.ProducerIds;
import io.semel.broker.courier.Transactions;
import io.semel.txn.TxnCommand;
import io.semel.txn.TxnReply;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;

/**
 * InitProducerId (22): a producer id for an idempotent producer; for a transactional one also the end of
 * whoever had the id before.
 */
public final class InitProducerIdDesk implements Desk {
    private static final short FENCED_FROM = 4;

    private final Transactions transactions;
    private final NewestConnections connections;
    private final ProducerIds producerIds;

    public InitProducerIdDesk(Transactions transactions, NewestConnections connections,
            ProducerIds producerIds) {
        this.transactions = transactions;
        this.connections = connections;
        this.producerIds = producerIds;
    }

    @Override
    public Api api() {
        return Api.INIT_PRODUCER_ID;
    }

    @Override
    public void serve(Call call) {
        InitProducerIdRequestData request = call.body();
        if (request.producerId() < 0 != request.producerEpoch() < 0) {
            call.reply(refused(ErrorCode.INVALID_REQUEST));
        } else if (request.transactionalId() == null) {
            producerIds.fresh(call.home(), producerId -> call.reply(producerId < 0
                    ? refused(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS) : given(producerId, (short) 0)));
        } else if (request.transactionalId().isEmpty()) {
            call.reply(refused(ErrorCode.INVALID_REQUEST));
        } else {
            connections.noteInit(call, request.transactionalId());
            transactions.askWithProducerId(request.transactionalId(), fresh -> new TxnCommand.InitProducerId(
                    request.transactionalId(), request.transactionTimeoutMs(), request.producerId(),
                            request.producerEpoch(), fresh,
                    request.enable2Pc(), request.keepPreparedTxn()), call.home(), reply ->
                            call.reply(answer(call, reply)));
        }
    }

    private static InitProducerIdResponseData answer(Call call, TxnReply reply) {
        if (reply instanceof TxnReply.Initialised ready) return given(ready.producerId(), ready.epoch());
        ErrorCode error = Replies.errorOf(reply);
        boolean old = error == ErrorCode.PRODUCER_FENCED && call.version() < FENCED_FROM;
        return refused(old ? ErrorCode.INVALID_PRODUCER_EPOCH : error);
    }

    private static InitProducerIdResponseData given(long producerId, short epoch) {
        return new InitProducerIdResponseData().setProducerId(producerId).setProducerEpoch(epoch);
    }

    private static InitProducerIdResponseData refused(ErrorCode error) {
        return new InitProducerIdResponseData().setErrorCode(error.code()).setProducerId(-1)
                .setProducerEpoch((short) -1);
    }
}

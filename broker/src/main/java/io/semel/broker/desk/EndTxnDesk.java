package io.semel.broker.desk;

import io.semel.broker.courier.Transactions;
import io.semel.txn.TxnCommand;
import io.semel.txn.TxnReply;
import io.semel.wire.error.ErrorCode;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * EndTxn (26): commit or abort; answered when every marker is durable, so that a commit that returned is
 * visible.
 */
public final class EndTxnDesk implements Desk {
    private static final short FENCED_FROM = 2;
    private static final short VERSION_2_FROM = 5;

    private final Transactions transactions;

    public EndTxnDesk(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.END_TXN;
    }

    @Override
    public void serve(Call call) {
        EndTxnRequestData request = call.body();
        if (request.transactionalId().isEmpty()) {
            call.reply(new EndTxnResponseData().setErrorCode(ErrorCode.INVALID_REQUEST.code()));
            return;
        }
        boolean version2 = call.version() >= VERSION_2_FROM;
        transactions.askWithProducerId(request.transactionalId(), fresh ->
                new TxnCommand.End(request.transactionalId(),
                request.producerId(), request.producerEpoch(), request.committed(), version2, fresh),
                        call.home(), reply -> {
            EndTxnResponseData response = new EndTxnResponseData();
            if (reply instanceof TxnReply.Ended ended) {
                if (version2) response.setProducerId(ended.producerId()).setProducerEpoch(ended.epoch());
            } else {
                ErrorCode error = Replies.errorOf(reply);
                boolean old = error == ErrorCode.PRODUCER_FENCED && call.version() < FENCED_FROM;
                response.setErrorCode((old ? ErrorCode.INVALID_PRODUCER_EPOCH : error).code());
            }
            call.reply(response);
        });
    }
}

package io.semel.broker.desk;

import io.semel.broker.courier.Transactions;
import io.semel.txn.TxnCommand;
import io.semel.txn.TxnReply;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;

/**
 * EndTxn (26): commit or abort; answered when every marker is durable, so that a commit that returned is
 * visible.
 */
public final class EndTxnDesk implements Desk {
    private static final short FENCED_FROM = 2;
    private static final short VERSION_2_FROM = 5;

    private final Transactions transactions;
    private final NewestConnections connections;

    public EndTxnDesk(Transactions transactions, NewestConnections connections) {
        this.transactions = transactions;
        this.connections = connections;
    }

    @Override
    public Api api() {
        return Api.END_TXN;
    }

    @Override
    public void serve(Call call) {
        EndTxnRequestData request = call.body();
        if (request.transactionalId().isEmpty()) {
            call.reply(new EndTxnResponseData().setErrorCode(ErrorCode.INVALID_REQUEST.code()));
            return;
        }
        boolean version2 = call.version() >= VERSION_2_FROM;
        LongFunction<TxnCommand> end = fresh -> new TxnCommand.End(request.transactionalId(),
                request.producerId(), request.producerEpoch(), request.committed(), version2, fresh);
        Consumer<TxnReply> asker = reply -> call.reply(answer(call.version(), reply));
        if (version2) {
            transactions.askWithProducerId(request.transactionalId(), end, call.home(), reply -> {
                if (isEarly(call, reply)) call.reply(
                        new EndTxnResponseData().setErrorCode(ErrorCode.CONCURRENT_TRANSACTIONS.code()));
                else asker.accept(reply);
            });
        } else {
            NewestConnections.Owner owner = new NewestConnections.Owner(request.transactionalId(),
                    request.producerId(), request.producerEpoch());
            connections.ask(call, owner, end.apply(-1), asker);
        }
    }

    /**
     * A version 2 commit of a transaction that the coordinator has never heard of. kafka-clients (4.3.1) may
     * send the commit before the records, and takes INVALID_TXN_STATE for fatal; asked again it first sends
     * what is unsent. So it is asked again, once: whoever has nothing to send is told the second time.
     */
    private static boolean isEarly(Call call, TxnReply reply) {
        EndTxnRequestData request = call.body();
        return request.committed() && Replies.errorOf(reply) == ErrorCode.INVALID_TXN_STATE
                && call.connection().isFirstEarlyCommit(request.producerId(), request.producerEpoch());
    }

    private static EndTxnResponseData answer(short version, TxnReply reply) {
        EndTxnResponseData response = new EndTxnResponseData();
        if (reply instanceof TxnReply.Ended ended) {
            return version < VERSION_2_FROM ? response
                    : response.setProducerId(ended.producerId()).setProducerEpoch(ended.epoch());
        }
        ErrorCode error = Replies.errorOf(reply);
        boolean old = error == ErrorCode.PRODUCER_FENCED && version < FENCED_FROM;
        return response.setErrorCode((old ? ErrorCode.INVALID_PRODUCER_EPOCH : error).code());
    }
}

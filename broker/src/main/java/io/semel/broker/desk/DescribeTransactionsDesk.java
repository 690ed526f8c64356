package io.semel.broker.desk;

import io.semel.broker.courier.Transactions;
import io.semel.txn.Txn;
import io.semel.txn.TxnCommand;
import io.semel.txn.TxnReply;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import io.semel.wire.topic.TopicPartition;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TopicData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;

/** DescribeTransactions (65, KIP-664). */
public final class DescribeTransactionsDesk implements Desk {
    private final Transactions transactions;

    public DescribeTransactionsDesk(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public Api api() {
        return Api.DESCRIBE_TRANSACTIONS;
    }

    @Override
    public void serve(Call call) {
        DescribeTransactionsRequestData request = call.body();
        DescribeTransactionsResponseData response = new DescribeTransactionsResponseData();
        Gathering gathering = new Gathering(() -> call.reply(response));
        for (String transactionalId : request.transactionalIds()) {
            TransactionState state = new TransactionState().setTransactionalId(transactionalId);
            response.transactionStates().add(state);
            if (transactionalId.isEmpty()) {
                state.setErrorCode(ErrorCode.INVALID_REQUEST.code());
                continue;
            }
            gathering.expectOne();
            transactions.ask(transactionalId, new TxnCommand.Describe(transactionalId), call.home(), reply ->
                    {
                if (reply instanceof TxnReply.Described found) fill(state, found.txn());
                else state.setErrorCode(Replies.errorOf(reply).code());
                gathering.oneCame();
            });
        }
        gathering.oneCame();
    }

    private static void fill(TransactionState state, Txn txn) {
        state.setTransactionState(txn.phase().wireName()).setTransactionTimeoutMs(txn.timeoutMs())
                .setTransactionStartTimeMs(txn.startMs()).setProducerId(txn.producerId())
                        .setProducerEpoch(txn.producerEpoch());
        for (TopicPartition partition : txn.partitions()) {
            TopicData topic = state.topics().find(partition.topic());
            if (topic == null) {
                topic = new TopicData().setTopic(partition.topic());
                state.topics().add(topic);
            }
            topic.partitions().add(partition.partition());
        }
    }
}

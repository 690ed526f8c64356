package io.semel.broker.desk;

import io.semel.broker.courier.Transactions;
import io.semel.txn.Txn;
import io.semel.txn.TxnCommand;
import io.semel.txn.TxnPhase;
import io.semel.txn.TxnReply;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.ListTransactionsResponseData.TransactionState;

/** ListTransactions (66, KIP-664, KIP-994, KIP-1152): every coordinator partition's, filtered. */
public final class ListTransactionsDesk implements Desk {
    private static final short DURATION_FROM = 1;

    private final Transactions transactions;

    public ListTransactionsDesk(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public Api api() {
        return Api.LIST_TRANSACTIONS;
    }

    @Override
    public void serve(Call call) {
        ListTransactionsRequestData request = call.body();
        ListTransactionsResponseData response = new ListTransactionsResponseData();
        Set<TxnPhase> phases = new TreeSet<>();
        for (String name : request.stateFilters()) {
            TxnPhase phase = phaseOf(name);
            if (phase == null) response.unknownStateFilters().add(name);
            else phases.add(phase);
        }
        NamePattern names = NamePattern.of(request.transactionalIdPattern());
        if (names == null) {
            call.reply(response.setErrorCode(ErrorCode.INVALID_REGULAR_EXPRESSION.code()));
            return;
        }
        if (phases.isEmpty() && !request.stateFilters().isEmpty()) {
            call.reply(response);
            return;
        }
        long durationMs = call.version() >= DURATION_FROM ? request.durationFilter() : -1;
        TxnCommand list = new TxnCommand.ListAll(phases, new TreeSet<>(request.producerIdFilters()),
                durationMs, name -> true);
        Gathering gathering = new Gathering(() -> {
            if (names.tooCostly()) call.reply(new ListTransactionsResponseData()
                    .setErrorCode(ErrorCode.INVALID_REGULAR_EXPRESSION.code()));
            else call.reply(response);
        });
        for (int partition = 0; partition < transactions.partitions(); partition++) {
            gathering.expectOne();
            transactions.askPartition(partition, list, call.home(), reply -> {
                if (reply instanceof TxnReply.Listed listed) listed.txns()
                        .forEach(txn -> add(response, names, txn));
                else response.setErrorCode(Replies.errorOf(reply).code());
                gathering.oneCame();
            });
        }
        gathering.oneCame();
    }

    private static void add(ListTransactionsResponseData response, NamePattern names, Txn txn) {
        if (!names.matches(txn.transactionalId())) return;
        response.transactionStates().add(new TransactionState().setTransactionalId(txn.transactionalId())
                .setProducerId(txn.producerId()).setTransactionState(txn.phase().wireName()));
    }

    private static TxnPhase phaseOf(String name) {
        for (TxnPhase phase : TxnPhase.values()) if (phase.wireName().equals(name)) return phase;
        return null;
    }
}

package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ListTransactionsTest {
    private final SimVerbs verbs = new SimVerbs(SimBroker.start(1));

    @Test
    void refusesAPatternThatWouldTakeTheLanesStack() {
        verbs.initProducer("a".repeat(20_000), 60_000);

        assertEquals(Errors.INVALID_REGULAR_EXPRESSION, Errors.forCode(list("(a|b)*").errorCode()));
        assertEquals(Errors.INVALID_REGULAR_EXPRESSION, Errors.forCode(list("(".repeat(30_000)).errorCode()));
    }

    @Test
    void refusesAPatternThatWouldTakeForEver() {
        verbs.initProducer("a".repeat(60) + "b", 60_000);

        assertEquals(Errors.INVALID_REGULAR_EXPRESSION, Errors.forCode(list("(.*a){20}c").errorCode()));
    }

    @Test
    void listsTheNamesThatMatchAsAWhole() {
        verbs.initProducer("orders-1", 60_000);
        verbs.initProducer("orders-2", 60_000);
        verbs.initProducer("payments-1", 60_000);

        assertEquals(List.of("orders-1", "orders-2"), list("orders-.*").transactionStates().stream()
                .map(ListTransactionsResponseData.TransactionState::transactionalId).sorted()
                .collect(Collectors.toList()));
        assertEquals(0, list("orders").transactionStates().size());
        assertEquals(3, list("").transactionStates().size());
    }

    private ListTransactionsResponseData list(String pattern) {
        return verbs.client.ask(ApiKeys.LIST_TRANSACTIONS, 2, new ListTransactionsRequestData()
                .setTransactionalIdPattern(pattern));
    }
}

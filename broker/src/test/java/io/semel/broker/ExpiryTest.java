package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.broker.SimVerbs.Pid;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the broker forgets of those who are silent, and what it does not. Days pass. */
class ExpiryTest {
    private static final long MINUTE_MS = 60_000;
    private static final long DAY_MS = 24 * 60 * MINUTE_MS;

    private final SimBroker sim = SimBroker.start(1);
    private final SimVerbs verbs = new SimVerbs(sim);

    @BeforeEach
    void aTopic() {
        verbs.createTopic("t", 2, Map.of());
    }

    @Test @DisplayName("FEATURES 9: who is silent for a day is forgotten, any sequence is then taken")
    void forgetsASilentProducer() {
        Pid pid = verbs.initProducer("x", 60_000);
        verbs.enlist("x", pid, "t", 0);
        assertEquals(Errors.NONE, produce(pid, 0));
        assertEquals(0, end(pid).errorCode());
        assertEquals(1, producers().size());

        sim.run.passMs(DAY_MS + 15 * MINUTE_MS);

        assertEquals(List.of(), producers());
        verbs.enlist("x", pid, "t", 0);
        assertEquals(Errors.NONE, produce(pid, 41));
    }

    @Test @DisplayName("FEATURES 10: not while its transaction is open")
    void remembersAProducerWhoseTransactionIsOpen() {
        Pid pid = verbs.initProducer("x", 900_000);
        verbs.enlist("x", pid, "t", 0);
        assertEquals(Errors.NONE, produce(pid, 0));

        sim.broker().rooms().visitOpen(open -> open.forEach(partition ->
                partition.forgetIdleProducers(sim.run.nowMs() + 2 * DAY_MS, (int) DAY_MS)));
        sim.run.passMs(MINUTE_MS);

        assertEquals(1, producers().size());
        assertEquals(0, producers().get(0).currentTxnStartOffset());
    }

    @Test @DisplayName("FEATURES 33: an id that is silent for a week is forgotten, its producer a stranger")
    void forgetsASilentTransactionalId() {
        Pid pid = verbs.initProducer("x", 60_000);
        assertEquals(1, ids());

        sim.run.passMs(7 * DAY_MS + MINUTE_MS);

        assertEquals(0, ids());
        assertEquals(Errors.INVALID_PRODUCER_ID_MAPPING, Errors.forCode(end(pid).errorCode()));
    }

    @Test @DisplayName("FEATURES 66: the InitProducerId of two-phase commit is not offered")
    void doesNotOfferTwoPhaseCommit() {
        verbs.client.post(ApiKeys.INIT_PRODUCER_ID, 6, new InitProducerIdRequestData()
                .setTransactionalId("x").setTransactionTimeoutMs(1_000).setEnable2Pc(true));

        sim.until(verbs.client::isHungUpOn, "a hang-up, as for every version that is not offered");
    }

    private Errors produce(Pid pid, int sequence) {
        return Errors.forCode(verbs.produce("x", "t", 0, SimVerbs.batch(pid, sequence)).errorCode());
    }

    private EndTxnResponseData end(Pid pid) {
        return verbs.client.ask(ApiKeys.END_TXN, 3, SimVerbs.ending("x", pid, true));
    }

    private List<ProducerState> producers() {
        DescribeProducersRequestData request = new DescribeProducersRequestData();
        request.topics().add(new DescribeProducersRequestData.TopicRequest().setName("t")
                .setPartitionIndexes(List.of(0)));
        DescribeProducersResponseData answer = verbs.client.ask(ApiKeys.DESCRIBE_PRODUCERS, 0, request);
        return answer.topics().get(0).partitions().get(0).activeProducers();
    }

    private int ids() {
        ListTransactionsResponseData listed = verbs.client.ask(ApiKeys.LIST_TRANSACTIONS, 0,
                new ListTransactionsRequestData());
        return listed.transactionStates().size();
    }
}

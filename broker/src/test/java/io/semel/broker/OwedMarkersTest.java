package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class OwedMarkersTest {
    private static final int SEEDS = 20;
    private static final int PARTITIONS = 6;

    @Test
    void areWrittenOrGivenUpThoughTheTopicGoesMeanwhileAndNobodyAsksAgain() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            SimBroker sim = SimBroker.start(seed);
            SimVerbs verbs = new SimVerbs(sim);
            verbs.createTopic("t", 2, Map.of());
            SimVerbs.Pid pid = verbs.initProducer("x", 600_000);
            verbs.enlist("x", pid, "t", 0, 1);
            verbs.produce("x", "t", 0, SimVerbs.batch(pid, 0));
            verbs.produce("x", "t", 1, SimVerbs.batch(pid, 0));
            sim.run.passMs(20);

            SimClient another = sim.connect();
            verbs.client.post(ApiKeys.END_TXN, 3, SimVerbs.ending("x", pid, true));
            another.await(another.post(ApiKeys.DELETE_TOPICS, 1, SimVerbs.deletion("t")));
            verbs.client.leave();
            sim.run.passMs(1_000);

            assertEquals("CompleteCommit", stateOf(another, "x"), "seed " + seed);
        }
    }

    @Test
    void areNotGivenUpBecauseTheBrokerStops() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            SimBroker sim = SimBroker.start(seed);
            SimVerbs verbs = new SimVerbs(sim);
            verbs.createTopic("t", PARTITIONS, Map.of());
            SimVerbs.Pid pid = verbs.initProducer("x", 600_000);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                verbs.enlist("x", pid, "t", partition);
                verbs.produce("x", "t", partition, SimVerbs.batch(pid, 0));
            }

            int ending = verbs.client.post(ApiKeys.END_TXN, 3, SimVerbs.ending("x", pid, true));
            for (int step = 0; step < seed * 5; step++) sim.run.step();
            boolean answered = verbs.client.isAnswered(ending);
            sim.restart();

            SimVerbs after = new SimVerbs(sim);
            sim.run.passMs(1_000);
            String state = stateOf(after.client, "x");
            for (int partition = 0; partition < PARTITIONS && state.equals("CompleteCommit"); partition++) {
                assertTrue(after.offset(7, "t", partition, SimVerbs.LATEST, true).offset() >= 2,
                        "seed " + seed);
                assertEquals(List.of(), after.fetch("t", partition).abortedTransactions(), "seed " + seed);
            }
            assertTrue(!answered || state.equals("CompleteCommit"), "seed " + seed);
        }
    }

    @Test
    void areRefusedByAStoppingBrokerWithACodeThatDoesNotSayThatThePartitionIsGone() {
        SimBroker sim = SimBroker.start(1);
        new SimVerbs(sim).createTopic("t", 2, Map.of());
        new SimVerbs(sim).errorOfProduce("t", 0, SimVerbs.batch("a"));

        List<ErrorCode> told = new ArrayList<>();
        sim.broker().stop(() -> told.add(ErrorCode.NONE));
        for (int partition = 0; partition < 2; partition++) {
            sim.broker().rooms().ask(new TopicPartition("t", partition), open -> told.add(null), told::add);
        }
        sim.until(() -> told.size() == 3, "two refusals and the stop");

        told.remove(ErrorCode.NONE);
        assertEquals(List.of(ErrorCode.NOT_LEADER_OR_FOLLOWER, ErrorCode.NOT_LEADER_OR_FOLLOWER), told);
    }

    private static String stateOf(SimClient client, String transactionalId) {
        DescribeTransactionsResponseData answer = client.ask(ApiKeys.DESCRIBE_TRANSACTIONS, 0,
                new DescribeTransactionsRequestData().setTransactionalIds(List.of(transactionalId)));
        return answer.transactionStates().get(0).transactionState();
    }
}

package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.wire.batch.BatchBuilder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class WaitingFetchTest {
    private static final int LONG_MS = 100_000;
    private static final int SEEDS = 20;

    @Test
    void endsWhenTheStableOffsetMovesThoughNothingElseDoes() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            SimBroker sim = SimBroker.start(seed);
            SimVerbs verbs = new SimVerbs(sim);
            verbs.createTopic("t");
            SimVerbs.Pid pid = verbs.initProducer("x", 600_000);
            verbs.enlist("x", pid, "t", 0);
            verbs.produce("x", "t", 0, SimVerbs.batch(pid, 0));

            SimClient reader = sim.connect();
            int fetching = reader.post(ApiKeys.FETCH, 12, SimVerbs.fetching("t", 0, 0, LONG_MS));
            for (int step = 0; step < seed * 3; step++) sim.run.step();
            assertFalse(reader.isAnswered(fetching));
            long beganMs = sim.run.nowMs();
            verbs.client.ask(ApiKeys.END_TXN, 3, SimVerbs.ending("x", pid, true));

            assertEquals(2, only(reader.await(fetching)).lastStableOffset(), "seed " + seed);
            assertTrue(sim.run.nowMs() - beganMs < LONG_MS / 2, "seed " + seed);
        }
    }

    @Test
    void endsWhenItsTopicIsDeleted() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            SimBroker sim = SimBroker.start(seed);
            SimVerbs verbs = new SimVerbs(sim);
            verbs.createTopic("t");
            SimClient reader = sim.connect();
            int fetching = reader.post(ApiKeys.FETCH, 12, SimVerbs.fetching("t", 0, 0, LONG_MS));
            for (int step = 0; step < seed * 3; step++) sim.run.step();
            long beganMs = sim.run.nowMs();

            verbs.client.ask(ApiKeys.DELETE_TOPICS, 1, SimVerbs.deletion("t"));

            short told = only(reader.await(fetching)).errorCode();
            boolean gone = told == Errors.UNKNOWN_TOPIC_OR_PARTITION.code();
            assertTrue(gone || told == Errors.KAFKA_STORAGE_ERROR.code(), "seed " + seed + " error " + told);
            assertTrue(sim.run.nowMs() - beganMs < LONG_MS / 2, "seed " + seed);
        }
    }

    @Test
    void doesNotWaitForBytesThatItsOtherPartitionsKeepFromTheOneThatHasThem() {
        SimBroker sim = SimBroker.start(1);
        SimVerbs verbs = new SimVerbs(sim);
        verbs.createTopic("t", 10, Map.of());
        for (int count = 0; count < 40; count++) verbs.errorOfProduce("t", 3, kilobyte());
        FetchTopic asked = new FetchTopic().setTopic("t");
        for (int partition = 0; partition < 10; partition++) {
            asked.partitions().add(new FetchPartition().setPartition(partition)
                    .setPartitionMaxBytes(1 << 20));
        }
        long beganMs = sim.run.nowMs();

        FetchResponseData answer = verbs.client.ask(ApiKeys.FETCH, 12, new FetchRequestData()
                .setMinBytes(20 << 10)
                .setMaxBytes(30 << 10).setMaxWaitMs(LONG_MS).setTopics(List.of(asked)));

        int size = 0;
        List<PartitionData> partitions = answer.responses().get(0).partitions();
        for (PartitionData partition : partitions) size += partition.records().sizeInBytes();
        assertTrue(size >= 20 << 10 && size <= 30 << 10, size + " bytes");
        assertTrue(sim.run.nowMs() - beganMs < LONG_MS / 2);
    }

    @Test
    void wantsNoMoreThanItMayGet() {
        SimBroker sim = SimBroker.start(1);
        SimVerbs verbs = new SimVerbs(sim);
        verbs.createTopic("t");
        for (int count = 0; count < 10; count++) verbs.errorOfProduce("t", 0, kilobyte());
        long beganMs = sim.run.nowMs();

        verbs.client.ask(ApiKeys.FETCH, 12, SimVerbs.fetching("t", 0, 0, LONG_MS).setMinBytes(1 << 30)
                .setMaxBytes(100));

        assertTrue(sim.run.nowMs() - beganMs < LONG_MS / 2);
    }

    @Test
    void isForgottenWhenItsClientGoes() {
        SimBroker sim = SimBroker.start(1);
        SimVerbs verbs = new SimVerbs(sim);
        verbs.createTopic("t");
        verbs.errorOfProduce("t", 0, SimVerbs.batch("a"));
        SimClient reader = sim.connect();
        reader.post(ApiKeys.FETCH, 12, SimVerbs.fetching("t", 0, 1, LONG_MS));
        sim.until(() -> watchersOf(sim) == 1, "a watcher");

        reader.leave();

        sim.until(() -> watchersOf(sim) == 0, "no watcher");
    }

    private static int watchersOf(SimBroker sim) {
        int[] count = {0};
        sim.broker().rooms().visitOpen(open -> open.forEach(partition ->
                count[0] += partition.watcherCount()));
        sim.run.passMs(50);
        return count[0];
    }

    private static ByteBuffer kilobyte() {
        return new BatchBuilder().add(1, null, ByteBuffer.wrap(new byte[1000])).build();
    }

    private static PartitionData only(FetchResponseData answer) {
        return answer.responses().get(0).partitions().get(0);
    }
}

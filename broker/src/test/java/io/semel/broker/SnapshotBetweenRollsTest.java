package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.Durability;
import io.semel.sim.Survival;
import io.semel.wire.batch.BatchBuilder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/**
 * A start folds what comes after the newest snapshot of producers: one is made after so many bytes, too, not
 * only when a segment is full, or a kill would cost as long as it takes to read up to a GiB a partition.
 */
class SnapshotBetweenRollsTest {
    private static final int SEEDS = 20;
    private static final int BATCHES = 300;

    @Test
    void aFewAreKeptAndTellOfProducersAndTransactions() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            Durability durability = seed % 4 < 2 ? Durability.FORCE : Durability.OS;
            boolean powerCut = seed % 2 == 0 && durability == Durability.FORCE;
            SimBroker sim = SimBroker.start(seed, BrokerConfig.defaults("127.0.0.1", 9092)
                    .withInternalPartitions(2).withDurability(durability)
                    .with(Map.of("semel.producer.snapshot.bytes", "600")));
            SimVerbs verbs = new SimVerbs(sim);
            verbs.createTopic("t", 1, Map.of("segment.ms", "9000000000000", "retention.ms", "-1"));
            SimVerbs.Pid idle = verbs.initProducer(null, 1000);
            assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, idempotent(idle, 0)));
            SimVerbs.Pid aborts = verbs.initProducer("aborts", 60_000);
            verbs.enlist("aborts", aborts, "t", 0);
            verbs.produce("aborts", "t", 0, SimVerbs.batch(aborts, 0));
            sim.connect().ask(ApiKeys.END_TXN, 3, SimVerbs.ending("aborts", aborts, false));
            SimVerbs.Pid open = verbs.initProducer("open", 60_000);
            verbs.enlist("open", open, "t", 0);
            verbs.produce("open", "t", 0, SimVerbs.batch(open, 0));
            for (int count = 0; count < BATCHES; count++) {
                assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, SimVerbs.batch("v" + count)));
            }
            sim.run.passMs(100);
            long end = verbs.end("t", false);
            long stable = verbs.end("t", true);
            List<String> snapshots = files(sim, ".snapshot");
            assertTrue(snapshots.size() == 2 || snapshots.size() == 3, "seed " + seed + ": " + snapshots);
            assertEquals(1, files(sim, ".log").size(), "seed " + seed + ": nothing rolled");

            sim.reboot(powerCut ? Survival.POWER_CUT : Survival.KILL);
            verbs = new SimVerbs(sim);

            assertEquals(end, verbs.end("t", false), "seed " + seed);
            assertEquals(stable, verbs.end("t", true), "an open one holds readers back, seed " + seed);
            assertEquals(1, verbs.fetch("t", 0).abortedTransactions().size(), "seed " + seed);
            assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, idempotent(idle, 0)), "seed " + seed);
            assertEquals(end, verbs.end("t", false), "a duplicate was written, seed " + seed);
            assertEquals(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER,
                    verbs.errorOfProduce("t", 0, idempotent(idle, 2)), "seed " + seed);
        }
    }

    private static List<String> files(SimBroker sim, String ending) {
        return sim.world().disk().list("t-0").stream().filter(name -> name.endsWith(ending)).toList();
    }

    private static ByteBuffer idempotent(SimVerbs.Pid pid, int sequence) {
        return new BatchBuilder().producer(pid.id(), pid.epoch(), sequence)
                .add(1, null, ByteBuffer.wrap(new byte[4])).build();
    }
}

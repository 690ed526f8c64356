package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.semel.broker.SimVerbs.Pid;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.Durability;
import io.semel.sim.Survival;
import io.semel.wire.batch.BatchBuilder;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.Batches;
import io.semel.wire.batch.Marker;
import io.semel.wire.batch.RecordCursor;
import io.semel.wire.message.SliceRecords;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/**
 * With durability {@code os} a power cut takes the end of a coordinator's journal and leaves what its
 * transaction has written: whatever was open on a partition is ended before the broker serves.
 */
class OrphanSweepTest {
    private static final int SEEDS = 60;
    private static final int TIMEOUT_MS = 5_000;

    private SimBroker sim;
    private Pid pid;

    /** Its coordinator knows the transaction before, whose markers do not reach this one. */
    @Test
    void endsWhatWasBegunAfterTheLastThatItsCoordinatorKnows() {
        BrokerConfig config = BrokerConfig.defaults("127.0.0.1", 9092).withInternalPartitions(4)
                .withDurability(Durability.OS);
        for (int seed = 1; seed <= SEEDS; seed++) {
            sim = SimBroker.start(seed, config);
            SimVerbs before = new SimVerbs(sim);
            before.createTopic("t", 1, Map.of());
            pid = before.initProducer("x", TIMEOUT_MS);
            write(before, "first");
            EndTxnResponseData ended = before.client.ask(ApiKeys.END_TXN, 5, SimVerbs.ending("x", pid, true));
            pid = new Pid(ended.producerId(), ended.producerEpoch());
            assertEquals(Errors.NONE, write(before, "second"));
            sim.reboot(Survival.POWER_CUT);

            SimVerbs after = new SimVerbs(sim);
            // what was ended at the start may stand under a higher epoch than its coordinator gives out first
            do pid = after.initProducer("x", TIMEOUT_MS);
            while (write(after, "third") == Errors.INVALID_PRODUCER_EPOCH);
            after.client.ask(ApiKeys.END_TXN, 5, SimVerbs.ending("x", pid, true));

            List<String> told = told(after.fetch("t", 0));
            assertEquals(after.end("t", false), after.end("t", true), "seed " + seed + told);
            assertFalse(committed(told).contains("second"), "seed " + seed + told);
        }
    }

    private Errors write(SimVerbs by, String value) {
        ByteBuffer batch = new BatchBuilder().producer(pid.id(), pid.epoch(), 0).transactional(true)
                .add(sim.world().clock().nowMs(), null, StandardCharsets.UTF_8.encode(value)).build();
        int asked = by.client.post(ApiKeys.PRODUCE, 12, SimVerbs.producing("x", "t", 0, batch));
        return Errors.forCode(SimVerbs.only(by.client.await(asked)).errorCode());
    }

    /** Everything that stands below the stable offset, markers as the word that they say. */
    private static List<String> told(FetchResponseData.PartitionData read) {
        List<String> told = new ArrayList<>();
        Batches batches = new Batches().over(SliceRecords.bytesOf(read.records()));
        BatchHeader header = new BatchHeader();
        while (batches.next(header)) {
            if (header.isControl()) {
                told.add(Marker.read(header).commit() ? "COMMIT" : "ABORT");
                continue;
            }
            RecordCursor records = new RecordCursor().open(header);
            while (records.next()) told.add(StandardCharsets.UTF_8.decode(records.value()).toString());
        }
        return told;
    }

    private static List<String> committed(List<String> told) {
        List<String> committed = new ArrayList<>();
        List<String> open = new ArrayList<>();
        for (String one : told) {
            if (one.equals("COMMIT")) committed.addAll(open);
            if (one.equals("COMMIT") || one.equals("ABORT")) open.clear();
            else open.add(one);
        }
        return committed;
    }
}

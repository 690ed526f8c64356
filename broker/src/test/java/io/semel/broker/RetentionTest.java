package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.world.DiskFile;
import io.semel.sim.Survival;
import io.semel.wire.batch.BatchBuilder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Records go, by time, by size and as a client says; producers and transactions stay (FEATURES row 54). */
class RetentionTest {
    private static final long EARLIEST = -2;
    private static final int SEEDS = 40;
    /** Two batches fill a segment. */
    private static final Map<String, String> SMALL = Map.of("segment.bytes", "160", "retention.ms", "-1");

    private SimBroker sim = SimBroker.start(1);
    private SimVerbs verbs = new SimVerbs(sim);

    @Test
    void deletesUpToWhatWasAskedAndSaysWhereTheLogStarts() {
        verbs.createTopic("t", 1, SMALL);
        produce(9);

        assertEquals(5, delete("t", 0, 5).lowWatermark());
        assertEquals(5, delete("t", 0, 2).lowWatermark());

        assertEquals(5, start());
        assertEquals(Errors.OFFSET_OUT_OF_RANGE, fetch(4));
        assertEquals(Errors.NONE, fetch(5));
        assertEquals(9, delete("t", 0, -1).lowWatermark());
        assertEquals(9, start());
        assertEquals(9, verbs.end("t", true));
    }

    @Test
    void refusesWhatCannotBeDeleted() {
        verbs.createTopic("t", 1, SMALL);
        verbs.createTopic("compacted", 1, Map.of("cleanup.policy", "compact"));
        verbs.createTopic("both", 1, Map.of("cleanup.policy", "compact,delete"));
        produce(3);

        assertEquals(Errors.OFFSET_OUT_OF_RANGE, error(delete("t", 0, 4)));
        assertEquals(Errors.OFFSET_OUT_OF_RANGE, error(delete("t", 0, -2)));
        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, error(delete("t", 1, 0)));
        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, error(delete("nothing", 0, 0)));
        assertEquals(Errors.POLICY_VIOLATION, error(delete("compacted", 0, 0)));
        assertEquals(Errors.INVALID_TOPIC_EXCEPTION, error(delete("__consumer_offsets", 0, 0)));
        assertEquals(Errors.NONE, error(delete("both", 0, 0)));
        assertEquals(-1, delete("t", 0, 4).lowWatermark());
        assertEquals(0, start());
    }

    @Test
    void neverFallsBackBelowAnAnsweredStartAndRemembersProducers() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            begin(seed);
            verbs.createTopic("t", 1, SMALL);
            SimVerbs.Pid pid = verbs.initProducer(null, 1000);
            for (int sequence = 0; sequence < 3; sequence++) {
                assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, idempotent(pid, sequence)));
            }
            produce(6);
            assertEquals(7, delete("t", 0, 7).lowWatermark());
            sim.run.passMs(seed % 3);

            sim.reboot(seed % 2 == 0 ? Survival.POWER_CUT : Survival.KILL);
            verbs = new SimVerbs(sim);

            assertEquals(7, start(), "seed " + seed);
            assertEquals(9, verbs.end("t", true), "seed " + seed);
            assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, idempotent(pid, 2)), "seed " + seed);
            assertEquals(9, verbs.end("t", true), "a duplicate was written, seed " + seed);
            assertEquals(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER,
                    verbs.errorOfProduce("t", 0, idempotent(pid, 4)));
        }
    }

    @Test
    void remembersProducersThoughTheNewestSnapshotIsDamaged() {
        verbs.createTopic("t", 1, SMALL);
        SimVerbs.Pid pid = verbs.initProducer(null, 1000);
        verbs.errorOfProduce("t", 0, idempotent(pid, 0));
        produce(8);
        assertEquals(8, delete("t", 0, 8).lowWatermark());
        sim.run.passMs(100);
        List<String> snapshots = files().stream().filter(name -> name.endsWith(".snapshot")).toList();
        assertEquals(2, snapshots.size(), snapshots::toString);

        try (DiskFile newest = sim.world().disk().open("t-0/" + snapshots.get(1))) {
            newest.write(ByteBuffer.wrap(new byte[] {7, 7, 7, 7, 7, 7, 7, 7}), 0);
        }
        sim.reboot(Survival.KILL);
        verbs = new SimVerbs(sim);

        assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, idempotent(pid, 0)));
        assertEquals(9, verbs.end("t", true), "a duplicate was written");
        assertEquals(8, start());
    }

    /** A crash between a roll and its snapshot leaves none: the one that is made then is at the log's end. */
    @Test
    void restsOnNoSnapshotThatAPowerCutTakes() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            begin(seed);
            verbs.createTopic("t", 1, Map.of("segment.bytes", "400", "retention.ms", "-1"));
            SimVerbs.Pid idle = verbs.initProducer(null, 1000);
            verbs.errorOfProduce("t", 0, idempotent(idle, 0));
            produce(5);
            sim.run.passMs(100);
            for (String name : files()) {
                if (name.endsWith(".snapshot")) sim.world().disk().delete("t-0/" + name);
            }
            sim.world().disk().forceDirectory("t-0");
            sim.reboot(Survival.KILL);
            verbs = new SimVerbs(sim);
            assertEquals(6, verbs.end("t", true), "seed " + seed);

            sim.world().simIo().slow(60, 20);
            SimClient other = sim.connect();
            for (int count = 0; count < 4; count++) {
                other.post(ApiKeys.PRODUCE, 9, SimVerbs.producing(null, "t", 0, batch(1)));
            }
            assertEquals(6, delete("t", 0, 6).lowWatermark(), "seed " + seed);
            sim.reboot(Survival.POWER_CUT);
            verbs = new SimVerbs(sim);

            long end = verbs.end("t", true);
            assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, idempotent(idle, 0)), "seed " + seed);
            assertEquals(end, verbs.end("t", true), "a duplicate was written, seed " + seed);
        }
    }

    @Test
    void opensAgainWhereverTheBrokerDiesWhileRecordsAreDeleted() {
        int before = 0;
        int after = 0;
        for (int seed = 1; seed <= 3 * SEEDS; seed++) {
            begin(seed);
            verbs.createTopic("t", 1, SMALL);
            SimVerbs.Pid pid = verbs.initProducer(null, 1000);
            verbs.errorOfProduce("t", 0, idempotent(pid, 0));
            produce(8);
            verbs.client.post(ApiKeys.DELETE_RECORDS, 2, deletion("t", 0, seed % 4 == 0 ? -1 : 6));
            for (int step = 0; step < seed; step++) sim.run.step();

            sim.reboot(seed % 2 == 0 ? Survival.POWER_CUT : Survival.KILL);
            verbs = new SimVerbs(sim);

            long start = start();
            assertTrue(start == 0 || start == (seed % 4 == 0 ? 9 : 6), "start " + start + ", seed " + seed);
            if (start == 0) before++;
            else after++;
            assertEquals(9, verbs.end("t", true), "seed " + seed);
            assertEquals(Errors.NONE, fetch(start), "seed " + seed);
            assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, idempotent(pid, 0)), "seed " + seed);
            assertEquals(9, verbs.end("t", true), "a duplicate was written, seed " + seed);
        }
        assertTrue(before > 0 && after > 0, before + " before, " + after + " after");
    }

    /**
     * A snapshot made where the log ends is deleted with that end when the power goes before it is forced. A
     * segment begins without one when its broker was killed between the roll and the snapshot.
     */
    @Test
    void restsOnNoSnapshotThatAPowerCutTakesWithTheEndOfTheLog() {
        int moved = 0;
        for (int seed = 1; seed <= 6 * SEEDS; seed++) {
            begin(seed);
            verbs.createTopic("t", 1, SMALL);
            SimVerbs.Pid pid = verbs.initProducer(null, 1000);
            verbs.errorOfProduce("t", 0, idempotent(pid, 0));
            produce(8);
            sim.reboot(Survival.KILL);
            for (String name : files()) {
                if (name.endsWith(".snapshot")) sim.world().disk().delete("t-0/" + name);
            }
            sim.world().disk().forceDirectory("t-0");
            verbs = new SimVerbs(sim);
            for (int offset = 3; offset <= 7; offset += 2) {
                for (int index = 0; index < seed % 4; index++) {
                    verbs.client.post(ApiKeys.PRODUCE, 9, SimVerbs.producing(null, "t", 0, batch(1)));
                    for (int step = 0; step < seed % 3; step++) sim.run.step();
                }
                verbs.client.post(ApiKeys.DELETE_RECORDS, 2, deletion("t", 0, offset));
                for (int step = 0; step < seed / 6; step++) sim.run.step();
            }

            sim.reboot(Survival.POWER_CUT);
            verbs = new SimVerbs(sim);

            if (start() > 0) moved++;
            long end = verbs.end("t", true);
            assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, idempotent(pid, 0)), "seed " + seed);
            assertEquals(end, verbs.end("t", true), "a duplicate was written, seed " + seed);
        }
        assertTrue(moved > 0 && moved < 6 * SEEDS, moved + " moved");
    }

    @Test
    void removesSegmentsWhoseLastRecordIsOld() {
        verbs.createTopic("t", 1, Map.of("segment.bytes", "160", "retention.ms", "1000000"));
        for (int index = 0; index < 6; index++) verbs.errorOfProduce("t", 0, batch(sim.run.nowMs()));
        sim.run.passMs(600_000);
        for (int index = 0; index < 3; index++) verbs.errorOfProduce("t", 0, batch(sim.run.nowMs()));

        sim.run.passMs(300_000);
        assertEquals(0, start());
        sim.run.passMs(400_000);

        assertEquals(6, start());
        assertTrue(files().stream().noneMatch(name -> name.startsWith("00000000000000000004")));
        sim.run.passMs(1_000_000);
        assertEquals(9, start(), "the active segment is ended and removed when all of it is old");
        assertEquals(1, files().stream().filter(name -> name.endsWith(".log")).count());
        verbs.errorOfProduce("t", 0, batch(sim.run.nowMs()));
        assertEquals(10, verbs.end("t", true));
    }

    @Test
    void findsOutTheAgeOfSegmentsOfAnEarlierLife() {
        verbs.createTopic("t", 1, Map.of("segment.bytes", "160", "retention.ms", "1000000"));
        for (int index = 0; index < 7; index++) verbs.errorOfProduce("t", 0, batch(sim.run.nowMs()));
        sim.restart();
        verbs = new SimVerbs(sim);
        sim.run.passMs(600_000);
        verbs.errorOfProduce("t", 0, batch(sim.run.nowMs()));
        assertEquals(0, start());

        sim.run.passMs(700_000);

        assertTrue(start() == 6 || start() == 7, "all that is old and whole segments, not " + start());
        assertEquals(Errors.NONE, fetch(7));
    }

    @Test
    void removesTheOldestSegmentsWhileEnoughBytesStayAndFollowsSettingsAtRunTime() {
        verbs.createTopic("t", 1, SMALL);
        produce(20);
        sim.run.passMs(300_000);
        assertEquals(0, start());

        set("retention.bytes", "500");
        sim.run.passMs(300_000);

        long bytes = sizeInBytes();
        assertTrue(bytes >= 500 && bytes < 700, bytes + " bytes stay");
        assertTrue(start() > 10, "from offset " + start());
        assertEquals(20, verbs.end("t", true));
    }

    @Test
    void keepsACompactedTopicWhole() {
        verbs.createTopic("t", 1, Map.of("segment.bytes", "160", "retention.ms", "1000",
                "cleanup.policy", "compact"));
        for (int index = 0; index < 6; index++) {
            ByteBuffer key = ByteBuffer.wrap(new byte[] {1});
            ByteBuffer keyed = new BatchBuilder().add(1, key, ByteBuffer.wrap(new byte[40])).build();
            assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, keyed));
        }

        sim.run.passMs(900_000);

        assertEquals(0, start());
    }

    @Test
    void keepsWhatIsNotDecided() {
        verbs.createTopic("t", 1, Map.of("segment.bytes", "160", "retention.ms", "1000"));
        produce(4);
        SimVerbs.Pid pid = verbs.initProducer("tx", 900_000);
        verbs.enlist("tx", pid, "t", 0);
        verbs.produce("tx", "t", 0, SimVerbs.batch(pid, 0));
        produce(4);

        sim.run.passMs(400_000);
        assertEquals(4, start());
        assertEquals(4, verbs.end("t", true));
        verbs.client.ask(ApiKeys.END_TXN, 3, SimVerbs.ending("tx", pid, true));
        sim.run.passMs(400_000);

        assertEquals(10, start());
    }

    @Test
    void doesNotHoldTheStableOffsetForATransactionBelowTheStart() {
        for (boolean commit : new boolean[] {true, false}) {
            begin(commit ? 1 : 2);
            verbs.createTopic("t", 1, SMALL);
            SimVerbs.Pid pid = verbs.initProducer("tx", 900_000);
            verbs.enlist("tx", pid, "t", 0);
            verbs.produce("tx", "t", 0, SimVerbs.batch(pid, 0));
            produce(6);
            assertEquals(0, verbs.end("t", true));

            assertEquals(5, delete("t", 0, 5).lowWatermark());
            assertEquals(5, verbs.end("t", true));
            sim.reboot(Survival.POWER_CUT);
            verbs = new SimVerbs(sim);
            assertEquals(5, verbs.end("t", true));
            verbs.client.ask(ApiKeys.END_TXN, 3, SimVerbs.ending("tx", pid, commit));

            assertEquals(8, verbs.end("t", true));
            sim.restart();
            verbs = new SimVerbs(sim);
            assertEquals(8, verbs.end("t", true));
            assertEquals(Errors.NONE, fetch(5));
        }
    }

    @Test
    void beginsAtZeroInATopicOfTheSameName() {
        verbs.createTopic("t", 1, SMALL);
        produce(9);
        delete("t", 0, -1);

        verbs.client.ask(ApiKeys.DELETE_TOPICS, 1, SimVerbs.deletion("t"));
        sim.run.passMs(1_000);
        sim.reboot(Survival.POWER_CUT);
        verbs = new SimVerbs(sim);
        verbs.createTopic("t", 1, SMALL);
        produce(1);

        assertEquals(0, start());
        assertEquals(1, verbs.end("t", true));
    }

    private void begin(int seed) {
        sim = SimBroker.start(seed);
        verbs = new SimVerbs(sim);
    }

    private void produce(int count) {
        for (int index = 0; index < count; index++) {
            assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, batch(1)));
        }
    }

    private static ByteBuffer batch(long timestamp) {
        return new BatchBuilder().add(timestamp, null, ByteBuffer.wrap(new byte[4])).build();
    }

    private static ByteBuffer idempotent(SimVerbs.Pid pid, int sequence) {
        return new BatchBuilder().producer(pid.id(), pid.epoch(), sequence)
                .add(1, null, ByteBuffer.wrap(new byte[4])).build();
    }

    private List<String> files() {
        return sim.world().disk().list("t-0");
    }

    private long start() {
        return verbs.offset(7, "t", 0, EARLIEST, false).offset();
    }

    private Errors fetch(long offset) {
        FetchResponseData answer = verbs.client.ask(ApiKeys.FETCH, 12, SimVerbs.fetching("t", 0, offset, 10));
        return Errors.forCode(answer.responses().get(0).partitions().get(0).errorCode());
    }

    private DeleteRecordsPartitionResult delete(String topic, int partition, long offset) {
        DeleteRecordsResponseData answer = verbs.client.ask(ApiKeys.DELETE_RECORDS, 2,
                deletion(topic, partition, offset));
        return answer.topics().iterator().next().partitions().iterator().next();
    }

    private static Errors error(DeleteRecordsPartitionResult result) {
        return Errors.forCode(result.errorCode());
    }

    private static DeleteRecordsRequestData deletion(String topic, int partition, long offset) {
        DeleteRecordsPartition asked = new DeleteRecordsPartition().setPartitionIndex(partition)
                .setOffset(offset);
        return new DeleteRecordsRequestData().setTimeoutMs(1000).setTopics(List.of(
                new DeleteRecordsTopic().setName(topic).setPartitions(List.of(asked))));
    }

    private void set(String key, String value) {
        AlterConfigsResource resource = new AlterConfigsResource().setResourceType((byte) 2)
                .setResourceName("t");
        resource.configs().add(new AlterableConfig().setName(key).setValue(value));
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource);
        IncrementalAlterConfigsResponseData answer = verbs.client.ask(ApiKeys.INCREMENTAL_ALTER_CONFIGS, 1,
                request);
        assertEquals(Errors.NONE, Errors.forCode(answer.responses().get(0).errorCode()));
    }

    private long sizeInBytes() {
        long[] bytes = {-1};
        sim.broker().rooms().visitOpen(open -> open.forEach(partition -> {
            if (partition.name().topic().equals("t")) bytes[0] = partition.log().sizeInBytes();
        }));
        sim.until(() -> bytes[0] >= 0, "a look at the log");
        return bytes[0];
    }
}

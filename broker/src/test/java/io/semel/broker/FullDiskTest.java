package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.log.disk.Reserve;
import io.semel.sim.SimDisk;
import io.semel.sim.Survival;
import io.semel.wire.batch.BatchBuilder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Not a byte is left on the disk: what frees room works all the same, and then everything does. */
class FullDiskTest {
    private static final int SEEDS = 20;
    private static final long EARLIEST = -2;
    private static final int RESUME_MS = 5_000;
    /** Larger than what an oddly sized last block of the disk may take. */
    private static final int VALUE_BYTES = 2_000;

    private static final Map<String, String> KEPT = Map.of("segment.bytes", "4096", "retention.ms", "-1");

    private SimBroker sim;
    private SimVerbs verbs;

    @Test
    void refusesRecordsServesReadersAndGoesOnWhenSomebodyMakesRoom() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            begin(seed, Map.of());
            fill();

            assertEquals(Errors.KAFKA_STORAGE_ERROR, produce());
            assertEquals(Errors.NONE, fetch(3));
            sim.world().simDisk().faults().heal();
            sim.run.passMs(RESUME_MS);

            assertEquals(Errors.NONE, produce());
            assertKept(11, seed);
        }
    }

    @Test
    void deletesRecordsAndThenTakesNewOnes() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            begin(seed, Map.of());
            fill();
            assertEquals(Errors.KAFKA_STORAGE_ERROR, produce());

            assertEquals(8, deleteBelow(8), "seed " + seed);
            makeRoomAsMuchAsTheReserveTakes();
            sim.run.passMs(RESUME_MS);

            assertEquals(Errors.NONE, produce(), "seed " + seed);
            assertEquals(8, start());
            assertKept(11, seed);
        }
    }

    /** Without what is set aside nothing could be deleted: this is what the reserve is for. */
    @Test
    void couldNotDeleteRecordsWithoutTheReserve() {
        begin(1, Map.of());
        fill();
        sim.world().disk().delete(Reserve.NAME);
        sim.world().simDisk().faults().capacity(sim.world().simDisk().usedBytes());

        assertEquals(-1, deleteBelow(8));
    }

    @Test
    void looksForWhatHasExpiredAsSoonAsTheDiskIsFull() {
        begin(1, Map.of("segment.bytes", "4096", "retention.ms", "1000"));
        sim.run.passMs(2_000);
        fill();
        assertEquals(Errors.KAFKA_STORAGE_ERROR, produce());

        sim.run.passMs(RESUME_MS);

        assertTrue(start() > 4, "the log still starts at " + start());
        assertEquals(Errors.NONE, fetch(start()));
    }

    @Test
    void deletesATopicToMakeRoom() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            begin(seed, Map.of());
            verbs.createTopic("other", 1, Map.of());
            fill();
            long used = sim.world().simDisk().usedBytes();

            DeleteTopicsResponseData answer = verbs.client.ask(ApiKeys.DELETE_TOPICS, 1,
                    SimVerbs.deletion("t"));
            assertEquals(0, answer.responses().find("t").errorCode(), "seed " + seed);
            sim.run.passMs(RESUME_MS);

            assertFalse(sim.world().disk().exists("t-0"));
            assertTrue(sim.world().simDisk().usedBytes() < used - 10 * VALUE_BYTES);
        }
    }

    @Test
    void isWholeAgainInTheNextLifeAlsoWhenThePowerGoesWhileItIsSpent() {
        begin(3, Map.of());
        fill();
        deleteBelow(8);
        reboot(Survival.POWER_CUT);

        sim.run.passMs(RESUME_MS);

        assertTrue(sim.world().disk().exists(Reserve.NAME));
        assertEquals(8, start());
        assertEquals(Errors.NONE, produce());
    }

    /** Seed 50225 of the simulation: the eight bytes of a checkpoint kept the broker from starting. */
    @Test
    void startsOnAFullDiskSoThatItCanBeFreed() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            begin(seed, Map.of());
            int room = seed / 2;
            boolean isSpent = seed % 2 == 0;
            sim.reboot(Survival.KILL, next -> {
                if (isSpent) next.disk().delete(Reserve.NAME);
                next.simDisk().faults().capacity(next.simDisk().usedBytes() + room);
            });
            verbs = new SimVerbs(sim);

            assertEquals(10, verbs.end("t", true), "seed " + seed);
            assertEquals(isSpent ? -1 : 8, deleteBelow(8), "seed " + seed);
            sim.world().simDisk().faults().heal();
            sim.run.passMs(RESUME_MS);

            assertEquals(Errors.NONE, produce(), "seed " + seed);
            assertKept(11, seed);
        }
    }

    private void begin(int seed, Map<String, String> configs) {
        sim = SimBroker.start(seed);
        verbs = new SimVerbs(sim);
        verbs.createTopic("t", 1, configs.isEmpty() ? KEPT : configs);
        for (int index = 0; index < 10; index++) assertEquals(Errors.NONE, produce());
        sim.until(() -> sim.world().disk().exists(Reserve.NAME), "the reserve");
    }

    private void fill() {
        SimDisk disk = sim.world().simDisk();
        disk.faults().capacity(disk.usedBytes());
    }

    /** The segments that were removed are smaller than the reserve, which must be whole first. */
    private void makeRoomAsMuchAsTheReserveTakes() {
        SimDisk disk = sim.world().simDisk();
        disk.faults().capacity(disk.usedBytes() + Reserve.BYTES + 3 * VALUE_BYTES);
    }

    /** What was acknowledged is there after a power cut. */
    private void assertKept(long end, int seed) {
        reboot(Survival.POWER_CUT);
        assertEquals(end, verbs.end("t", true), "seed " + seed);
    }

    private void reboot(Survival survival) {
        sim.reboot(survival);
        verbs = new SimVerbs(sim);
    }

    private Errors produce() {
        ByteBuffer batch = new BatchBuilder().add(1, null, ByteBuffer.wrap(new byte[VALUE_BYTES])).build();
        return verbs.errorOfProduce("t", 0, batch);
    }

    private long start() {
        return verbs.offset(7, "t", 0, EARLIEST, false).offset();
    }

    private Errors fetch(long offset) {
        FetchResponseData answer = verbs.client.ask(ApiKeys.FETCH, 12, SimVerbs.fetching("t", 0, offset, 10));
        return Errors.forCode(answer.responses().get(0).partitions().get(0).errorCode());
    }

    private long deleteBelow(long offset) {
        DeleteRecordsPartition asked = new DeleteRecordsPartition().setPartitionIndex(0).setOffset(offset);
        DeleteRecordsTopic topic = new DeleteRecordsTopic().setName("t").setPartitions(List.of(asked));
        DeleteRecordsRequestData request = new DeleteRecordsRequestData().setTimeoutMs(1000)
                .setTopics(List.of(topic));
        DeleteRecordsResponseData answer = verbs.client.ask(ApiKeys.DELETE_RECORDS, 2, request);
        return answer.topics().iterator().next().partitions().iterator().next().lowWatermark();
    }
}

package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFile;
import io.semel.sim.Rot;
import io.semel.sim.Survival;
import io.semel.wire.batch.BatchBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** A bit of a record turns on the disk: nobody is sent it, and nobody misses anything else. */
class BitRotTest {
    private static final int COUNT = 30;
    private static final int SIZE = 170;

    private final SimBroker sim = SimBroker.start(1);
    private SimVerbs verbs = new SimVerbs(sim);

    @Test
    void sendsWhatIsGoodThenAnErrorThatEndsAClientThenTheRest() {
        verbs.createTopic("t", 2, Map.of("retention.ms", "-1"));
        for (int index = 0; index < COUNT; index++) {
            assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, batch()));
            assertEquals(Errors.NONE, verbs.errorOfProduce("t", 1, batch()));
        }
        restart();
        sim.world().simDisk().rot("t-0/00000000000000000000.log", 10 * SIZE + 120, 5);

        assertEquals(10 * SIZE, fetch(0, 0).records().sizeInBytes());
        assertEquals(Errors.CORRUPT_MESSAGE, Errors.forCode(fetch(0, 10).errorCode()));
        assertEquals((COUNT - 11) * SIZE, fetch(0, 11).records().sizeInBytes());
        assertEquals(COUNT * SIZE, fetch(1, 0).records().sizeInBytes());
        assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, batch()));
        assertEquals(COUNT + 1, verbs.end("t", true));
    }

    /** Found by the simulation (seed 706): what lies below the recovery point is never cut off. */
    @Test
    void staysClosedAndWholeHoweverOftenTheBrokerStarts() {
        verbs.createTopic("t", 2, Map.of("retention.ms", "-1"));
        for (int index = 0; index < COUNT; index++) {
            verbs.errorOfProduce("t", 0, batch());
            verbs.errorOfProduce("t", 1, batch());
        }
        sim.run.passMs(20_000);
        String file = "t-0/00000000000000000000.log";
        Rot[] rot = new Rot[1];
        sim.reboot(Survival.KILL, world -> rot[0] = world.simDisk().rot(file, 10 * SIZE + 120, 5));
        verbs = new SimVerbs(sim);
        assertEquals(Errors.KAFKA_STORAGE_ERROR, verbs.errorOfProduce("t", 0, batch()));
        sim.run.passMs(20_000);

        sim.reboot(Survival.KILL);
        verbs = new SimVerbs(sim);

        assertEquals(Errors.KAFKA_STORAGE_ERROR, verbs.errorOfProduce("t", 0, batch()));
        assertEquals(Errors.NONE, verbs.errorOfProduce("t", 1, batch()));
        rot[0].mend();
        sim.reboot(Survival.KILL);
        verbs = new SimVerbs(sim);
        assertEquals(COUNT * SIZE, fetch(0, 0).records().sizeInBytes());
    }

    @Test
    void answersAnErrorForASectorThatCannotBeReadAndGoesOn() {
        verbs.createTopic("t", 1, Map.of("retention.ms", "-1"));
        for (int index = 0; index < COUNT; index++) verbs.errorOfProduce("t", 0, batch());
        restart();
        sim.world().simDisk().faults().failReads("t-0/00000000000000000000.log", 10 * SIZE, 10 * SIZE + 512);

        assertEquals(Errors.KAFKA_STORAGE_ERROR, Errors.forCode(fetch(0, 10).errorCode()));
        sim.world().simDisk().faults().heal();

        assertTrue(fetch(0, 10).records().sizeInBytes() > 0);
    }

    /** A directory of another topic of that name was put there: its records are not this topic's. */
    @Test
    void servesNothingOfAnotherTopicsDirectoryUntilThatIsPutRight() {
        verbs.createTopic("t", 2, Map.of("retention.ms", "-1"));
        for (int index = 0; index < COUNT; index++) {
            verbs.errorOfProduce("t", 0, batch());
            verbs.errorOfProduce("t", 1, batch());
        }
        sim.restart();
        overwrite("version: 0\ntopic_id: q7xw9tEkQq-8Q3RVkCP_Lw");
        sim.reboot(Survival.KILL);
        verbs = new SimVerbs(sim);

        assertEquals(Errors.KAFKA_STORAGE_ERROR, verbs.errorOfProduce("t", 0, batch()));
        assertEquals(Errors.KAFKA_STORAGE_ERROR, Errors.forCode(fetch(0, 0).errorCode()));
        assertEquals(COUNT * SIZE, fetch(1, 0).records().sizeInBytes());
        overwrite("");
        sim.reboot(Survival.KILL);
        verbs = new SimVerbs(sim);

        assertEquals(COUNT * SIZE, fetch(0, 0).records().sizeInBytes());
    }

    private void overwrite(String metadata) {
        Disk disk = sim.world().disk();
        disk.delete("t-0/partition.metadata");
        try (DiskFile file = disk.open("t-0/partition.metadata")) {
            file.write(ByteBuffer.wrap(metadata.getBytes(StandardCharsets.UTF_8)), 0);
        }
    }

    /** A coordinator that would fold a damaged event serves nobody; one whose state is whole need not. */
    @Test
    void closesACoordinatorWhoseJournalIsDamaged() {
        verbs.initProducer("tx", 1_000);
        restart();
        for (int shard = 0; shard < 4; shard++) {
            String file = "__transaction_state-" + shard + "/00000000000000000000.log";
            if (sim.world().disk().exists(file)) sim.world().simDisk().rot(file, 100, 2);
        }
        restart();
        assertEquals(0, initProducer().errorCode(), "its state stands above the damage");

        for (String path : sim.world().simDisk().files()) {
            if (path.endsWith(".state")) sim.world().simDisk().rot(path, 20, 1);
        }
        sim.reboot(Survival.KILL);
        verbs = new SimVerbs(sim);

        InitProducerIdResponseData answer = initProducer();
        assertTrue(answer.errorCode() != 0, "served from a damaged journal");
        assertEquals(-1, answer.producerId());
    }

    private InitProducerIdResponseData initProducer() {
        return verbs.client.ask(ApiKeys.INIT_PRODUCER_ID, 3,
                new InitProducerIdRequestData().setTransactionalId("tx").setTransactionTimeoutMs(1_000));
    }

    private void restart() {
        sim.restart();
        verbs = new SimVerbs(sim);
    }

    private static ByteBuffer batch() {
        return new BatchBuilder().add(1, null, ByteBuffer.wrap(new byte[100])).build();
    }

    private PartitionData fetch(int partition, long offset) {
        FetchResponseData answer = verbs.client.ask(ApiKeys.FETCH, 12,
                SimVerbs.fetching("t", partition, offset, 10));
        return answer.responses().get(0).partitions().get(0);
    }
}

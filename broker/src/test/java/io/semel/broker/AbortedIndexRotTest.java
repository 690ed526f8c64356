package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.world.DiskFile;
import io.semel.sim.SimDisk;
import io.semel.sim.Survival;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The file of a segment's aborted ranges is damaged, foreign or without its check sum: readers of committed
 * records are told what they were told before, and the file is put right.
 */
class AbortedIndexRotTest {
    private static final String SUM = ".crc";
    private static final int PRODUCERS = 3;

    private final SimBroker sim = SimBroker.start(1);
    private SimVerbs verbs = new SimVerbs(sim);
    private final List<String> indexes = new ArrayList<>();
    private List<String> told;

    /** Interleaved transactions, begun in one segment and ended in another, and one left open. */
    @BeforeEach
    void aStory() {
        verbs.createTopic("t", 1, Map.of("segment.bytes", "500", "retention.ms", "-1"));
        SimVerbs.Pid[] pids = new SimVerbs.Pid[PRODUCERS];
        int[] sequences = new int[PRODUCERS];
        for (int one = 0; one < PRODUCERS; one++) pids[one] = verbs.initProducer("tx" + one, 60_000);
        for (int step = 0; step < 24; step++) {
            int one = step % PRODUCERS;
            boolean ends = step / PRODUCERS % 3 == 2;
            if (ends) {
                assertEquals(Errors.NONE, end("tx" + one, pids[one], one == 1 && step < 12));
                continue;
            }
            verbs.enlist("tx" + one, pids[one], "t", 0);
            assertEquals(Errors.NONE, Errors.forCode(verbs.produce("tx" + one, "t", 0,
                    SimVerbs.batch(pids[one], sequences[one]++)).errorCode()));
        }
        sim.restart();
        verbs = new SimVerbs(sim);
        told = told();
        for (String path : disk().files()) {
            boolean index = path.startsWith("t-0/") && path.endsWith(".txnindex");
            if (index && disk().sizeOf(path) > 0) indexes.add(path);
        }
        assertTrue(indexes.size() >= 2, indexes::toString);
        assertTrue(told.stream().distinct().count() > 6, told::toString);
    }

    private Errors end(String transactionalId, SimVerbs.Pid pid, boolean commit) {
        EndTxnResponseData answer = verbs.client.ask(ApiKeys.END_TXN, 3, SimVerbs.ending(transactionalId, pid,
                commit));
        return Errors.forCode(answer.errorCode());
    }

    @Test
    void aBitThatTurnsInAnyByteOfAFileOrOfItsSumIsFoundAndPutRight() {
        for (String path : indexes) {
            byte[] written = content(path);
            for (int at = 0; at < written.length; at++) {
                int bit = at % 8;
                rots(path, at, bit);
                assertArrayEquals(written, content(path), path + " is not put right, byte " + at);
            }
            byte[] sum = content(path + SUM);
            for (int at = 0; at < sum.length; at++) {
                rots(path + SUM, at, at % 7);
                assertArrayEquals(written, content(path));
            }
            rots(path, written.length - 1, 0);
            assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, SimVerbs.batch("later")));
        }
    }

    private void rots(String path, int at, int bit) {
        reboot(disk -> disk.rot(path, at, bit));
        assertEquals(told, told(), "bit " + bit + " of byte " + at + " of " + path);
    }

    @Test
    void oneThatIsDamagedInEverySegmentComesBackFromTheLogAlone() {
        reboot(disk -> {
            for (String path : disk.files()) {
                boolean snapshot = path.startsWith("t-0/") && path.endsWith(".snapshot");
                if (snapshot && !path.equals(newestSnapshot(disk))) disk.delete(path);
            }
            indexes.forEach(path -> disk.rot(path, 9, 0));
        });

        assertEquals(told, told());
    }

    private static String newestSnapshot(SimDisk disk) {
        return disk.files().stream().filter(path -> path.startsWith("t-0/") && path.endsWith(".snapshot"))
                .max(String::compareTo).orElseThrow();
    }

    /** What was open at the new start is known from the snapshot there, and nothing else tells it. */
    @Test
    void oneThatIsDamagedBehindAMovedStartComesBackAsFarAsCanBeRead() {
        long start = told.size() / 2;
        DeleteRecordsRequestData request = new DeleteRecordsRequestData().setTimeoutMs(1_000);
        request.topics().add(new DeleteRecordsTopic().setName("t").setPartitions(List.of(
                new DeleteRecordsPartition().setPartitionIndex(0).setOffset(start))));
        verbs.client.ask(ApiKeys.DELETE_RECORDS, 2, request);
        sim.run.passMs(100);
        reboot(disk -> indexes.stream().filter(disk::exists).forEach(path -> disk.rot(path, 9, 0)));

        assertEquals(told.subList((int) start, told.size()), told((int) start));
    }

    @Test
    void aForeignSumIsNotBelieved() {
        byte[] written = content(indexes.get(0));
        reboot(disk -> {
            replace(disk, indexes.get(0) + SUM, bytes(disk, indexes.get(1) + SUM));
        });

        assertEquals(told, told());
        assertArrayEquals(written, content(indexes.get(0)));
        reboot(disk -> replace(disk, indexes.get(0), bytes(disk, indexes.get(1))));
        assertEquals(told, told());
        assertArrayEquals(written, content(indexes.get(0)));
    }

    /** As Apache Kafka leaves a directory: it is believed, and vouched for from then on. */
    @Test
    void aFileWithoutASumIsBelievedAndGivenOne() {
        byte[] sum = content(indexes.get(0) + SUM);
        reboot(disk -> indexes.forEach(path -> disk.delete(path + SUM)));

        assertEquals(told, told());
        byte[] again = content(indexes.get(0) + SUM);
        assertEquals(lastLine(sum), lastLine(again));
        rots(indexes.get(0), 10, 3);
    }

    private static String lastLine(byte[] sums) {
        String[] lines = new String(sums).split("\n");
        return lines[lines.length - 1];
    }

    private void reboot(Consumer<SimDisk> between) {
        sim.reboot(Survival.KILL, world -> between.accept(world.simDisk()));
        verbs = new SimVerbs(sim);
        verbs.end("t", true);
        sim.run.passMs(20);
    }

    private List<String> told() {
        return told(0);
    }

    /** From every offset on: which transactions were aborted, and how much there is. */
    private List<String> told(int start) {
        List<String> told = new ArrayList<>();
        long end = verbs.end("t", false);
        int known = this.told == null ? (int) end : this.told.size();
        for (int offset = start; offset < known; offset++) {
            FetchResponseData answer = verbs.client.ask(ApiKeys.FETCH, 12,
                    SimVerbs.fetching("t", 0, offset, 10).setMaxBytes(200));
            PartitionData data = answer.responses().get(0).partitions().get(0);
            told.add(Errors.forCode(data.errorCode()) + " " + data.abortedTransactions());
        }
        return told;
    }

    private SimDisk disk() {
        return sim.world().simDisk();
    }

    private byte[] content(String path) {
        return bytes(disk(), path);
    }

    private static byte[] bytes(SimDisk disk, String path) {
        try (DiskFile file = disk.open(path)) {
            ByteBuffer content = ByteBuffer.allocate((int) file.size());
            file.read(content, 0);
            return content.array();
        }
    }

    private static void replace(SimDisk disk, String path, byte[] content) {
        disk.delete(path);
        try (DiskFile file = disk.open(path)) {
            file.write(ByteBuffer.wrap(content), 0);
        }
    }
}

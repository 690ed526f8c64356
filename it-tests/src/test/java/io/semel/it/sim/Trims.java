package io.semel.it.sim;

import io.semel.broker.partition.Partition;
import io.semel.sim.Dice;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * A topic that loses its beginning: retention by bytes or by time, and a client that asks for DeleteRecords.
 * Knows where each partition starts at least, and says when a start falls, or when more went than may go.
 * One thread; times in milliseconds.
 */
final class Trims {
    private static final long HIGH_WATERMARK = -1;
    /** The broker's clock may be ahead of that of its clients. */
    private static final long SKEW_MS = 20;

    /** {@code retention.ms}, or -1. */
    final long ms;
    /** {@code retention.bytes}, or -1. */
    final long bytes;
    final int segmentBytes;
    final int checkMs;
    private final long[] starts;
    /** No DeleteRecords asked for more than this. */
    private final long[] asked;
    private final long[] seenTo;
    /** Where partitions started when they were first seen in this life of the broker. */
    private final Map<Integer, Long> startsOfLife = new TreeMap<>();
    private long life = -1;
    private int deletionsToCome;

    Trims(Dice dice, int partitions) {
        int kind = dice.below(100);
        ms = kind < 45 ? dice.between(150, 1_200) : -1;
        bytes = kind >= 45 && kind < 85 ? dice.between(400, 3_000) : -1;
        segmentBytes = dice.between(300, 1_500);
        checkMs = dice.between(5, 60);
        deletionsToCome = kind >= 85 || dice.percent(40) ? dice.between(2, 10) : 0;
        starts = new long[partitions];
        asked = new long[partitions];
        seenTo = new long[partitions];
    }

    /** The highest start anybody was told. */
    long start(int partition) {
        return starts[partition];
    }

    long[] starts() {
        return starts.clone();
    }

    void seen(int partition, long highWatermark) {
        seenTo[partition] = Math.max(seenTo[partition], highWatermark);
    }

    /**
     * An answer told where a partition starts.
     *
     * @param knownBefore {@link #start} when it was asked for
     */
    void told(Clients clients, String who, int partition, long start, long knownBefore) {
        if (start < knownBefore) clients.history.complain(who + " was told that partition " + partition
                + " starts at " + start + ", it started at " + knownBefore + " before");
        if (start <= starts[partition]) return;
        if (start > asked[partition]) retentionTook(clients, partition, start);
        starts[partition] = start;
    }

    /** What was too young to be taken by time, or what nobody asked to be taken. */
    private void retentionTook(Clients clients, int partition, long start) {
        if (ms < 0 && bytes < 0) clients.history.complain("nobody asked partition " + partition
                + " to start at " + start);
        if (ms < 0) return;
        long from = Math.max(starts[partition], asked[partition]);
        for (Unit unit : clients.history.units()) {
            for (Batch batch : unit.batches) {
                boolean taken = batch.partition == partition && batch.acknowledged && batch.offset >= from
                        && batch.offset < start;
                if (!taken || clients.run.nowMs() + SKEW_MS - batch.sentMs > ms) continue;
                clients.history.complain("retention took " + batch + " of " + unit + " after "
                        + (clients.run.nowMs() - batch.sentMs) + " of " + ms + " ms");
            }
        }
    }

    /** On the partition's lane: retention by bytes leaves as many as it must. @param ofLife of the broker */
    void inspect(Partition partition, long ofLife) {
        if (!partition.name().topic().equals(Clients.TOPIC)) return;
        if (ofLife != life) startsOfLife.clear();
        life = ofLife;
        int index = partition.name().partition();
        long start = partition.log().startOffset();
        long before = startsOfLife.computeIfAbsent(index, first -> start);
        if (start < starts[index]) throw new AssertionError(partition.name() + " starts at " + start
                + ", a client was told " + starts[index]);
        boolean byRetention = start > before && start > asked[index];
        if (!byRetention || ms >= 0) return;
        if (partition.log().sizeInBytes() < bytes) throw new AssertionError("retention left "
                + partition.log().sizeInBytes() + " of " + bytes + " bytes to " + partition.name());
    }

    /** Asks for deletions, now and then, until it has asked for its last. */
    void start(Clients clients) {
        if (deletionsToCome == 0) return;
        clients.busy++;
        Dice dice = clients.dice("trims deletions");
        BrokerLink link = clients.link("deleter");
        later(clients, dice, link);
    }

    private void later(Clients clients, Dice dice, BrokerLink link) {
        if (deletionsToCome == 0) {
            clients.busy--;
            link.close();
            return;
        }
        deletionsToCome--;
        clients.run.after(dice.between(5, 80), "delete records", () -> delete(clients, dice, link));
    }

    private void delete(Clients clients, Dice dice, BrokerLink link) {
        int partition = dice.below(starts.length);
        long known = starts[partition];
        long offset = dice.percent(8) ? HIGH_WATERMARK : dice.below((int) seenTo[partition] + 2);
        asked[partition] = Math.max(asked[partition], offset == HIGH_WATERMARK ? Long.MAX_VALUE : offset);
        DeleteRecordsTopic topic = new DeleteRecordsTopic().setName(Clients.TOPIC).setPartitions(List.of(
                new DeleteRecordsPartition().setPartitionIndex(partition).setOffset(offset)));
        link.ask(ApiKeys.DELETE_RECORDS, dice.between(1, 2), new DeleteRecordsRequestData()
                .setTimeoutMs(10_000).setTopics(List.of(topic)), new BrokerLink.Answer() {
            @Override
            public void got(ApiMessage response) {
                var answer = ((DeleteRecordsResponseData) response).topics().iterator().next().partitions()
                        .iterator().next();
                deleted(clients, Errors.forCode(answer.errorCode()), answer.lowWatermark());
                later(clients, dice, link);
            }

            @Override
            public void lost() {
                later(clients, dice, link);
            }

            private void deleted(Clients clients, Errors error, long lowWatermark) {
                if (error == Errors.NONE && lowWatermark < offset) clients.history.complain("records of"
                        + " partition " + partition + " below " + offset + " are deleted, it starts at "
                        + lowWatermark);
                if (error == Errors.NONE) told(clients, "deleter", partition, lowWatermark, known);
                else if (error != Errors.OFFSET_OUT_OF_RANGE && !Retry.helps(error)) clients.history
                        .complain("DeleteRecords got " + error);
            }
        });
    }

    @Override
    public String toString() {
        return "retention " + ms + " ms, " + bytes + " bytes, starts " + Arrays.toString(starts);
    }
}

package io.semel.it.sim;

import io.semel.sim.Dice;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * A consumer of all partitions from their start, of either isolation, without fetch sessions. Checks on the
 * way that stable offset
 * ≤ high watermark and that neither ever falls (I7); what it has seen is held against the end by the oracle
 * (I9).
 */
final class Reader {
    private final Clients clients;
    private final String name;
    private final boolean readCommitted;
    private final Dice dice;
    private final View view;
    private final BrokerLink link;
    private final long[] positions;
    private final long[] highWatermarks;
    private final long[] stableOffsets;
    private final int version;
    private final int partitionBytesMax;
    /** Asks again and again without waiting at the broker. */
    private final boolean eager;
    private final long[] startsKnown;
    private boolean stopped;
    private int answersSinceAsked;
    private long askedMs;

    Reader(Clients clients, String name, boolean readCommitted, View view) {
        this.clients = clients;
        this.name = name;
        this.readCommitted = readCommitted;
        this.view = view;
        this.dice = clients.dice(name);
        this.link = clients.link(name);
        this.version = dice.between(11, 13);
        this.partitionBytesMax = dice.percent(50) ? 200 : 1 << 20;
        this.eager = dice.percent(40);
        this.positions = new long[clients.partitionCount];
        this.highWatermarks = new long[clients.partitionCount];
        this.startsKnown = new long[clients.partitionCount];
        this.stableOffsets = new long[clients.partitionCount];
    }

    void start() {
        fetch();
    }

    void stop() {
        stopped = true;
        link.close();
    }

    View view() {
        return view;
    }

    boolean readsCommitted() {
        return readCommitted;
    }

    /** True when it has read everything there is, and no transaction is open. */
    boolean hasReadAll() {
        for (int partition = 0; partition < positions.length; partition++) {
            if (highWatermarks[partition] == 0) continue;
            if (stableOffsets[partition] != highWatermarks[partition]
                    || positions[partition] < highWatermarks[partition]) return false;
        }
        return answersSinceAsked >= 2;
    }

    private void fetch() {
        if (stopped) return;
        askedMs = clients.run.nowMs();
        FetchRequestData request = new FetchRequestData().setMaxWaitMs(eager ? 0 : dice.between(0, 300))
                .setMinBytes(1).setMaxBytes(1 << 20)
                .setIsolationLevel((byte) (readCommitted ? 1 : 0)).setSessionId(0).setSessionEpoch(-1);
        FetchRequestData.FetchTopic topic = new FetchRequestData.FetchTopic();
        if (version >= 13) topic.setTopicId(clients.topicId);
        else topic.setTopic(Clients.TOPIC);
        for (int partition = 0; partition < positions.length; partition++) {
            if (clients.trims != null) startsKnown[partition] = clients.trims.start(partition);
            topic.partitions().add(new FetchRequestData.FetchPartition().setPartition(partition)
                    .setFetchOffset(positions[partition])
                    .setPartitionMaxBytes(partitionBytesMax).setCurrentLeaderEpoch(-1));
        }
        request.setTopics(List.of(topic));
        link.ask(ApiKeys.FETCH, version, request, new BrokerLink.Answer() {
            @Override
            public void got(ApiMessage response) {
                answered((FetchResponseData) response);
            }

            @Override
            public void lost() {
                fetchLater();
            }
        });
    }

    private void answered(FetchResponseData response) {
        boolean rest = response.errorCode() != 0;
        for (FetchResponseData.FetchableTopicResponse topic : response.responses()) {
            for (FetchResponseData.PartitionData partition : topic.partitions()) rest |= take(partition);
        }
        if (!rest) answersSinceAsked++;
        if (rest || eager || dice.percent(30)) fetchLater();
        else fetch();
    }

    private void fetchLater() {
        clients.run.after(eager ? dice.between(1, 6) : dice.between(5, 40), "fetch", this::fetch);
    }

    private boolean take(FetchResponseData.PartitionData data) {
        Errors error = Errors.forCode(data.errorCode());
        if (error == Errors.OFFSET_OUT_OF_RANGE && clients.trims != null) {
            beginAgain(data);
            return true;
        }
        if (error == Errors.CORRUPT_MESSAGE && clients.decay != null) {
            damaged(data.partitionIndex());
            return true;
        }
        if (error != Errors.NONE) {
            if (!Retry.helps(error)) complain(data.partitionIndex(), "got " + error + " at "
                    + positions[data.partitionIndex()]);
            return true;
        }
        checkBounds(data);
        if (clients.trims != null) checkStart(data);
        if (data.records() == null) return false;
        MemoryRecords records = (MemoryRecords) data.records();
        Aborted aborted = new Aborted(data.abortedTransactions());
        if (!readCommitted && data.abortedTransactions() != null) {
            complain(data.partitionIndex(), "was told of aborted transactions under read_uncommitted");
        }
        for (RecordBatch batch : records.batches()) {
            if (!isValid(batch)) {
                complain(data.partitionIndex(), "was sent a damaged batch at " + batch.baseOffset());
                return true;
            }
            if (readCommitted && aborted.skips(batch, records.buffer())) skip(data.partitionIndex(), batch);
            else take(data, batch);
        }
        return false;
    }

    private static boolean isValid(RecordBatch batch) {
        try {
            batch.ensureValid();
            return true;
        } catch (CorruptRecordException damaged) {
            return false;
        }
    }

    private void take(FetchResponseData.PartitionData data, RecordBatch batch) {
        int partition = data.partitionIndex();
        if (batch.lastOffset() >= data.highWatermark()) complain(partition, "read " + batch.lastOffset()
                + " above the high watermark "
                + data.highWatermark());
        if (readCommitted && batch.lastOffset() >= data.lastStableOffset()) {
            complain(partition, "read " + batch.lastOffset() + " above the stable offset "
                    + data.lastStableOffset());
        }
        if (!batch.isControlBatch()) {
            for (Record record : batch) {
                if (record.offset() < positions[partition]) continue;
                view.add(partition, record.offset(), StandardCharsets.UTF_8.decode(record.value())
                        .toString());
            }
        }
        positions[partition] = Math.max(positions[partition], batch.nextOffset());
    }

    /** What is damaged now may be restored later; some read on behind it. */
    private void damaged(int partition) {
        long at = positions[partition];
        if (!clients.decay.mayBeDamaged(partition, at, askedMs)) complain(partition, at + " is damaged");
        long behind = clients.decay.behindDamage(partition, at, askedMs);
        if (behind < 0 || !dice.percent(50)) return;
        view.skip(partition, at, behind);
        positions[partition] = behind;
    }

    /** It was below the start, and is told so: what lies between is gone. */
    private void beginAgain(FetchResponseData.PartitionData data) {
        int partition = data.partitionIndex();
        long start = data.logStartOffset();
        clients.trims.told(clients, name, partition, start, startsKnown[partition]);
        if (positions[partition] >= start) {
            complain(partition, positions[partition] + " is out of range, it starts at " + start);
            return;
        }
        view.skip(partition, positions[partition], start);
        positions[partition] = start;
    }

    private void checkStart(FetchResponseData.PartitionData data) {
        int partition = data.partitionIndex();
        clients.trims.seen(partition, data.highWatermark());
        clients.trims.told(clients, name, partition, data.logStartOffset(), startsKnown[partition]);
        boolean records = data.records() != null && data.records().sizeInBytes() > 0;
        if (records && data.logStartOffset() > positions[partition]) complain(partition,
                "got records at " + positions[partition] + " below the start " + data.logStartOffset());
    }

    private void skip(int partition, RecordBatch batch) {
        positions[partition] = Math.max(positions[partition], batch.nextOffset());
    }

    private void checkBounds(FetchResponseData.PartitionData data) {
        int partition = data.partitionIndex();
        if (data.lastStableOffset() > data.highWatermark()) {
            complain(partition, "I7 stable offset " + data.lastStableOffset() + " above high watermark "
                    + data.highWatermark());
        }
        if (data.highWatermark() < highWatermarks[partition]) {
            complain(partition, "I7 high watermark falls to " + data.highWatermark() + " from "
                    + highWatermarks[partition]);
        }
        if (data.lastStableOffset() < stableOffsets[partition]) {
            complain(partition, "I7 stable offset falls to " + data.lastStableOffset() + " from "
                    + stableOffsets[partition]);
        }
        highWatermarks[partition] = data.highWatermark();
        stableOffsets[partition] = data.lastStableOffset();
    }

    private void complain(int partition, String what) {
        clients.history.complain(name + " at partition " + partition + " " + what);
    }

    /** Where it stands, for a story that does not come to rest. */
    String standing() {
        StringBuilder text = new StringBuilder(name);
        for (int partition = 0; partition < positions.length; partition++) {
            text.append(" [").append(partition).append(": position ").append(positions[partition])
                    .append(", stable ")
                    .append(stableOffsets[partition]).append(", high ").append(highWatermarks[partition])
                            .append(']');
        }
        return text.toString();
    }
}

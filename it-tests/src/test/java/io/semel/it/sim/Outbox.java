package io.semel.it.sim;

import io.semel.sim.Dice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * What a producer has still to get acknowledged: per partition in sequence, up to five requests under way,
 * the same bytes again when an answer is lost or says so. Belongs to one producer.
 */
final class Outbox {
    private static final int REQUESTS_MAX = 5;

    /** Tells the producer how it goes. */
    interface Owner {
        /** Everything handed in so far is acknowledged. */
        void drained();

        /** The broker will not take this any more; nothing further is sent until {@link #restart}. */
        void refused(Errors error);
    }

    private enum Stage { WAITING, UNDER_WAY }

    private static final class Parcel {
        final Batch batch;
        final int sequence;
        final MemoryRecords records;
        Stage stage = Stage.WAITING;

        Parcel(Batch batch, int sequence, MemoryRecords records) {
            this.batch = batch;
            this.sequence = sequence;
            this.records = records;
        }
    }

    private final Clients clients;
    private final Dice dice;
    private final String transactionalId;
    private final int version;
    private final Owner owner;
    private final BrokerLink link;
    private final Map<Integer, List<Parcel>> unanswered = new TreeMap<>();
    private final Map<Integer, Integer> nextSequence = new TreeMap<>();
    private long producerId = -1;
    private short epoch = -1;
    private int requestsUnderWay;
    private boolean stopped;
    private boolean resting;

    /** @param transactionalId null for a producer without transactions */
    Outbox(Clients clients, Dice dice, String transactionalId, int version, BrokerLink link, Owner owner) {
        this.clients = clients;
        this.dice = dice;
        this.transactionalId = transactionalId;
        this.version = version;
        this.link = link;
        this.owner = owner;
    }

    /** A new producer id or epoch: sequences start at 0 again. */
    void restart(long producerId, short epoch) {
        boolean same = this.producerId == producerId && this.epoch == epoch;
        this.producerId = producerId;
        this.epoch = epoch;
        this.stopped = false;
        unanswered.clear();
        if (!same) nextSequence.clear();
    }

    void add(Batch batch) {
        int sequence = nextSequence.getOrDefault(batch.partition, 0);
        nextSequence.put(batch.partition, sequence + batch.values.size());
        unanswered.computeIfAbsent(batch.partition, index -> new ArrayList<>())
                .add(new Parcel(batch, sequence, records(batch, sequence)));
    }

    /**
     * Sends nothing more; {@link Owner#drained} is told once no request is under way. @return whether
     * something was left unanswered
     */
    boolean giveUp() {
        stopped = true;
        boolean leftOver = !unanswered.isEmpty();
        if (requestsUnderWay == 0) owner.drained();
        return leftOver;
    }

    boolean isDrained() {
        return unanswered.isEmpty();
    }

    /** Sends what may be sent. */
    void pump() {
        while (!stopped && !resting && requestsUnderWay < REQUESTS_MAX) {
            List<Parcel> parcels = next();
            if (parcels.isEmpty()) return;
            send(parcels);
        }
    }

    /** The next batch of some of the partitions: only when all before it are under way. */
    private List<Parcel> next() {
        List<Parcel> parcels = new ArrayList<>();
        for (List<Parcel> ofPartition : unanswered.values()) {
            Parcel waiting = null;
            for (Parcel parcel : ofPartition) {
                if (parcel.stage != Stage.WAITING) continue;
                waiting = parcel;
                break;
            }
            if (waiting != null && (parcels.isEmpty() || dice.percent(60))) parcels.add(waiting);
        }
        return parcels;
    }

    private void send(List<Parcel> parcels) {
        ProduceRequestData.TopicProduceData topic = new ProduceRequestData.TopicProduceData();
        if (version >= 13) topic.setTopicId(clients.topicId);
        else topic.setName(Clients.TOPIC);
        for (Parcel parcel : parcels) {
            parcel.stage = Stage.UNDER_WAY;
            note("produces", parcel);
            topic.partitionData().add(new ProduceRequestData.PartitionProduceData()
                    .setIndex(parcel.batch.partition)
                    .setRecords(parcel.records));
        }
        ProduceRequestData request = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(30_000)
                .setTransactionalId(transactionalId);
        request.topicData().add(topic);
        requestsUnderWay++;
        link.ask(ApiKeys.PRODUCE, version, request, new BrokerLink.Answer() {
            @Override
            public void got(ApiMessage response) {
                requestsUnderWay--;
                answered(parcels, (ProduceResponseData) response);
            }

            @Override
            public void lost() {
                requestsUnderWay--;
                for (Parcel parcel : parcels) parcel.stage = Stage.WAITING;
                goOn(true);
            }
        });
    }

    private byte[] keyOf(Batch batch, int index) {
        return clients.compacts ? batch.values.get(index).getBytes(StandardCharsets.UTF_8) : null;
    }

    private MemoryRecords records(Batch batch, int sequence) {
        batch.sentMs = clients.run.nowMs();
        SimpleRecord[] records = new SimpleRecord[batch.values.size()];
        for (int index = 0; index < records.length; index++) {
            records[index] = new SimpleRecord(batch.sentMs, keyOf(batch, index), batch.values
                    .get(index)
                    .getBytes(StandardCharsets.UTF_8));
        }
        return transactionalId == null
                ? MemoryRecords.withIdempotentRecords(clients.compression, producerId, epoch, sequence,
                        records)
                : MemoryRecords.withTransactionalRecords(clients.compression, producerId, epoch, sequence,
                        records);
    }

    private void answered(List<Parcel> parcels, ProduceResponseData response) {
        ProduceResponseData.TopicProduceResponse topic = response.responses().iterator().next();
        boolean rest = false;
        Errors refusal = null;
        for (ProduceResponseData.PartitionProduceResponse answer : topic.partitionResponses()) {
            Parcel parcel = parcels.stream().filter(one -> one.batch.partition == answer.index())
                    .findFirst().orElseThrow();
            Errors error = Errors.forCode(answer.errorCode());
            note("told " + error + " for", parcel);
            if (error == Errors.NONE || error == Errors.DUPLICATE_SEQUENCE_NUMBER) {
                acknowledged(parcel, answer.baseOffset());
            } else if (mayTryAgain(error, parcel)) {
                parcel.stage = Stage.WAITING;
                rest = true;
            } else if (!stopped) {
                refusal = error;
            }
        }
        if (refusal != null) {
            stopped = true;
            owner.refused(refusal);
        }
        goOn(rest);
    }

    private void acknowledged(Parcel parcel, long offset) {
        Batch batch = parcel.batch;
        if (batch.acknowledged && batch.offset != Batch.UNTOLD && offset != batch.offset) {
            clients.history.complain("two offsets told for one batch: " + offset + " and " + batch);
        }
        batch.acknowledged = true;
        if (offset >= 0) batch.offset = offset;
        List<Parcel> ofPartition = unanswered.get(batch.partition);
        if (ofPartition == null) return;
        ofPartition.remove(parcel);
        if (ofPartition.isEmpty()) unanswered.remove(batch.partition);
    }

    private void note(String what, Parcel parcel) {
        String whose = (transactionalId == null ? "producer " : transactionalId + " ") + producerId + "/"
                + epoch;
        clients.run.trace().note(whose + " " + what + " partition, sequence", parcel.batch.partition,
                parcel.sequence);
    }

    private boolean mayTryAgain(Errors error, Parcel parcel) {
        if (error == Errors.OUT_OF_ORDER_SEQUENCE_NUMBER || error == Errors.UNKNOWN_PRODUCER_ID) {
            List<Parcel> ofPartition = unanswered.get(parcel.batch.partition);
            boolean first = ofPartition != null && ofPartition.get(0) == parcel;
            if (first && !stopped) clients.history.complain("I4 " + error + " for sequence " + parcel.sequence
                    + ", the first not acknowledged, epoch " + epoch + " of " + producerId + ": "
                            + parcel.batch);
            return !first;
        }
        return Retry.helps(error);
    }

    private void goOn(boolean rest) {
        if (stopped) {
            if (requestsUnderWay == 0) owner.drained();
            return;
        }
        if (unanswered.isEmpty()) {
            owner.drained();
            return;
        }
        if (!rest) {
            pump();
            return;
        }
        if (resting) return;
        resting = true;
        clients.later(dice, "producer tries again", () -> {
            resting = false;
            pump();
        });
    }

}

package io.semel.it.sim;

import io.semel.sim.Dice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * A topic that is made, written to, read, deleted and made again under its name, life after life, by a client
 * that goes on writing under one producer id while it goes; in transactions in some stories, and some of them
 * are open when the topic is deleted. Whatever one life had, the next one has nothing of: no record, no
 * sequence, no open or aborted transaction, no start. One thread.
 */
final class Rebirths {
    static final String TOPIC = "phoenix";
    private static final int TIMEOUT_MS = 60_000;

    private final Clients clients;
    private final Dice dice;
    private final BrokerLink link;
    private final BrokerLink straggler;
    private final boolean transactional;
    private final Set<Uuid> former = new TreeSet<>();
    private List<String> written = new ArrayList<>();
    private int livesToCome;
    private int life;
    private int batchesToCome;
    private int sequence;
    private boolean leavesOpen;
    private boolean aborts;
    private boolean gone;
    private Uuid id = Uuid.ZERO_UUID;
    private long producerId = -1;
    private short epoch = -1;

    Rebirths(Clients clients, Dice dice) {
        this.clients = clients;
        this.dice = dice;
        this.link = clients.link(TOPIC);
        this.straggler = clients.link(TOPIC + " straggler");
        this.transactional = dice.percent(50);
        this.livesToCome = dice.between(2, 6);
    }

    void start() {
        clients.busy++;
        initialise();
    }

    private void initialise() {
        InitProducerIdRequestData request = new InitProducerIdRequestData()
                .setTransactionalId(transactional ? TOPIC : null).setTransactionTimeoutMs(TIMEOUT_MS);
        ask(ApiKeys.INIT_PRODUCER_ID, 5, request, response -> {
            InitProducerIdResponseData answer = (InitProducerIdResponseData) response;
            if (!went(Errors.forCode(answer.errorCode()), "InitProducerId")) return false;
            producerId = answer.producerId();
            epoch = answer.producerEpoch();
            create();
            return true;
        });
    }

    private void create() {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
        CreateTopicsRequestData.CreatableTopic topic = new CreateTopicsRequestData.CreatableTopic()
                .setName(TOPIC).setNumPartitions(1).setReplicationFactor((short) 1);
        request.topics().add(topic);
        ask(ApiKeys.CREATE_TOPICS, 7, request, response -> {
            Errors error = Errors.forCode(((CreateTopicsResponseData) response).topics().iterator().next()
                    .errorCode());
            // an earlier request of this one may have come late
            if (error != Errors.TOPIC_ALREADY_EXISTS && !went(error, "CreateTopics")) return false;
            describe();
            return true;
        });
    }

    private void describe() {
        MetadataRequestData request = new MetadataRequestData().setAllowAutoTopicCreation(false)
                .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName(TOPIC)));
        ask(ApiKeys.METADATA, 12, request, response -> {
            var topic = ((MetadataResponseData) response).topics().iterator().next();
            if (topic.errorCode() != 0) return false;
            if (former.contains(topic.topicId())) {
                complain("is told by its former id " + topic.topicId());
                return false;
            }
            id = topic.topicId();
            begin();
            return true;
        });
    }

    private void begin() {
        life++;
        gone = false;
        written = new ArrayList<>();
        sequence = 0;
        batchesToCome = dice.between(1, 6);
        leavesOpen = transactional && dice.percent(35);
        aborts = transactional && !leavesOpen && dice.percent(35);
        write();
    }

    private void write() {
        if (batchesToCome == 0) {
            if (transactional && !leavesOpen) end();
            else read(new ArrayList<>(), 0);
            return;
        }
        batchesToCome--;
        List<String> values = new ArrayList<>();
        for (int index = dice.between(1, 3); index > 0; index--) values.add("life " + life + " " + sequence
                + " " + index);
        ask(ApiKeys.PRODUCE, 13, produce(values), response -> {
            var answer = ((ProduceResponseData) response).responses().iterator().next().partitionResponses()
                    .get(0);
            Errors error = Errors.forCode(answer.errorCode());
            if (fenced(error)) return true;
            if (error != Errors.DUPLICATE_SEQUENCE_NUMBER && !went(error, "Produce")) return false;
            if (error == Errors.NONE && !follows(answer.baseOffset())) complain(values
                    + " was put at " + answer.baseOffset() + " after " + written.size() + " records");
            written.addAll(values);
            sequence += values.size();
            write();
            return true;
        });
    }

    /**
     * Markers know a topic by its name: that of a transaction which the deletion found open, or one owed
     * again after a crash, may come when the name is another topic's, and stands there for nothing (as in
     * Apache Kafka).
     */
    private boolean follows(long baseOffset) {
        long markers = baseOffset - written.size();
        return markers == 0 || markers > 0 && transactional && life > 1;
    }

    private ProduceRequestData produce(List<String> values) {
        SimpleRecord[] records = values.stream().map(value -> new SimpleRecord(clients.run.nowMs(), null,
                value.getBytes(StandardCharsets.UTF_8))).toArray(SimpleRecord[]::new);
        MemoryRecords batch = transactional
                ? MemoryRecords.withTransactionalRecords(clients.compression, producerId, epoch, sequence,
                        records)
                : MemoryRecords.withIdempotentRecords(clients.compression, producerId, epoch, sequence,
                        records);
        ProduceRequestData request = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(30_000)
                .setTransactionalId(transactional ? TOPIC : null);
        ProduceRequestData.TopicProduceData topic = new ProduceRequestData.TopicProduceData().setTopicId(id);
        topic.partitionData().add(new ProduceRequestData.PartitionProduceData().setIndex(0)
                .setRecords(batch));
        request.topicData().add(topic);
        return request;
    }

    private void end() {
        EndTxnRequestData request = new EndTxnRequestData().setTransactionalId(TOPIC)
                .setProducerId(producerId).setProducerEpoch(epoch).setCommitted(!aborts);
        ask(ApiKeys.END_TXN, 5, request, response -> {
            EndTxnResponseData answer = (EndTxnResponseData) response;
            Errors error = Errors.forCode(answer.errorCode());
            if (fenced(error)) return true;
            if (!went(error, "EndTxn")) return false;
            producerId = answer.producerId();
            epoch = answer.producerEpoch();
            read(new ArrayList<>(), 0);
            return true;
        });
    }

    /** As read_committed, until there is nothing more; as read_uncommitted when the transaction is open. */
    private void read(List<String> seen, long from) {
        FetchRequestData request = new FetchRequestData().setMaxWaitMs(20).setMinBytes(1)
                .setMaxBytes(1 << 20).setIsolationLevel((byte) (leavesOpen ? 0 : 1)).setSessionId(0)
                .setSessionEpoch(-1);
        FetchRequestData.FetchTopic topic = new FetchRequestData.FetchTopic().setTopicId(id);
        topic.partitions().add(new FetchRequestData.FetchPartition().setPartition(0).setFetchOffset(from)
                .setPartitionMaxBytes(1 << 20).setCurrentLeaderEpoch(-1));
        request.setTopics(List.of(topic));
        ask(ApiKeys.FETCH, 13, request, response -> {
            FetchResponseData answer = (FetchResponseData) response;
            if (answer.errorCode() != 0 || answer.responses().isEmpty()) return false;
            FetchResponseData.PartitionData data = answer.responses().get(0).partitions().get(0);
            if (!went(Errors.forCode(data.errorCode()), "Fetch")) return false;
            if (data.logStartOffset() != 0) complain("starts at " + data.logStartOffset());
            long next = take(data, seen, from);
            boolean all = next >= data.highWatermark()
                    && (leavesOpen || data.lastStableOffset() == data.highWatermark());
            if (all && next >= written.size()) judge(seen);
            else clients.later(dice, "phoenix reads on", () -> read(seen, next));
            return true;
        });
    }

    private long take(FetchResponseData.PartitionData data, List<String> seen, long from) {
        long next = from;
        if (data.records() == null) return next;
        MemoryRecords records = (MemoryRecords) data.records();
        Aborted aborted = new Aborted(data.abortedTransactions());
        for (RecordBatch batch : records.batches()) {
            next = batch.nextOffset();
            if (!leavesOpen && aborted.skips(batch, records.buffer()) || batch.isControlBatch()) continue;
            for (Record record : batch) if (record.offset() >= from) seen.add(StandardCharsets.UTF_8
                    .decode(record.value()).toString());
        }
        return next;
    }

    private void judge(List<String> seen) {
        List<String> expected = aborts ? List.of() : written;
        if (!seen.equals(expected)) complain("has " + seen + ", written were " + expected);
        if (dice.percent(50)) delete();
        else clients.later(dice, "phoenix dies", this::delete);
    }

    private void delete() {
        // writes on while the topic goes; what this life is told is not read any more
        if (dice.percent(70)) straggle();
        DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTimeoutMs(10_000).setTopics(
                List.of(new DeleteTopicsRequestData.DeleteTopicState().setName(null).setTopicId(id)));
        ask(ApiKeys.DELETE_TOPICS, 6, request, response -> {
            Errors error = Errors.forCode(((DeleteTopicsResponseData) response).responses().iterator().next()
                    .errorCode());
            if (error != Errors.UNKNOWN_TOPIC_ID && !went(error, "DeleteTopics")) return false;
            former.add(id);
            gone = true;
            if (dice.percent(50)) straggle();
            next();
            return true;
        });
    }

    private void straggle() {
        boolean goneAlready = gone;
        straggler.ask(ApiKeys.PRODUCE, 13, produce(List.of("straggler of life " + life)),
                new BrokerLink.Answer() {
            @Override
            public void got(ApiMessage response) {
                var answer = ((ProduceResponseData) response).responses().iterator().next()
                        .partitionResponses().get(0);
                if (goneAlready && answer.errorCode() == 0) complain("took a record under a former id");
            }

            @Override
            public void lost() {
            }
        });
    }

    private void next() {
        if (--livesToCome == 0) {
            clients.busy--;
            link.close();
            straggler.close();
        } else if (transactional) {
            initialise();
        } else {
            create();
        }
    }

    /** By an InitProducerId of its own that came late: this life is not judged. */
    private boolean fenced(Errors error) {
        boolean fenced = transactional && (error == Errors.INVALID_PRODUCER_EPOCH
                || error == Errors.PRODUCER_FENCED);
        if (fenced) delete();
        return fenced;
    }

    private boolean went(Errors error, String what) {
        if (error == Errors.NONE) return true;
        if (!Retry.helps(error)) complain("got " + error + " for " + what);
        return false;
    }

    private void complain(String what) {
        clients.history.complain(TOPIC + " in life " + life + " (" + id + ") " + what);
    }

    /** Until {@code taken} has it: asked again when the answer is lost or is not the last one. */
    private void ask(ApiKeys api, int version, ApiMessage body, Function<ApiMessage, Boolean> taken) {
        clients.run.trace().note(TOPIC + " asks " + api, life, sequence);
        link.ask(api, version, body, new BrokerLink.Answer() {
            @Override
            public void got(ApiMessage response) {
                if (!taken.apply(response)) lost();
            }

            @Override
            public void lost() {
                clients.later(dice, api + " again", () -> ask(api, version, body, taken));
            }
        });
    }

    @Override
    public String toString() {
        return TOPIC + " in life " + life + (transactional ? " in transactions, " : ", ") + livesToCome
                + " to come, " + batchesToCome + " batches to come, " + written;
    }
}

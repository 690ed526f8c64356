package io.semel.it.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;

/**
 * What hosts use of Kafka's transactional Producer, version 2 of the protocol, over the simulated network. A
 * partition's records of a flush are one batch. One thread.
 */
final class DslProducer {
    private static final int TRANSACTION_TIMEOUT_MS = 3_000;

    private record Waiting(SimpleRecord record, CompletableFuture<RecordMetadata> ack) {
    }

    private final DslCaller caller;
    private final Map<String, Integer> counts;
    private final String transactionalId;
    private final BrokerLink link;
    private final Map<TopicPartition, List<Waiting>> waiting = new LinkedHashMap<>();
    private final Map<TopicPartition, Integer> sequences = new LinkedHashMap<>();
    private long producerId = -1;
    private short epoch = -1;
    private boolean touched;
    private boolean closed;
    private RuntimeException broken;

    DslProducer(DslCaller caller, Map<String, Integer> counts, String transactionalId) {
        this.caller = caller;
        this.counts = counts;
        this.transactionalId = transactionalId;
        this.link = caller.link(transactionalId);
    }

    public void initTransactions() {
        InitProducerIdResponseData answer = caller.patiently(link, ApiKeys.INIT_PRODUCER_ID, 5,
                new InitProducerIdRequestData().setTransactionalId(transactionalId)
                        .setTransactionTimeoutMs(TRANSACTION_TIMEOUT_MS).setProducerId(-1)
                        .setProducerEpoch((short) -1),
                (InitProducerIdResponseData one) -> Errors.forCode(one.errorCode()));
        check("init", Errors.forCode(answer.errorCode()));
        adopt(answer.producerId(), answer.producerEpoch());
    }

    public void beginTransaction() {
        sound();
        touched = false;
    }

    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        sound();
        int partition = record.partition() != null ? record.partition()
                : Utils.toPositive(Utils.murmur2(record.key())) % counts.get(record.topic());
        CompletableFuture<RecordMetadata> ack = new CompletableFuture<>();
        waiting.computeIfAbsent(new TopicPartition(record.topic(), partition), place -> new ArrayList<>())
                .add(new Waiting(new SimpleRecord(record.timestamp(), record.key(), record.value(),
                        record.headers().toArray()), ack));
        return ack;
    }

    /** As Kafka's: waits for acknowledgements, and leaves it to the commit to say what failed. */
    public void flush() {
        if (closed) throw new IllegalStateException("the producer of " + transactionalId + " is closed");
        try {
            for (TopicPartition place : List.copyOf(waiting.keySet())) {
                if (broken == null) produce(place, waiting.get(place));
                waiting.remove(place);
            }
        } catch (RuntimeException failed) {
            broken = failed;
            waiting.values().forEach(unsent -> unsent.forEach(one -> one.ack.completeExceptionally(failed)));
            waiting.clear();
        }
    }

    public void sendOffsetsToTransaction(Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata as) {
        sound();
        touched = true;
        TxnOffsetCommitRequestData request = new TxnOffsetCommitRequestData()
                .setTransactionalId(transactionalId).setGroupId(as.groupId()).setProducerId(producerId)
                .setProducerEpoch(epoch).setGenerationId(as.generationId()).setMemberId(as.memberId())
                .setGroupInstanceId(as.groupInstanceId().orElse(null));
        offsets.forEach((place, offset) -> request.topics()
                .add(new TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic().setName(place.topic())
                        .setPartitions(List.of(
                                new TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition()
                                        .setPartitionIndex(place.partition())
                                        .setCommittedOffset(offset.offset())))));
        TxnOffsetCommitResponseData answer = caller.patiently(link, ApiKeys.TXN_OFFSET_COMMIT, 5, request,
                DslProducer::worst);
        check("offsets", worst(answer));
    }

    public void commitTransaction() {
        flush();
        sound();
        end(true);
    }

    public void abortTransaction() {
        waiting.clear();
        if (touched) end(false);
    }

    public void close(Duration wait) {
        closed = true;
        link.close();
    }

    private void end(boolean commit) {
        EndTxnResponseData answer = caller.patiently(link, ApiKeys.END_TXN, 5,
                new EndTxnRequestData().setTransactionalId(transactionalId).setProducerId(producerId)
                        .setProducerEpoch(epoch).setCommitted(commit),
                (EndTxnResponseData one) -> Errors.forCode(one.errorCode()));
        check(commit ? "commit" : "abort", Errors.forCode(answer.errorCode()));
        caller.note(commit ? "committed" : "aborted");
        adopt(answer.producerId(), answer.producerEpoch());
    }

    private void adopt(long newProducerId, short newEpoch) {
        producerId = newProducerId;
        epoch = newEpoch;
        sequences.clear();
        broken = null;
    }

    private void produce(TopicPartition place, List<Waiting> records) {
        touched = true;
        int sequence = sequences.getOrDefault(place, 0);
        MemoryRecords bytes = MemoryRecords.withTransactionalRecords(Compression.NONE, producerId, epoch,
                sequence, records.stream().map(Waiting::record).toArray(SimpleRecord[]::new));
        ProduceRequestData request = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(30_000)
                .setTransactionalId(transactionalId);
        request.topicData().add(new ProduceRequestData.TopicProduceData().setName(place.topic())
                .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                        .setIndex(place.partition()).setRecords(bytes))));
        ProduceResponseData answer = caller.patiently(link, ApiKeys.PRODUCE, 12, request,
                (ProduceResponseData one) -> Errors.forCode(of(one).errorCode()));
        Errors error = Errors.forCode(of(answer).errorCode());
        if (error != Errors.DUPLICATE_SEQUENCE_NUMBER) check("produce", error);
        sequences.put(place, sequence + records.size());
        long base = of(answer).baseOffset();
        for (int i = 0; i < records.size(); i++) {
            records.get(i).ack.complete(new RecordMetadata(place, base, i, 0, 0, 0));
        }
    }

    private static ProduceResponseData.PartitionProduceResponse of(ProduceResponseData answer) {
        return answer.responses().iterator().next().partitionResponses().get(0);
    }

    private static Errors worst(TxnOffsetCommitResponseData answer) {
        Errors worst = Errors.NONE;
        for (var topic : answer.topics()) {
            for (var partition : topic.partitions()) {
                if (partition.errorCode() != 0) worst = Errors.forCode(partition.errorCode());
            }
        }
        return worst;
    }

    private void sound() {
        if (closed) throw new IllegalStateException("the producer of " + transactionalId + " is closed");
        if (broken != null) throw new KafkaException("an earlier send failed", broken);
    }

    private void check(String what, Errors error) {
        switch (error) {
            case NONE -> { }
            case ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID ->
                    throw new CommitFailedException(what + ": " + error);
            case FENCED_INSTANCE_ID -> fail(new FencedInstanceIdException(what));
            case INVALID_PRODUCER_EPOCH, PRODUCER_FENCED -> fail(new ProducerFencedException(
                    transactionalId + " at " + what));
            default -> fail(error.exception(transactionalId + " at " + what));
        }
    }

    private void fail(RuntimeException failure) {
        broken = failure;
        throw failure;
    }
}

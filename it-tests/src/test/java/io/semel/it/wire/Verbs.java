package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.it.client.EngineUnderTest;
import io.semel.wire.message.SliceRecords;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;

/** The requests that every story needs, on one connection. One thread. */
final class Verbs implements AutoCloseable {
    private static final Set<Errors> AGAIN = EnumSet.of(Errors.NOT_COORDINATOR, Errors.NOT_ENOUGH_REPLICAS,
            Errors.COORDINATOR_NOT_AVAILABLE, Errors.COORDINATOR_LOAD_IN_PROGRESS,
            Errors.CONCURRENT_TRANSACTIONS);
    static final long LATEST = -1;
    static final long EARLIEST = -2;
    static final long MAX_TIMESTAMP = -3;

    final RawClient raw;

    Verbs(String bootstrap) {
        this.raw = RawClient.to(bootstrap);
    }

    Uuid createTopic(String name, int partitions, Map<String, String> configs) {
        CreatableTopic topic = new CreatableTopic().setName(name).setNumPartitions(partitions)
                .setReplicationFactor((short) 1);
        configs.forEach((key, value) -> topic.configs()
                .add(new CreatableTopicConfig().setName(key).setValue(value)));
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(RawClient.PATIENCE_MS);
        request.topics().add(topic);
        CreateTopicsResponseData response = raw.ask(ApiKeys.CREATE_TOPICS, 7, request);
        assertEquals(Errors.NONE, Errors.forCode(response.topics().find(name).errorCode()), name);
        for (int partition = 0; partition < partitions; partition++) {
            awaitLeader(name, partition);
        }
        return response.topics().find(name).topicId();
    }

    /** Apache Kafka answers, and starts, before its partitions lead. */
    void awaitLeader(String topic, int partition) {
        if (EngineUnderTest.isKafka()) Awaitility.await().atMost(Duration.ofSeconds(30)).until(() ->
                offsetAt(topic, partition, LATEST, false).errorCode() == Errors.NONE.code());
    }

    Uuid createTopic(String name) {
        return createTopic(name, 1, Map.of());
    }

    void deleteTopic(String name) {
        DeleteTopicsResponseData response = raw.ask(ApiKeys.DELETE_TOPICS, 5,
                new DeleteTopicsRequestData().setTopicNames(List.of(name))
                .setTimeoutMs(RawClient.PATIENCE_MS));
        assertEquals(Errors.NONE, Errors.forCode(response.responses().find(name).errorCode()), name);
    }

    static ProduceRequestData produceRequest(String transactionalId, int acks, String topic, int partition,
            ByteBuffer batch) {
        ProduceRequestData request =
                new ProduceRequestData().setTransactionalId(transactionalId).setAcks((short) acks)
                .setTimeoutMs(RawClient.PATIENCE_MS);
        TopicProduceData data = new TopicProduceData().setName(topic);
        data.partitionData().add(new PartitionProduceData().setIndex(partition)
                .setRecords(batch == null ? null : SliceRecords.ofBytes(batch.duplicate())));
        request.topicData().add(data);
        return request;
    }

    static PartitionProduceResponse only(ProduceResponseData response) {
        return response.responses().iterator().next().partitionResponses().get(0);
    }

    PartitionProduceResponse produce(int version, String transactionalId, String topic, int partition,
            ByteBuffer batch) {
        return only(raw.ask(ApiKeys.PRODUCE, version,
                produceRequest(transactionalId, -1, topic, partition, batch)));
    }

    /** Version 9 to partition 0, without a transaction. */
    PartitionProduceResponse produce(String topic, ByteBuffer batch) {
        return produce(9, null, topic, 0, batch);
    }

    Errors errorOfProduce(String topic, ByteBuffer batch) {
        return Errors.forCode(produce(topic, batch).errorCode());
    }

    Errors errorOfProduce(int version, String transactionalId, String topic, ByteBuffer batch) {
        return Errors.forCode(produce(version, transactionalId, topic, 0, batch).errorCode());
    }

    /** The base offset of a batch that is taken. */
    long accepted(PartitionProduceResponse answer) {
        assertEquals(Errors.NONE, Errors.forCode(answer.errorCode()), answer::errorMessage);
        return answer.baseOffset();
    }

    InitProducerIdResponseData initProducerId(int version, String transactionalId) {
        InitProducerIdResponseData[] given = new InitProducerIdResponseData[1];
        patiently(() -> {
            given[0] = raw.ask(ApiKeys.INIT_PRODUCER_ID, version, new InitProducerIdRequestData()
                    .setTransactionalId(transactionalId).setTransactionTimeoutMs(60_000));
            return Errors.forCode(given[0].errorCode());
        });
        return given[0];
    }

    Pid newProducer(int version, String transactionalId) {
        InitProducerIdResponseData given = initProducerId(version, transactionalId);
        assertEquals(Errors.NONE, Errors.forCode(given.errorCode()));
        return new Pid(given.producerId(), given.producerEpoch());
    }

    Pid newProducer() {
        return newProducer(1, null);
    }

    ListOffsetsPartitionResponse offsetAt(String topic, int partition, long timestamp, boolean committed) {
        return offsetAt(new ListOffsetsPartition().setPartitionIndex(partition).setTimestamp(timestamp),
                topic, committed);
    }

    ListOffsetsPartitionResponse offsetAt(ListOffsetsPartition partition, String topic, boolean committed) {
        ListOffsetsTopic asked = new ListOffsetsTopic().setName(topic).setPartitions(List.of(partition));
        ListOffsetsResponseData response = raw.ask(ApiKeys.LIST_OFFSETS, 7, new ListOffsetsRequestData()
                .setReplicaId(-1).setIsolationLevel((byte) (committed ? 1 : 0)).setTopics(List.of(asked)));
        return response.topics().get(0).partitions().get(0);
    }

    /**
     * Asks again what Apache Kafka wants asked again: what is new to it, and what is being completed. Ours
     * never does (ADR 5), and is asked once.
     */
    static Errors patiently(Supplier<Errors> ask) {
        Errors[] answer = {ask.get()};
        if (EngineUnderTest.isKafka()) Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            if (AGAIN.contains(answer[0])) answer[0] = ask.get();
            return !AGAIN.contains(answer[0]);
        });
        return answer[0];
    }

    long end(String topic) {
        return offsetAt(topic, 0, LATEST, false).offset();
    }

    long stableEnd(String topic) {
        return offsetAt(topic, 0, LATEST, true).offset();
    }

    Fetching fetching() {
        return new Fetching(raw);
    }

    @Override
    public void close() {
        raw.close();
    }
}

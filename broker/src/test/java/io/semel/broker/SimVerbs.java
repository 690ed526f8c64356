package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.wire.batch.BatchBuilder;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.Batches;
import io.semel.wire.batch.RecordCursor;
import io.semel.wire.message.SliceRecords;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
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

/** The requests that many tests need, on one connection. One thread. */
final class SimVerbs {
    static final long LATEST = -1;

    /** A producer as the broker knows it. */
    record Pid(long id, short epoch) {
    }

    final SimClient client;

    SimVerbs(SimBroker sim) {
        this.client = sim.connect();
    }

    Uuid createTopic(String name) {
        return createTopic(name, 1, Map.of());
    }

    Uuid createTopic(String name, int partitions, Map<String, String> configs) {
        CreateTopicsResponseData made = client.ask(ApiKeys.CREATE_TOPICS, 7, creation(name, partitions,
                configs));
        assertEquals(Errors.NONE, Errors.forCode(made.topics().find(name).errorCode()),
                made.topics().find(name)::errorMessage);
        return made.topics().find(name).topicId();
    }

    static CreateTopicsRequestData creation(String name, int partitions, Map<String, String> configs) {
        CreatableTopic topic = new CreatableTopic().setName(name).setNumPartitions(partitions)
                .setReplicationFactor((short) 1);
        configs.forEach((key, value) -> topic.configs().add(new CreatableTopicConfig().setName(key)
                .setValue(value)));
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics().add(topic);
        return request;
    }

    static DeleteTopicsRequestData deletion(String name) {
        return new DeleteTopicsRequestData().setTopicNames(List.of(name));
    }

    Errors errorOfProduce(String topic, int partition, ByteBuffer batch) {
        return Errors.forCode(produce(null, topic, partition, batch).errorCode());
    }

    PartitionProduceResponse produce(String transactionalId, String topic, int partition, ByteBuffer batch) {
        return only(client.ask(ApiKeys.PRODUCE, 9, producing(transactionalId, topic, partition, batch)));
    }

    static PartitionProduceResponse only(ProduceResponseData response) {
        return response.responses().iterator().next().partitionResponses().get(0);
    }

    static ProduceRequestData producing(String transactionalId, String topic, int partition,
            ByteBuffer batch) {
        TopicProduceData data = new TopicProduceData().setName(topic);
        data.partitionData().add(new PartitionProduceData().setIndex(partition)
                .setRecords(SliceRecords.ofBytes(batch)));
        ProduceRequestData request = new ProduceRequestData().setTransactionalId(transactionalId)
                .setAcks((short) -1)
                .setTimeoutMs(1000);
        request.topicData().add(data);
        return request;
    }

    static ByteBuffer batch(String value) {
        return new BatchBuilder().add(1, null, ByteBuffer.wrap(value.getBytes())).build();
    }

    static ByteBuffer batch(Pid pid, int sequence) {
        return new BatchBuilder().producer(pid.id, pid.epoch, sequence).transactional(true)
                .add(1, null, ByteBuffer.wrap(new byte[] {1})).build();
    }

    Pid initProducer(String transactionalId, int timeoutMs) {
        InitProducerIdResponseData given = client.ask(ApiKeys.INIT_PRODUCER_ID, 3,
                new InitProducerIdRequestData()
                .setTransactionalId(transactionalId).setTransactionTimeoutMs(timeoutMs));
        assertEquals(Errors.NONE, Errors.forCode(given.errorCode()));
        return new Pid(given.producerId(), given.producerEpoch());
    }

    void enlist(String transactionalId, Pid pid, String topic, Integer... partitions) {
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData()
                .setV3AndBelowTransactionalId(transactionalId).setV3AndBelowProducerId(pid.id)
                        .setV3AndBelowProducerEpoch(pid.epoch);
        request.v3AndBelowTopics().add(new AddPartitionsToTxnTopic().setName(topic)
                .setPartitions(List.of(partitions)));
        AddPartitionsToTxnResponseData answer = client.ask(ApiKeys.ADD_PARTITIONS_TO_TXN, 3, request);
        answer.resultsByTopicV3AndBelow().forEach(one -> one.resultsByPartition().forEach(result ->
                assertEquals(Errors.NONE, Errors.forCode(result.partitionErrorCode()))));
    }

    static EndTxnRequestData ending(String transactionalId, Pid pid, boolean commit) {
        return new EndTxnRequestData().setTransactionalId(transactionalId).setProducerId(pid.id)
                .setProducerEpoch(pid.epoch)
                .setCommitted(commit);
    }

    /** How a consumer of committed records is told from the start on; at most 10 ms later. */
    FetchResponseData.PartitionData fetch(String topic, int partition) {
        FetchResponseData answer = client.ask(ApiKeys.FETCH, 12, fetching(topic, partition, 0, 10));
        return answer.responses().get(0).partitions().get(0);
    }

    /** Texts of a partition's records, one batch after the other. */
    static List<String> values(FetchResponseData.PartitionData read) {
        List<String> values = new ArrayList<>();
        Batches batches = new Batches().over(SliceRecords.bytesOf(read.records()));
        BatchHeader header = new BatchHeader();
        while (batches.next(header)) {
            RecordCursor records = new RecordCursor().open(header);
            while (records.next()) values.add(StandardCharsets.UTF_8.decode(records.value()).toString());
        }
        return values;
    }

    static FetchRequestData fetching(String topic, int partition, long offset, int waitMs) {
        FetchRequestData.FetchTopic asked = new FetchRequestData.FetchTopic().setTopic(topic)
                .setPartitions(List.of(
                new FetchRequestData.FetchPartition().setPartition(partition).setFetchOffset(offset)
                        .setPartitionMaxBytes(1 << 20)));
        return new FetchRequestData().setIsolationLevel((byte) 1).setMinBytes(1).setMaxWaitMs(waitMs)
                .setMaxBytes(1 << 20)
                .setTopics(List.of(asked));
    }

    long end(String topic, boolean committed) {
        return offset(7, topic, 0, LATEST, committed).offset();
    }

    ListOffsetsPartitionResponse offset(int version, String topic, int partition, long timestamp,
            boolean committed) {
        ListOffsetsRequestData request = new ListOffsetsRequestData().setReplicaId(-1);
        if (committed) request.setIsolationLevel((byte) 1);
        request.topics().add(new ListOffsetsTopic().setName(topic).setPartitions(List.of(
                new ListOffsetsPartition().setPartitionIndex(partition).setTimestamp(timestamp))));
        ListOffsetsResponseData response = client.ask(ApiKeys.LIST_OFFSETS, version, request);
        return response.topics().get(0).partitions().get(0);
    }
}

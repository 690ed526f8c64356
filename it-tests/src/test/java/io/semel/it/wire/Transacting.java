package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.it.client.EngineUnderTest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;

/**
 * The requests of one transactional id, on one connection. Whose producer sends them is said each time. One
 * thread.
 */
final class Transacting {
    private final Verbs verbs;
    private final String transactionalId;

    Transacting(Verbs verbs, String transactionalId) {
        this.verbs = verbs;
        this.transactionalId = transactionalId;
    }

    Pid init(int version) {
        return verbs.newProducer(version, transactionalId);
    }

    Errors produce(int version, String topic, ByteBuffer batch) {
        return Verbs.patiently(() -> verbs.errorOfProduce(version, transactionalId, topic, batch));
    }

    /** One partition, for which the answer is a matter of course. */
    void add(int version, Pid producer, String topic) {
        assertEquals(Map.of(topic, Errors.NONE), add(version, producer, List.of(topic)));
    }

    /** Partition 0 of each topic, and what was answered for it. */
    Map<String, Errors> add(int version, Pid producer, List<String> topics) {
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData()
                .setV3AndBelowTransactionalId(transactionalId).setV3AndBelowProducerId(producer.id())
                .setV3AndBelowProducerEpoch(producer.epoch());
        for (String topic : topics) {
            request.v3AndBelowTopics()
                    .add(new AddPartitionsToTxnTopic().setName(topic).setPartitions(List.of(0)));
        }
        Map<String, Errors> answers = new TreeMap<>();
        Verbs.patiently(() -> {
            AddPartitionsToTxnResponseData response =
                    verbs.raw.ask(ApiKeys.ADD_PARTITIONS_TO_TXN, version, request);
            response.resultsByTopicV3AndBelow().forEach(topic -> topic.resultsByPartition().forEach(
                    partition -> answers.put(topic.name(), Errors.forCode(partition.partitionErrorCode()))));
            return answers.values().iterator().next();
        });
        return answers;
    }

    Errors addGroup(int version, Pid producer, String group) {
        AddOffsetsToTxnRequestData request = new AddOffsetsToTxnRequestData()
                .setTransactionalId(transactionalId).setProducerId(producer.id())
                .setProducerEpoch(producer.epoch()).setGroupId(group);
        return Verbs.patiently(() -> {
            AddOffsetsToTxnResponseData response =
                    verbs.raw.ask(ApiKeys.ADD_OFFSETS_TO_TXN, version, request);
            return Errors.forCode(response.errorCode());
        });
    }

    Errors commitOffset(int version, Pid producer, String group, String topic, long offset) {
        TxnOffsetCommitRequestData request =
                new TxnOffsetCommitRequestData().setTransactionalId(transactionalId)
                .setGroupId(group).setProducerId(producer.id()).setProducerEpoch(producer.epoch());
        request.topics().add(new TxnOffsetCommitRequestTopic().setName(topic).setPartitions(List.of(
                new TxnOffsetCommitRequestPartition().setPartitionIndex(0).setCommittedOffset(offset)
                        .setCommittedMetadata("by " + transactionalId))));
        return Verbs.patiently(() -> {
            TxnOffsetCommitResponseData response = verbs.raw.ask(ApiKeys.TXN_OFFSET_COMMIT, version, request);
            return Errors.forCode(response.topics().get(0).partitions().get(0).errorCode());
        });
    }

    EndTxnResponseData end(int version, Pid producer, boolean commit) {
        EndTxnRequestData request = new EndTxnRequestData().setTransactionalId(transactionalId)
                .setProducerId(producer.id()).setProducerEpoch(producer.epoch()).setCommitted(commit);
        EndTxnResponseData[] answer = new EndTxnResponseData[1];
        Verbs.patiently(() -> {
            answer[0] = verbs.raw.ask(ApiKeys.END_TXN, version, request);
            return Errors.forCode(answer[0].errorCode());
        });
        if (EngineUnderTest.isKafka()) awaitMarkers();
        return answer[0];
    }

    /** Apache Kafka answers an end before its markers are written; whoever tests what they do waits. */
    private void awaitMarkers() {
        Awaitility.await().until(() -> !describe().transactionState().startsWith("Prepare"));
    }

    Errors errorOfEnd(int version, Pid producer, boolean commit) {
        return Errors.forCode(end(version, producer, commit).errorCode());
    }

    /** Ends it by version 2 and tells who the producer is from now on. */
    Pid ended(Pid producer, boolean commit) {
        EndTxnResponseData answer = end(5, producer, commit);
        assertEquals(Errors.NONE, Errors.forCode(answer.errorCode()));
        return new Pid(answer.producerId(), answer.producerEpoch());
    }

    TransactionState describe() {
        TransactionState[] found = new TransactionState[1];
        Verbs.patiently(() -> {
            DescribeTransactionsResponseData response = verbs.raw.ask(ApiKeys.DESCRIBE_TRANSACTIONS, 0,
                    new DescribeTransactionsRequestData().setTransactionalIds(List.of(transactionalId)));
            found[0] = response.transactionStates().get(0);
            return Errors.forCode(found[0].errorCode());
        });
        return found[0];
    }

    /** A group's offset for partition 0. */
    static OffsetFetchResponsePartitions offset(Verbs verbs, String group, String topic,
            boolean requireStable) {
        OffsetFetchRequestData request =
                new OffsetFetchRequestData().setRequireStable(requireStable).setGroups(List.of(
                new OffsetFetchRequestGroup().setGroupId(group).setTopics(List.of(
                        new OffsetFetchRequestTopics().setName(topic).setPartitionIndexes(List.of(0))))));
        OffsetFetchResponseData[] found = new OffsetFetchResponseData[1];
        assertEquals(Errors.NONE, Verbs.patiently(() -> {
            found[0] = verbs.raw.ask(ApiKeys.OFFSET_FETCH, 8, request);
            return Errors.forCode(found[0].groups().get(0).errorCode());
        }));
        return found[0].groups().get(0).topics().get(0).partitions().get(0);
    }
}

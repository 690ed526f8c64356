package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.client.EngineUnderTest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Odd corners of what producers, consumers and their tools ask (FEATURES row P1). */
@Tag("against-kafka")
class ClientRequestsTest {
    /** What groups allow whom nobody forbids: read, delete, describe, describe and alter configs. */
    private static final int ALL_ON_GROUPS = 1 << 3 | 1 << 6 | 1 << 8 | 1 << 10 | 1 << 11;
    private static final short[] KNOWN_FROM = {7, 8, 9, 11};

    private static EngineUnderTest engine;
    private static Verbs verbs;

    @BeforeAll
    static void startEngine() {
        engine = EngineUnderTest.inProcess();
        verbs = new Verbs(engine.bootstrap());
    }

    @AfterAll
    static void stopEngine() {
        verbs.close();
        engine.close();
    }

    private static Errors error(short code) {
        return Errors.forCode(code);
    }

    private static List<ListOffsetsPartitionResponse> offsets(int version, String topic, long... times) {
        ListOffsetsTopic asked = new ListOffsetsTopic().setName(topic);
        for (long time : times) {
            asked.partitions().add(new ListOffsetsPartition().setPartitionIndex(0).setTimestamp(time));
        }
        ListOffsetsResponseData answer = verbs.raw.ask(ApiKeys.LIST_OFFSETS, version,
                new ListOffsetsRequestData().setReplicaId(-1).setTopics(List.of(asked)));
        return answer.topics().get(0).partitions();
    }

    @Test
    void aSpecialTimeIsKnownOnlySinceItsVersion() {
        verbs.createTopic("special");

        for (int index = 0; index < KNOWN_FROM.length; index++) {
            long time = -3 - index;
            for (short version = 1; version <= 11; version++) {
                Errors expected = version < KNOWN_FROM[index] ? Errors.UNSUPPORTED_VERSION : Errors.NONE;
                Errors told = error(offsets(version, "special", time).get(0).errorCode());
                // where nothing is tiered, Kafka has no answer to -6
                if (time > -6 || expected != Errors.NONE) assertEquals(expected, told, time + " v" + version);
            }
        }
        assertEquals(Errors.UNSUPPORTED_VERSION, error(offsets(11, "special", -7).get(0).errorCode()));
    }

    @Test
    void aPartitionThatIsAskedForTwiceIsRefusedOnce() {
        verbs.createTopic("twice");

        List<ListOffsetsPartitionResponse> answers = offsets(7, "twice", -1, -2);

        assertEquals(1, answers.size());
        assertEquals(Errors.INVALID_REQUEST, error(answers.get(0).errorCode()));
    }

    @Test
    void aProducerIsToldWhichRecordsWereAtFault() {
        verbs.createTopic("keyed", 1, Map.of("cleanup.policy", "compact"));
        verbs.createTopic("timed", 1, Map.of("message.timestamp.before.max.ms", "60000"));
        byte[] key = {1};
        long nowMs = System.currentTimeMillis();
        ByteBuffer keyless = Pid.NONE.builder(0, 0).add(nowMs, key, key).add(nowMs, null, key)
                .add(nowMs, key, key).add(nowMs, null, key).build();
        ByteBuffer late = Pid.NONE.builder(0, 0).add(nowMs, key, key).add(nowMs - 3_600_000, key, key)
                .build();

        PartitionProduceResponse keyed = verbs.produce("keyed", keyless);
        PartitionProduceResponse timed = verbs.produce("timed", late);

        assertEquals(Errors.INVALID_RECORD, error(keyed.errorCode()));
        assertEquals(List.of(1, 3), keyed.recordErrors().stream().map(one -> one.batchIndex()).toList());
        assertEquals(Errors.INVALID_TIMESTAMP, error(timed.errorCode()));
        assertEquals(List.of(1), timed.recordErrors().stream().map(one -> one.batchIndex()).toList());
        assertTrue(Stream.of(keyed, timed).flatMap(one -> one.recordErrors().stream())
                .noneMatch(one -> one.batchIndexErrorMessage().isBlank()));
        assertEquals(0, verbs.end("keyed"));
    }

    @Test
    void aTopicIsUnknownByWhatItWasAskedBy() {
        ByteBuffer batch = Pid.NONE.builder(0, 0).add(System.currentTimeMillis(), null, new byte[1]).build();

        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, verbs.errorOfProduce("", batch));
        ProduceRequestData byId = Verbs.produceRequest(null, -1, "", 0, batch);
        byId.topicData().iterator().next().setTopicId(new Uuid(7, 8));
        assertEquals(Errors.UNKNOWN_TOPIC_ID, error(Verbs.only(verbs.raw.ask(ApiKeys.PRODUCE, 13, byId))
                .errorCode()));
    }

    private static void commit(String group, String topic) {
        OffsetCommitRequestTopic offsets = new OffsetCommitRequestTopic().setName(topic);
        offsets.partitions().add(new OffsetCommitRequestPartition().setPartitionIndex(0)
                .setCommittedOffset(5));
        OffsetCommitRequestData request = new OffsetCommitRequestData().setGroupId(group)
                .setGenerationIdOrMemberEpoch(-1).setTopics(List.of(offsets));
        assertEquals(Errors.NONE, Verbs.patiently(() -> {
            OffsetCommitResponseData answer = verbs.raw.ask(ApiKeys.OFFSET_COMMIT, 8, request);
            return error(answer.topics().get(0).partitions().get(0).errorCode());
        }));
    }

    @Test
    void offsetsOfNoTopicAreNotOffsetsOfAllTopics() {
        verbs.createTopic("offsets");
        commit("none", "offsets");

        OffsetFetchResponseData answer = verbs.raw.ask(ApiKeys.OFFSET_FETCH, 1,
                new OffsetFetchRequestData().setGroupId("none"));

        assertTrue(answer.topics().isEmpty());
    }

    @Test
    void toolsAreToldWhatTheyMayDoWithAGroup() {
        verbs.createTopic("allowed");
        commit("group", "allowed");

        DescribeGroupsResponseData answer = verbs.raw.ask(ApiKeys.DESCRIBE_GROUPS, 5,
                new DescribeGroupsRequestData().setGroups(List.of("group"))
                        .setIncludeAuthorizedOperations(true));

        assertEquals(ALL_ON_GROUPS, answer.groups().get(0).authorizedOperations());
        ConsumerGroupDescribeResponseData nameless = verbs.raw.ask(ApiKeys.CONSUMER_GROUP_DESCRIBE, 1,
                new ConsumerGroupDescribeRequestData().setGroupIds(List.of("")));
        assertEquals(Errors.INVALID_GROUP_ID, error(nameless.groups().get(0).errorCode()));
    }

    @Test
    void offsetsOfAPartitionThatIsNotThereAreNotDeleted() {
        verbs.createTopic("deleting");
        commit("loses", "deleting");
        OffsetDeleteRequestData request = new OffsetDeleteRequestData().setGroupId("loses");
        for (String topic : List.of("deleting", "nowhere")) {
            request.topics().add(new OffsetDeleteRequestTopic().setName(topic).setPartitions(List.of(
                    new OffsetDeleteRequestPartition().setPartitionIndex(0))));
        }

        OffsetDeleteResponseData answer = verbs.raw.ask(ApiKeys.OFFSET_DELETE, 0, request);

        assertEquals(Errors.NONE, error(answer.topics().find("deleting").partitions().find(0).errorCode()));
        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION,
                error(answer.topics().find("nowhere").partitions().find(0).errorCode()));
        DeleteGroupsResponseData deleted = verbs.raw.ask(ApiKeys.DELETE_GROUPS, 2,
                new DeleteGroupsRequestData().setGroupsNames(List.of("nope", "nope")));
        assertEquals(1, deleted.results().size());
    }
}

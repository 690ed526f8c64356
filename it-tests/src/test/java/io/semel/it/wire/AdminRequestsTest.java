package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.client.EngineUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What administrators may ask that makes no sense, or could be read in two ways (FEATURES row P1). */
@Tag("against-kafka")
class AdminRequestsTest {
    private static final byte TOPIC = 2;
    private static final byte SET = 0;

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

    private static MetadataResponseData metadata(boolean create, String... names) {
        List<MetadataRequestTopic> asked = new ArrayList<>();
        for (String name : names) asked.add(new MetadataRequestTopic().setName(name));
        return verbs.raw.ask(ApiKeys.METADATA, 12, new MetadataRequestData().setTopics(asked)
                .setAllowAutoTopicCreation(create));
    }

    private static int partitionsOf(String topic) {
        return metadata(false, topic).topics().find(topic).partitions().size();
    }

    @Test
    void aNameThatNoTopicCanHaveIsNotWorthWaitingFor() {
        for (boolean create : new boolean[] {false, true}) {
            MetadataResponseData answer = metadata(create, "a b");
            assertEquals(Errors.INVALID_TOPIC_EXCEPTION, error(answer.topics().find("a b").errorCode()));
        }

        assertEquals(Errors.INVALID_TOPIC_EXCEPTION, error(described("a b").errorCode()));
        assertEquals(Errors.INVALID_TOPIC_EXCEPTION, altered("a b", "retention.ms", "1"));
        DescribeTopicPartitionsRequestData request = new DescribeTopicPartitionsRequestData()
                .setTopics(List.of(new TopicRequest().setName("a b")));
        DescribeTopicPartitionsResponseData page =
                verbs.raw.ask(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, 0, request);
        assertEquals(Errors.INVALID_TOPIC_EXCEPTION, error(page.topics().find("a b").errorCode()));
    }

    @Test
    void aTopicIsToldOnceHoweverOftenItIsAskedFor() {
        verbs.createTopic("once");

        assertEquals(1, metadata(false, "once", "once").topics().size());
        assertEquals(1, metadata(false, "nowhere", "nowhere").topics().size());
    }

    @Test
    void aTopicNamedTwiceGetsNoPartitions() {
        verbs.createTopic("grows", 2, Map.of());
        CreatePartitionsRequestData request = new CreatePartitionsRequestData().setTimeoutMs(10_000);
        for (int count = 3; count < 5; count++) {
            request.topics().add(new CreatePartitionsTopic().setName("grows").setCount(count)
                    .setAssignments(null));
        }

        CreatePartitionsResponseData answer = verbs.raw.ask(ApiKeys.CREATE_PARTITIONS, 3, request);

        assertEquals(1, answer.results().size());
        assertEquals(Errors.INVALID_REQUEST, error(answer.results().get(0).errorCode()));
        assertEquals(2, partitionsOf("grows"));
    }

    @Test
    void aTopicThatIsNamedByNameAndIdOrTwiceIsNotDeleted() {
        verbs.createTopic("stays");
        Uuid other = verbs.createTopic("other");

        assertEquals(Errors.INVALID_REQUEST, deleted(new DeleteTopicState().setName("stays")
                .setTopicId(other)));
        assertEquals(Errors.INVALID_REQUEST, deleted(new DeleteTopicState().setName("stays"),
                new DeleteTopicState().setName("stays")));
        assertEquals(Errors.INVALID_REQUEST, deleted(new DeleteTopicState().setName(null).setTopicId(other),
                new DeleteTopicState().setName(null).setTopicId(other)));
        assertEquals(Errors.INVALID_REQUEST, deleted(new DeleteTopicState().setName(null)));

        assertEquals(1, partitionsOf("stays"));
        assertEquals(1, partitionsOf("other"));
    }

    private static Errors deleted(DeleteTopicState... states) {
        DeleteTopicsResponseData answer = verbs.raw.ask(ApiKeys.DELETE_TOPICS, 6,
                new DeleteTopicsRequestData().setTopics(List.of(states)).setTimeoutMs(10_000));
        assertEquals(1, answer.responses().size());
        return error(answer.responses().iterator().next().errorCode());
    }

    @Test
    void aPageThatBeginsElsewhereIsRefused() {
        verbs.createTopic("paged", 3, Map.of());

        assertEquals(Errors.NONE, page(new Cursor().setTopicName("paged").setPartitionIndex(1)));
        assertEquals(Errors.INVALID_REQUEST, page(new Cursor().setTopicName("paged").setPartitionIndex(-1)));
        assertEquals(Errors.INVALID_REQUEST, page(new Cursor().setTopicName("else").setPartitionIndex(1)));
    }

    private static Errors page(Cursor cursor) {
        DescribeTopicPartitionsRequestData request = new DescribeTopicPartitionsRequestData()
                .setTopics(List.of(new TopicRequest().setName("paged"))).setCursor(cursor);
        DescribeTopicPartitionsResponseData answer =
                verbs.raw.ask(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, 0, request);
        return error(answer.topics().find("paged").errorCode());
    }

    @Test
    void whatIsCreatedCarriesNoMessageOfAnError() {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
        request.topics().add(new CreatableTopic().setName("fine").setNumPartitions(1)
                .setReplicationFactor((short) 1));
        request.topics().add(new CreatableTopic().setName("__cluster_metadata").setNumPartitions(1)
                .setReplicationFactor((short) 1));

        CreateTopicsResponseData answer = verbs.raw.ask(ApiKeys.CREATE_TOPICS, 7, request);

        assertNull(answer.topics().find("fine").errorMessage());
        assertEquals(Errors.INVALID_REQUEST, error(answer.topics().find("__cluster_metadata").errorCode()));
    }

    private static DescribeConfigsResult described(String topic) {
        DescribeConfigsRequestData request = new DescribeConfigsRequestData();
        request.resources().add(new DescribeConfigsResource().setResourceType(TOPIC).setResourceName(topic)
                .setConfigurationKeys(List.of()));
        DescribeConfigsResponseData answer = verbs.raw.ask(ApiKeys.DESCRIBE_CONFIGS, 4, request);
        return answer.results().get(0);
    }

    private static Map<String, String> configsOf(String topic) {
        Map<String, String> configs = new TreeMap<>();
        described(topic).configs().forEach(config -> configs.put(config.name(), config.value()));
        return configs;
    }

    @Test
    void anEmptyListOfKeysAsksForAllThatThereAre() {
        verbs.createTopic("described");

        Map<String, String> configs = configsOf("described");

        assertEquals("604800000", configs.get("retention.ms"));
        assertEquals("3", configs.get("compression.zstd.level"));
        assertEquals("false", configs.get("remote.log.copy.disable"));
        assertNull(described("described").configs().get(0).documentation());
    }

    private static Errors altered(String topic, String... keysAndValues) {
        AlterConfigsResource resource = new AlterConfigsResource().setResourceType(TOPIC)
                .setResourceName(topic);
        for (int index = 0; index < keysAndValues.length; index += 2) {
            resource.configs().add(new AlterableConfig().setName(keysAndValues[index])
                    .setConfigOperation(SET).setValue(keysAndValues[index + 1]));
        }
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource);
        IncrementalAlterConfigsResponseData answer =
                verbs.raw.ask(ApiKeys.INCREMENTAL_ALTER_CONFIGS, 1, request);
        return error(answer.responses().get(0).errorCode());
    }

    @Test
    void settingsThatContradictOneAnotherChangeNothing() {
        verbs.createTopic("settled");

        assertEquals(Errors.INVALID_REQUEST, altered("settled", "retention.ms", "1", "retention.ms", "2"));
        assertEquals(Errors.INVALID_REQUEST, altered("settled", "retention.ms", null));
        assertEquals(Errors.INVALID_REQUEST, altered("", "retention.ms", "1"));
        assertEquals(Errors.INVALID_CONFIG, altered("settled", "min.compaction.lag.ms", "10",
                "max.compaction.lag.ms", "5"));
        assertEquals(Errors.INVALID_CONFIG, altered("settled", "cleanup.policy", "delete,"));
        assertEquals(Errors.INVALID_CONFIG, altered("settled", "leader.replication.throttled.replicas",
                "x:y"));
        assertEquals(Errors.INVALID_CONFIG, altered("settled", "compression.gzip.level", "0"));
        assertEquals(Errors.INVALID_CONFIG, altered("settled", "compression.lz4.level", "18"));
        AlterConfigsRequestData all = new AlterConfigsRequestData();
        all.resources().add(new AlterConfigsRequestData.AlterConfigsResource().setResourceType(TOPIC)
                .setResourceName("settled"));
        all.resources().iterator().next().configs().add(new AlterConfigsRequestData.AlterableConfig()
                .setName("retention.ms").setValue(null));
        AlterConfigsResponseData answer = verbs.raw.ask(ApiKeys.ALTER_CONFIGS, 2, all);
        assertEquals(Errors.INVALID_REQUEST, error(answer.responses().get(0).errorCode()));

        assertEquals("604800000", configsOf("settled").get("retention.ms"));
    }

    @Test
    void aTopicMayKeepEverythingForEver() {
        verbs.createTopic("forever");

        assertEquals(Errors.NONE, altered("forever", "cleanup.policy", ""));

        Awaitility.await().until(() -> configsOf("forever").get("cleanup.policy").isEmpty());
        assertTrue(described("forever").configs().stream().anyMatch(config ->
                config.name().equals("cleanup.policy") && config.configSource() == 1));
    }
}

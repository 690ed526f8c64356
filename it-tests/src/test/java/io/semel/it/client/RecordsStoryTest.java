package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Producing, consuming and topics with the clients' defaults (FEATURES P4, P5, P6, A1). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordsStoryTest {
    private EngineUnderTest engine;
    private Clients clients;

    @BeforeAll
    void start() {
        engine = EngineUnderTest.inProcess();
        clients = new Clients(engine.bootstrap());
    }

    @AfterAll
    void stop() {
        engine.close();
    }

    @Test
    void createsATopicWhenAProducerNamesIt() {
        try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            producer.send(new ProducerRecord<>("by-itself", "key", "value"));
        }

        assertEquals(List.of("value"), clients.values("by-itself", 0, "read_uncommitted"));
    }

    @Test
    void acceptsAReplicationFactorOfThreeAndSaysWhatIsInForce() throws Exception {
        try (Admin admin = clients.admin()) {
            var created = admin.createTopics(List.of(new NewTopic("three", 2, (short) 3)));
            created.all().get();

            assertEquals(1, created.replicationFactor("three").get());
            TopicDescription described = admin.describeTopics(List.of("three")).allTopicNames().get()
                    .get("three");
            assertEquals(2, described.partitions().size());
            assertEquals(created.topicId("three").get(), described.topicId());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void keepsRecordsThroughEveryCompression(String compression) throws Exception {
        String topic = "compressed-" + compression;
        clients.createTopic(topic, 1);
        try (KafkaProducer<String, String> producer = clients.producer(Map.of("compression.type",
                compression, "linger.ms", "50"))) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int index = 0; index < 500; index++) {
                ProducerRecord<String, String> record = new ProducerRecord<>(topic, 0, "key " + index,
                        "value ".repeat(20) + index);
                record.headers().add(new RecordHeader("number", new byte[] {(byte) index}));
                sent.add(producer.send(record));
            }
            for (int index = 0; index < 500; index++) assertEquals(index, sent.get(index).get().offset());
        }

        List<ConsumerRecord<String, String>> records = clients.records(topic, List.of(0), "read_committed");

        assertEquals(500, records.size());
        for (int index = 0; index < 500; index++) {
            assertEquals("key " + index, records.get(index).key());
            assertEquals((byte) index, records.get(index).headers().lastHeader("number").value()[0]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "all"})
    void acknowledgesAsAsked(String acks) {
        String topic = "acks-" + acks;
        clients.createTopic(topic, 1);
        boolean idempotent = acks.equals("all");
        try (KafkaProducer<String, String> producer = clients.producer(Map.of("acks", acks,
                "enable.idempotence", "" + idempotent))) {
            for (int index = 0; index < 20; index++) producer.send(new ProducerRecord<>(topic, "value "
                    + index));
        }

        org.awaitility.Awaitility.await().until(() -> clients.values(topic, 0, "read_uncommitted")
                .size() == 20);
    }

    @Test
    void refusesWhatCannotBe() throws Exception {
        clients.createTopic("compacted-keys", 1);
        try (Admin admin = clients.admin();
             KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            assertCause(TopicExistsException.class, () ->
                    admin.createTopics(List.of(new NewTopic("compacted-keys", 1, (short) 1))).all().get());
            assertCause(InvalidTopicException.class, () ->
                    admin.createTopics(List.of(new NewTopic("../outside", 1, (short) 1))).all().get());
            assertCause(InvalidConfigurationException.class, () ->
                    admin.createTopics(List.of(new NewTopic("odd", 1, (short) 1)
                    .configs(Map.of("no.such.config", "1")))).all().get());
            assertCause(RecordTooLargeException.class, () ->
                    producer.send(new ProducerRecord<>("compacted-keys", "x".repeat(2_000_000))).get());
            assertCause(UnknownTopicOrPartitionException.class, () ->
                    admin.deleteTopics(List.of("never-made")).all().get());
        }
    }

    @Test
    void refusesARecordWithoutAKeyOnACompactedTopic() throws Exception {
        try (Admin admin = clients.admin();
             KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            admin.createTopics(List.of(new NewTopic("needs-keys", 1, (short) 1)
                    .configs(Map.of("cleanup.policy", "compact")))).all().get();

            producer.send(new ProducerRecord<>("needs-keys", "key", "value")).get();
            assertThrows(ExecutionException.class, () -> producer.send(new ProducerRecord<>("needs-keys",
                    null, "value")).get());
        }
    }

    @Test
    void growsConfiguresAndDeletesTopics() throws Exception {
        clients.createTopic("managed", 1);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "managed");
        try (Admin admin = clients.admin()) {
            admin.createPartitions(Map.of("managed", NewPartitions.increaseTo(3))).all().get();
            assertEquals(3, admin.describeTopics(List.of("managed")).allTopicNames().get().get("managed")
                    .partitions().size());

            admin.incrementalAlterConfigs(Map.of(resource,
                    List.of(new AlterConfigOp(new ConfigEntry("retention.ms", "1234"),
                    AlterConfigOp.OpType.SET)))).all().get();
            assertEquals("1234", admin.describeConfigs(List.of(resource)).all().get().get(resource)
                    .get("retention.ms").value());

            try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
                producer.send(new ProducerRecord<>("managed", 2, "key", "before")).get();
            }
            admin.deleteTopics(List.of("managed")).all().get();
            assertTrue(!admin.listTopics().names().get().contains("managed"));
            clients.createTopic("managed", 3);
            assertEquals(List.of(), clients.values("managed", 2, "read_uncommitted"));
            assertEquals(1, admin.describeCluster().nodes().get().size());
        }
    }

    private static void assertCause(Class<? extends Throwable> expected,
            org.junit.jupiter.api.function.Executable call) {
        ExecutionException failure = assertThrows(ExecutionException.class, call);
        assertTrue(expected.isInstance(failure.getCause()), () -> "expected " + expected.getSimpleName()
                + ", was " + failure.getCause());
    }
}

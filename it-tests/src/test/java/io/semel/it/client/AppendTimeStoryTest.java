package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose time records carry, and which times are taken (KIP-32, KIP-937), with real clients. */
class AppendTimeStoryTest {
    private static final long LONG_AGO = 1_000;
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private EngineUnderTest engine;
    private Clients clients;

    @BeforeEach
    void start() {
        engine = EngineUnderTest.inProcess();
        clients = new Clients(engine.bootstrap());
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void carriesTheTimeOfAppending() throws Exception {
        create(Map.of("message.timestamp.type", "LogAppendTime"));
        long beganMs = System.currentTimeMillis();
        for (String codec : List.of("none", "zstd", "gzip")) {
            try (KafkaProducer<String, String> producer = clients.producer(Map.of("compression.type", codec,
                    "transactional.id", codec))) {
                producer.initTransactions();
                producer.beginTransaction();
                RecordMetadata told = producer.send(new ProducerRecord<>("t", 0, LONG_AGO, "k", codec)).get();
                producer.commitTransaction();
                assertTrue(told.timestamp() >= beganMs, "told " + told.timestamp());
            }
        }

        List<ConsumerRecord<String, String>> records = clients.records("t", List.of(0), "read_committed");
        assertEquals(3, records.size());
        long last = beganMs;
        for (ConsumerRecord<String, String> record : records) {
            assertEquals(TimestampType.LOG_APPEND_TIME, record.timestampType());
            assertTrue(record.timestamp() >= last, record.timestamp() + " after " + last);
            last = record.timestamp();
        }
        try (Admin admin = clients.admin()) {
            long found = admin.listOffsets(Map.of(PARTITION, OffsetSpec.forTimestamp(beganMs)))
                    .partitionResult(PARTITION).get().offset();
            assertEquals(0, found);
            assertEquals(records.get(2).offset() + 1, admin.listOffsets(Map.of(PARTITION,
                    OffsetSpec.maxTimestamp())).partitionResult(PARTITION).get().offset()
                    + (lastIsMarker(admin) ? 0 : 1));
        }
    }

    /** The commit marker is younger than the last record, unless both came in one millisecond. */
    private static boolean lastIsMarker(Admin admin) throws Exception {
        var found = admin.listOffsets(Map.of(PARTITION, OffsetSpec.maxTimestamp()))
                .partitionResult(PARTITION).get();
        var end = admin.listOffsets(Map.of(PARTITION, OffsetSpec.latest())).partitionResult(PARTITION).get();
        return found.offset() == end.offset() - 1;
    }

    @Test
    void takesOverWhenTheTopicIsAltered() throws Exception {
        create(Map.of());
        send(LONG_AGO);
        alter("message.timestamp.type", "LogAppendTime");
        long beganMs = System.currentTimeMillis();
        send(LONG_AGO);

        List<ConsumerRecord<String, String>> records = clients.records("t", List.of(0), "read_committed");

        assertEquals(LONG_AGO, records.get(0).timestamp());
        assertEquals(TimestampType.CREATE_TIME, records.get(0).timestampType());
        assertTrue(records.get(1).timestamp() >= beganMs);
    }

    @Test
    void refusesTimesOutOfRange() throws Exception {
        create(Map.of("message.timestamp.before.max.ms", "60000"));
        long nowMs = System.currentTimeMillis();

        send(nowMs);
        refuses(nowMs - 120_000);
        refuses(nowMs + 7_200_000);
        alter("message.timestamp.after.max.ms", "9223372036854775807");
        send(nowMs + 7_200_000);
        alter("message.timestamp.type", "LogAppendTime");
        send(LONG_AGO);
    }

    private void refuses(long timestampMs) {
        Throwable refusal = assertThrows(ExecutionException.class, () -> send(timestampMs)).getCause();
        assertTrue(refusal instanceof InvalidTimestampException, refusal.toString());
        assertTrue(refusal.getMessage().contains("message.timestamp"), refusal.getMessage());
    }

    private void send(long timestampMs) throws Exception {
        try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            producer.send(new ProducerRecord<>("t", 0, timestampMs, "k", "v")).get();
        }
    }

    private void create(Map<String, String> configs) throws Exception {
        try (Admin admin = clients.admin()) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1).configs(configs))).all().get();
        }
    }

    private void alter(String name, String value) throws Exception {
        try (Admin admin = clients.admin()) {
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, "t"), List.of(
                    new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)))).all().get();
        }
    }
}

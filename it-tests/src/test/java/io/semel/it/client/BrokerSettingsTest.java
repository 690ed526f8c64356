package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;

/** Settings of the broker altered while it runs (KIP-226, checklist row A1). */
class BrokerSettingsTest {
    private static final ConfigResource NODE = new ConfigResource(ConfigResource.Type.BROKER, "1");
    private static final ConfigResource ALL = new ConfigResource(ConfigResource.Type.BROKER, "");
    private static final String KEY = "message.max.bytes";

    @Test
    void areInForceAtOnceSurviveARestartAndGiveWayToTheTopicsOwn() throws Exception {
        try (EngineUnderTest engine = EngineUnderTest.inProcess()) {
            Clients clients = new Clients(engine.bootstrap());
            clients.createTopic("plain", 1);
            clients.createTopic("own", 1);
            alter(clients, new ConfigResource(ConfigResource.Type.TOPIC, "own"), "max.message.bytes", "9000");
            alter(clients, ALL, KEY, "8000");
            alter(clients, NODE, KEY, "2000");

            assertRefused(clients, "plain");
            send(clients, "own");

            engine.restart();
            Clients again = new Clients(engine.bootstrap());
            assertRefused(again, "plain");
            ConfigEntry told = describe(again, new ConfigResource(ConfigResource.Type.TOPIC, "plain"))
                    .get("max.message.bytes");
            assertEquals("2000", told.value());
            assertEquals(ConfigSource.DYNAMIC_BROKER_CONFIG, told.source());
            assertEquals(List.of("2000", "8000", "1048588"),
                    told.synonyms().stream().map(ConfigEntry.ConfigSynonym::value).toList());

            alter(again, NODE, KEY, null);
            send(again, "plain");
            assertEquals(ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG, describe(again, NODE).get(KEY).source());
            alter(again, ALL, KEY, null);
            assertEquals(ConfigSource.DEFAULT_CONFIG, describe(again, NODE).get(KEY).source());
        }
    }

    @Test
    void areRefusedWhenTheyAreSetAtStartOrMakeNoSense() throws Exception {
        try (EngineUnderTest engine = EngineUnderTest.inProcess()) {
            Clients clients = new Clients(engine.bootstrap());

            String fixed = refusal(clients, NODE, "num.partitions", "3");
            assertTrue(fixed.contains("num.partitions") && fixed.contains("set at start"), fixed);
            assertTrue(refusal(clients, NODE, KEY, "many").contains(KEY));
            assertEquals("1", describe(clients, NODE).get("num.partitions").value());
        }
    }

    private static String refusal(Clients clients, ConfigResource resource, String key, String value) {
        ExecutionException refused = assertThrows(ExecutionException.class,
                () -> alter(clients, resource, key, value));
        assertInstanceOf(InvalidRequestException.class, refused.getCause());
        return refused.getCause().getMessage();
    }

    private static void alter(Clients clients, ConfigResource resource, String key, String value)
            throws Exception {
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry(key, value),
                value == null ? OpType.DELETE : OpType.SET);
        try (Admin admin = clients.admin()) {
            admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all().get();
        }
    }

    private static Config describe(Clients clients, ConfigResource resource) throws Exception {
        try (Admin admin = clients.admin()) {
            return admin.describeConfigs(List.of(resource), new DescribeConfigsOptions()
                    .includeSynonyms(true)).all().get().get(resource);
        }
    }

    private static void assertRefused(Clients clients, String topic) {
        ExecutionException refused = assertThrows(ExecutionException.class, () -> send(clients, topic));
        assertInstanceOf(RecordTooLargeException.class, refused.getCause());
    }

    private static void send(Clients clients, String topic) throws Exception {
        try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            producer.send(new ProducerRecord<>(topic, "x".repeat(4_000))).get();
        }
    }
}

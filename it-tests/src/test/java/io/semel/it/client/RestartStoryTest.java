package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.Engine;
import io.semel.broker.config.EngineConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What comes back after a stop, and after kill -9 of a broker process under load (FEATURES rows 1, 8, 31,
 * S3).
 */
@Tag("against-kafka")
class RestartStoryTest {
    @Test
    void everythingComesBackAfterACleanStop() throws Exception {
        try (EngineUnderTest engine = EngineUnderTest.inProcess()) {
            TopicPartition partition = new TopicPartition("kept", 0);
            Clients before = new Clients(engine.bootstrap());
            String topicId;
            long producerId;
            try (Admin admin = before.admin();
                 KafkaProducer<String, String> producer = before.transactional("keeper")) {
                admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)
                        .configs(Map.of("retention.ms", "99")))).all().get();
                topicId = admin.describeTopics(List.of("kept")).allTopicNames().get().get("kept").topicId()
                        .toString();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("kept", 0, null, "committed"));
                try (KafkaConsumer<String, String> consumer = before.consumer(Map.of("group.id",
                        "keepers"))) {
                    producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(1)),
                            consumer.groupMetadata());
                }
                producer.commitTransaction();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("kept", 0, null, "aborted"));
                producer.abortTransaction();
                producerId = admin.describeProducers(List.of(partition)).partitionResult(partition).get()
                        .activeProducers().get(0).producerId();
            }

            engine.restart();

            Clients after = new Clients(engine.bootstrap());
            try (Admin admin = after.admin();
                 KafkaProducer<String, String> producer = after.transactional("keeper");
                 KafkaProducer<String, String> fresh = after.producer(Map.of())) {
                assertEquals(topicId, admin.describeTopics(List.of("kept")).allTopicNames().get()
                        .get("kept").topicId().toString());
                assertEquals(List.of("committed"), after.values("kept", 0, "read_committed"));
                assertEquals(1L, admin.listConsumerGroupOffsets("keepers").partitionsToOffsetAndMetadata()
                        .get().get(partition).offset());
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("kept", 0, null, "again"));
                producer.commitTransaction();
                fresh.send(new ProducerRecord<>("kept", 0, null, "fresh")).get();
                Set<Long> ids = new java.util.TreeSet<>();
                admin.describeProducers(List.of(partition)).partitionResult(partition).get()
                        .activeProducers().forEach(one -> ids.add(one.producerId()));
                assertTrue(ids.contains(producerId) && ids.size() == 2, ids::toString);
            }
            assertEquals(List.of("committed", "again", "fresh"), after.values("kept", 0, "read_committed"));
        }
    }

    @Test
    void nothingAcknowledgedIsLostWhenTheProcessIsKilled(@TempDir Path directory) throws Exception {
        int kills = 3;
        try (BrokerProcess broker = BrokerProcess.start(directory)) {
            Clients clients = new Clients(broker.bootstrap());
            clients.createTopic("survivors", 2);
            int committed = 0;
            try (KafkaProducer<String, String> producer = clients.transactional("survivor")) {
                for (int kill = 0; kill < kills; kill++) {
                    for (int transaction = 0; transaction < 50; transaction++) {
                        producer.beginTransaction();
                        for (int partition = 0; partition < 2; partition++) {
                            producer.send(new ProducerRecord<>("survivors", partition, null, "value "
                                    + committed));
                        }
                        if (transaction == 25) broker.killAndRestart();
                        producer.commitTransaction();
                        committed++;
                    }
                }
            }

            for (int partition = 0; partition < 2; partition++) {
                List<String> values = clients.values("survivors", partition, "read_committed");
                assertEquals(committed, values.size());
                for (int index = 0; index < committed; index++) assertEquals("value " + index,
                        values.get(index));
            }
            // Apache Kafka may skip the markers of what was prepared when it was killed (docs/checklist.md)
            try (KafkaConsumer<String, String> consumer = clients.consumer(Map.of("isolation.level",
                    "read_committed"))) {
                TopicPartition partition = new TopicPartition("survivors", 0);
                consumer.assign(List.of(partition));
                long stable = consumer.endOffsets(List.of(partition)).get(partition);
                int skipped = EngineUnderTest.isKafka() ? kills : 0;
                assertTrue(stable >= 2L * committed - skipped, () -> "stable offset " + stable);
            }
        }
    }

    @Test
    void aSecondBrokerOnTheSameDirectoryIsRefused(@TempDir Path directory) {
        try (Engine first = Engine.start(EngineConfig.in(directory, "127.0.0.1", 0))) {
            RuntimeException refused = assertThrows(RuntimeException.class, () ->
                    Engine.start(EngineConfig.in(directory, "127.0.0.1", 0)));

            assertTrue(refused.getMessage().contains(directory.toString()), refused::getMessage);
            assertTrue(first.port() > 0);
        }
    }
}

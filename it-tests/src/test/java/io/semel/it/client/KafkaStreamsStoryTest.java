package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.Stores;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Apache Kafka's own Streams library runs its word count exactly once against the engine (FEATURES row 61).
 */
class KafkaStreamsStoryTest {
    @Test
    void countsWordsExactlyOnce(@TempDir Path state) throws Exception {
        try (EngineUnderTest engine = EngineUnderTest.inProcess()) {
            Clients clients = new Clients(engine.bootstrap());
            clients.createTopic("lines", 2);
            clients.createTopic("counts", 2);
            Properties settings = new Properties();
            settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "word-count");
            settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, engine.bootstrap());
            settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
            settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
            settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
            settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
            StreamsBuilder builder = new StreamsBuilder();
            builder.<String, String>stream("lines").flatMapValues(line -> Arrays.asList(line.split(" ")))
                    .groupBy((key, word) -> word, Grouped.with(Serdes.String(), Serdes.String()))
                    .count(Materialized.<String, Long>as(Stores.inMemoryKeyValueStore("word-counts"))
                            .withKeySerde(Serdes.String()).withValueSerde(Serdes.Long()))
                    .toStream().to("counts", Produced.with(Serdes.String(), Serdes.Long()));
            try (KafkaStreams streams = new KafkaStreams(builder.build(), settings)) {
                streams.start();
                try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
                    for (int line = 0; line < 100; line++) {
                        producer.send(new ProducerRecord<>("lines", line % 2, null,
                                "the quick fox and the lazy dog " + line % 10));
                    }
                }

                Map<String, Long> counts = new HashMap<>();
                try (KafkaConsumer<String, Long> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers",
                        engine.bootstrap(),
                        "isolation.level", "read_committed", "auto.offset.reset", "earliest", "group.id",
                                "checker"),
                        new StringDeserializer(), new LongDeserializer())) {
                    consumer.subscribe(java.util.List.of("counts"));
                    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                        for (ConsumerRecord<String, Long> record
                                : consumer.poll(Duration.ofMillis(200))) counts.put(record.key(),
                                record.value());
                        return counts.getOrDefault("the", 0L) == 200L
                                && counts.getOrDefault("dog", 0L) == 100L && counts.size() == 16;
                    });
                }

                assertEquals(10L, counts.get("3"));
                streams.close(Duration.ofSeconds(20));
            }
        }
    }
}

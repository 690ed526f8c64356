package io.semel.embedded;

import io.semel.broker.Engine;
import io.semel.broker.config.EngineConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * A user's program: embeds the engine and talks to it with its own kafka-clients. Arguments: data directory.
 */
public final class EmbeddingProbe {
    private EmbeddingProbe() {
    }

    /** Prints one line that {@link EmbeddingTest} expects. */
    public static void main(String[] arguments) {
        try (Engine engine = Engine.start(EngineConfig.in(Path.of(arguments[0]), "127.0.0.1", 0))) {
            Map<String, Object> settings = Map.of("bootstrap.servers", engine.bootstrap(),
                    "transactional.id", "probe",
                    "compression.type", "zstd");
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings,
                    new StringSerializer(), new StringSerializer())) {
                producer.initTransactions();
                for (int round = 0; round < 3; round++) {
                    producer.beginTransaction();
                    producer.send(new ProducerRecord<>("probe", "value " + round));
                    if (round == 1) producer.abortTransaction();
                    else producer.commitTransaction();
                }
            }
            System.out.println("read " + read(engine.bootstrap()) + " with kafka-clients "
                    + AppInfoParser.getVersion());
        }
    }

    private static String read(String bootstrap) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "isolation.level",
                "read_committed", "auto.offset.reset", "earliest", "group.id", "probe");
        StringBuilder read = new StringBuilder();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings, new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition partition = new TopicPartition("probe", 0);
            consumer.subscribe(List.of("probe"));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.assignment().isEmpty() || consumer.position(partition) < end) {
                for (ConsumerRecord<String, String> record
                        : consumer.poll(Duration.ofMillis(200))) read.append('[').append(record.value())
                        .append(']');
            }
        }
        return read.toString();
    }
}

package io.semel.examples.start;

import io.semel.streams.Topic;
import io.semel.streams.run.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Runs an example on a broker: creates its topics, starts its topology, feeds its records, shows the results
 * as they come. Stateless; throws {@link IllegalStateException} if they do not come in time.
 */
final class Trial {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);

    private Trial() { }

    static void run(Example example, String bootstrap, Consumer<String> show) throws InterruptedException {
        createTopics(example.topics(), bootstrap);
        try (Running running = example.topology().start(bootstrap)) {
            if (!running.awaitRunning(PATIENCE)) {
                throw new IllegalStateException("the topology is not running, but " + running.state());
            }
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", bootstrap), new ByteArraySerializer(),
                    new ByteArraySerializer())) {
                String topic = "";
                for (Sample sample : example.samples()) {
                    if (!topic.equals(sample.topic())) {
                        producer.flush();
                        topic = sample.topic();
                    }
                    producer.send(sample.record());
                }
            }
            read(example.results(), example.resultCount(), bootstrap, show);
        }
    }

    private static void createTopics(List<String> names, String bootstrap) throws InterruptedException {
        List<NewTopic> topics = new ArrayList<>();
        names.forEach(name -> topics.add(new NewTopic(name, Optional.of(1), Optional.empty())));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            for (KafkaFuture<Void> created : admin.createTopics(topics).values().values()) {
                try {
                    created.get();
                } catch (ExecutionException failed) {
                    if (!(failed.getCause() instanceof TopicExistsException)) {
                        throw new IllegalStateException("cannot create topics at " + bootstrap + ": "
                            + failed.getCause().getMessage());
                    }
                }
            }
        }
    }

    private static <K, V> void read(Topic<K, V> topic, int count, String bootstrap, Consumer<String> show) {
        Deserializer<K> keys = topic.keySerde().deserializer();
        Deserializer<V> values = topic.valueSerde().deserializer();
        try (KafkaConsumer<K, V> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrap,
                "isolation.level", "read_committed", "auto.offset.reset", "earliest"), keys, values)) {
            TopicPartition only = new TopicPartition(topic.name(), 0);
            consumer.assign(List.of(only));
            int seen = 0;
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (seen < count) {
                for (ConsumerRecord<K, V> record : consumer.poll(POLL)) {
                    show.accept(record.key() + " = " + record.value());
                    seen++;
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("after " + PATIENCE.toSeconds() + " s there are " + seen
                        + " of " + count + " results in " + topic.name());
                }
            }
        }
    }
}

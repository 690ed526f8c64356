package io.semel.it.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What a check works with: a broker's address, names of its own, a directory. One thread. */
final class Scene {
    /** Not so old that retention removes it. */
    private static final long TIME_MS = System.currentTimeMillis() - 3_600_000;

    private final String bootstrap;
    private final Path directory;
    private final String name;
    private int names;

    Scene(String bootstrap, Path directory, String name) {
        this.bootstrap = bootstrap;
        this.directory = directory;
        this.name = name;
    }

    String bootstrap() {
        return bootstrap;
    }

    /** A name nobody else has: for topics, groups and transactional ids. */
    String fresh(String word) {
        return name + "-" + word + "-" + names++;
    }

    String topic(int partitions) throws Exception {
        return topic(partitions, Map.of());
    }

    String topic(int partitions, Map<String, String> configs) throws Exception {
        String topic = fresh("topic");
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configs))).all()
                    .get();
        }
        return topic;
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    /** Records {@code value 0} and so on to partition 0, a millisecond apart. */
    void produce(String topic, int count) {
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            for (int index = 0; index < count; index++) {
                producer.send(new ProducerRecord<>(topic, 0, TIME_MS + index, "key " + index, "value "
                        + index));
            }
        }
    }

    KafkaProducer<String, String> producer(Map<String, Object> settings) {
        Map<String, Object> all = new java.util.HashMap<>(settings);
        all.put("bootstrap.servers", bootstrap);
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }

    /** What a reader of committed records finds in partition 0. */
    List<String> values(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers",
                bootstrap,
                "isolation.level", "read_committed", "auto.offset.reset", "earliest"),
                new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    values.add(record.value());
                }
            }
        }
        return values;
    }

    Tool.Outcome run(String tool, Object... arguments) {
        return Tool.of(tool, arguments).run();
    }

    /** As {@link #run}, with the address in front. */
    Tool.Outcome at(String tool, Object... arguments) {
        return tool(tool, arguments).run();
    }

    Tool tool(String tool, Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("--bootstrap-server", bootstrap));
        all.addAll(List.of(arguments));
        return Tool.of(tool, all.toArray());
    }

    Path file(String fileName, String text) throws IOException {
        Path file = path(fileName);
        return Files.writeString(file, text);
    }

    Path path(String fileName) throws IOException {
        return Files.createDirectories(directory.resolve(name)).resolve(fileName);
    }
}

package io.semel.it.kit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Real clients with short back-offs, so that tests of faults do not spend their time asleep. One thread. */
public final class Workbench {
    private static final Map<String, Object> QUICK = Map.of("reconnect.backoff.ms", "5",
            "reconnect.backoff.max.ms", "50", "retry.backoff.ms", "5", "retry.backoff.max.ms", "50");

    private final String bootstrap;

    private Workbench(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    public static Workbench at(String bootstrap) {
        return new Workbench(bootstrap);
    }

    /** @param settings names and values in turn */
    public KafkaProducer<String, String> producer(String clientId, Object... settings) {
        return new KafkaProducer<>(all(clientId, settings), new StringSerializer(), new StringSerializer());
    }

    /** Its client id is its transactional id. */
    public KafkaProducer<String, String> transactional(String id, Object... settings) {
        List<Object> more = new ArrayList<>(List.of("transactional.id", id));
        more.addAll(Arrays.asList(settings));
        KafkaProducer<String, String> producer = producer(id, more.toArray());
        try {
            producer.initTransactions();
        } catch (RuntimeException failure) {
            producer.close(Duration.ZERO);
            throw failure;
        }
        return producer;
    }

    public KafkaConsumer<String, String> consumer(String clientId, Object... settings) {
        Map<String, Object> all = all(clientId, settings);
        all.putIfAbsent("auto.offset.reset", "earliest");
        all.putIfAbsent("isolation.level", "read_committed");
        return new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer());
    }

    public Admin admin() {
        return Admin.create(all("admin"));
    }

    public TopicPartition topic(String name) {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
        } catch (InterruptedException | ExecutionException failed) {
            throw new AssertionError("cannot create " + name, failed);
        }
        return new TopicPartition(name, 0);
    }

    /** What a read-committed reader sees of a partition, from its beginning to its stable end. */
    public List<String> values(TopicPartition partition) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer("reader", "fetch.max.wait.ms", 10)) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }

    private Map<String, Object> all(String clientId, Object... settings) {
        Map<String, Object> all = new LinkedHashMap<>(QUICK);
        all.put("bootstrap.servers", bootstrap);
        all.put("client.id", clientId);
        for (int index = 0; index < settings.length; index += 2) {
            all.put((String) settings[index], settings[index + 1]);
        }
        return all;
    }
}

package io.semel.streams.tools;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The cluster that a command talks to, and the few questions all commands ask. One thread; throws {@link
 * ToolFailure} with a sentence for the user when the cluster does not answer or does not know a topic.
 */
final class Cluster implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private final Map<String, Object> settings = new TreeMap<>();
    private final String bootstrap;
    private final Admin admin;

    Cluster(String bootstrap, Properties more) {
        this.bootstrap = bootstrap;
        more.stringPropertyNames().forEach(name -> settings.put(name, more.getProperty(name)));
        settings.put("bootstrap.servers", bootstrap);
        settings.putIfAbsent("default.api.timeout.ms", 10_000);
        settings.putIfAbsent("request.timeout.ms", 5_000);
        try {
            this.admin = Admin.create(settings);
        } catch (RuntimeException refused) {
            throw new ToolFailure("cannot use --bootstrap-server " + bootstrap + ": " + root(refused));
        }
    }

    Admin admin() {
        return admin;
    }

    /** The answer, or a sentence for the user. */
    <T> T ask(String what, KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException failed) {
            throw new ToolFailure("cannot " + what + " at " + bootstrap + ": " + root(failed));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new ToolFailure("interrupted");
        }
    }

    List<TopicPartition> partitions(String topic) {
        try {
            List<TopicPartition> partitions = new ArrayList<>();
            admin.describeTopics(List.of(topic)).topicNameValues().get(topic).get().partitions()
                    .forEach(one -> partitions.add(new TopicPartition(topic, one.partition())));
            return partitions;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new ToolFailure("there is no topic '" + topic + "' at " + bootstrap);
            }
            throw new ToolFailure("cannot reach " + bootstrap + ": " + root(failed));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new ToolFailure("interrupted");
        }
    }

    /** The ends up to which every transaction is decided. */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.latest());
    }

    Map<TopicPartition, Long> starts(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.earliest());
    }

    private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> asked = new LinkedHashMap<>();
        partitions.forEach(one -> asked.put(one, spec));
        ListOffsetsResult answers =
                admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
        Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        asked.keySet().forEach(one ->
                offsets.put(one, ask("read the offsets of " + one, answers.partitionResult(one)).offset()));
        return offsets;
    }

    /** What a reader is shown, and says whether it wants more. */
    interface Visitor {
        boolean wantsMoreThan(ConsumerRecord<byte[], byte[]> record);
    }

    /** Shows the committed records of {@code from} up to the ends they have now, partition by partition. */
    void read(Map<TopicPartition, Long> from, Visitor visitor) {
        Map<TopicPartition, Long> ends = ends(from.keySet());
        Map<TopicPartition, Long> starts = starts(from.keySet());
        try (Consumer<byte[], byte[]> reader = reader()) {
            for (TopicPartition partition : from.keySet()) {
                reader.assign(List.of(partition));
                reader.seek(partition, Math.max(from.get(partition), starts.get(partition)));
                if (!readOne(reader, partition, ends.get(partition), visitor)) {
                    return;
                }
            }
        }
    }

    private static boolean readOne(Consumer<byte[], byte[]> reader, TopicPartition partition, long end,
                                   Visitor visitor) {
        while (reader.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                if (record.offset() < end && !visitor.wantsMoreThan(record)) {
                    return false;
                }
            }
        }
        return true;
    }

    Consumer<byte[], byte[]> reader() {
        Map<String, Object> reading = new TreeMap<>(settings);
        reading.put("isolation.level", "read_committed");
        reading.put("enable.auto.commit", false);
        reading.put("auto.offset.reset", "earliest");
        reading.put("allow.auto.create.topics", false);
        return new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Offsets of a group that nobody is a member of. */
    ConsumerGroupMetadata membership(String group) {
        Map<String, Object> reading = new TreeMap<>(settings);
        reading.put("group.id", group);
        try (Consumer<byte[], byte[]> nobody = new KafkaConsumer<>(reading, new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            return nobody.groupMetadata();
        }
    }

    Producer<byte[], byte[]> producer(String transactionalId) {
        Map<String, Object> writing = new TreeMap<>(settings);
        writing.remove("default.api.timeout.ms");
        writing.put("max.block.ms", 10_000);
        writing.put("transactional.id", transactionalId);
        writing.put("acks", "all");
        return new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static String root(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}

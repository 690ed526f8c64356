package io.semel.it.tools;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * A user's program that does a little of everything, in a JVM of its own beside the kafka-clients it is
 * started with: it calls only what kafka-clients 2.8 has. Prints {@code RIGHT} when all it read back is what
 * it wrote. One thread.
 */
final class RoundTrip {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int RECORDS_A_CODEC = 4;
    /** By name: the classes have other parents from version to version. */
    private static final List<String> FENCED = List.of("ProducerFencedException",
            "InvalidProducerEpochException");

    private final String bootstrap;
    private final String name;
    private final String groupProtocol;

    private RoundTrip(String bootstrap, String name, String groupProtocol) {
        this.bootstrap = bootstrap;
        this.name = name;
        this.groupProtocol = groupProtocol;
    }

    /** Arguments: address, a name of its own, the group protocol, the version that is to be tried. */
    public static void main(String[] arguments) throws Exception {
        same(arguments[3], AppInfoParser.getVersion(), "version");
        new RoundTrip(arguments[0], arguments[1], arguments[2]).run();
        System.out.println("RIGHT");
    }

    private void run() throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(name + "-in", 1, (short) 1),
                    new NewTopic(name + "-out", 1, (short) 1))).all().get();
            List<String> sent = codecs();
            same(sent, values(name + "-in"), "what was sent with every codec");
            copy(sent.size());
            fence();
            same(sent, values(name + "-out"), "what was copied in transactions");
            TopicPartition in = new TopicPartition(name + "-in", 0);
            same((long) sent.size(), admin.listConsumerGroupOffsets(name).partitionsToOffsetAndMetadata()
                    .get().get(in).offset(), "the group's offset");
            same((long) sent.size(), admin.listOffsets(Map.of(in, OffsetSpec.latest())).all().get().get(in)
                    .offset(), "the end");
            admin.deleteConsumerGroups(List.of(name)).all().get();
            admin.deleteTopics(List.of(name + "-in", name + "-out")).all().get();
        }
    }

    private List<String> codecs() throws Exception {
        List<String> sent = new ArrayList<>();
        for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            try (KafkaProducer<String, String> producer = producer(Map.of("compression.type", codec,
                    "enable.idempotence", "true", "acks", "all"))) {
                for (int index = 0; index < RECORDS_A_CODEC; index++) {
                    sent.add(codec + index);
                    producer.send(new ProducerRecord<>(name + "-in", 0, "key", codec + index));
                }
            }
        }
        return sent;
    }

    /** Copies with offsets in transactions; every other transaction is aborted first. */
    private void copy(int count) {
        try (KafkaProducer<String, String> producer = transactional();
             KafkaConsumer<String, String> consumer = consumer(name)) {
            consumer.subscribe(List.of(name + "-in"));
            long untilNanos = System.nanoTime() + PATIENCE.toNanos();
            int copied = 0;
            while (copied < count) {
                if (System.nanoTime() > untilNanos) throw new AssertionError("copied only " + copied);
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    if (copied % 2 == 1) transaction(producer, consumer, record, false);
                    transaction(producer, consumer, record, true);
                    copied++;
                }
            }
        }
    }

    private void transaction(KafkaProducer<String, String> producer, KafkaConsumer<String, String> consumer,
            ConsumerRecord<String, String> record, boolean commit) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(name + "-out", 0, record.key(), record.value()));
        producer.sendOffsetsToTransaction(Map.of(new TopicPartition(record.topic(), 0),
                new OffsetAndMetadata(record.offset() + 1, Optional.empty(), "")), consumer.groupMetadata());
        if (commit) producer.commitTransaction();
        else producer.abortTransaction();
    }

    /** Who comes later under a transactional id fences who was there; since 4.0 its Produce is told so. */
    private void fence() {
        try (KafkaProducer<String, String> first = transactional();
             KafkaProducer<String, String> second = transactional()) {
            try {
                first.beginTransaction();
                first.send(new ProducerRecord<>(name + "-out", 0, "key", "of who is fenced"));
                first.commitTransaction();
                throw new AssertionError("the first producer was not fenced");
            } catch (KafkaException refusal) {
                if (!FENCED.contains(refusal.getClass().getSimpleName())) throw refusal;
                second.beginTransaction();
                second.send(new ProducerRecord<>(name + "-out", 0, "key", "aborted"));
                second.abortTransaction();
            }
        }
    }

    private List<String> values(String topic) {
        List<String> values = new ArrayList<>();
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = consumer(null)) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }

    private KafkaProducer<String, String> transactional() {
        KafkaProducer<String, String> producer = producer(Map.of("transactional.id", name));
        producer.initTransactions();
        return producer;
    }

    private KafkaProducer<String, String> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrap);
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }

    private KafkaConsumer<String, String> consumer(String group) {
        Map<String, Object> all = new HashMap<>(Map.of("bootstrap.servers", bootstrap,
                "isolation.level", "read_committed", "auto.offset.reset", "earliest",
                "enable.auto.commit", "false"));
        if (group != null) {
            all.put("group.id", group);
            if (!groupProtocol.equals("classic")) all.put("group.protocol", groupProtocol);
        }
        return new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer());
    }

    private static void same(Object expected, Object actual, String what) {
        if (!expected.equals(actual)) {
            throw new AssertionError(what + " is " + actual + " instead of " + expected);
        }
    }
}

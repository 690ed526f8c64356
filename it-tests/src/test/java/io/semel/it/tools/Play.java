package io.semel.it.tools;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Cases that whatever kafka-clients it is started with plays, one after the other: it calls only what
 * kafka-clients 2.8 has. Prints {@code right: C2} or {@code wrong: C2} with the reason for each. One thread.
 */
abstract class Play {
    /** By name: the classes have other parents from version to version. */
    static final List<String> FENCED = List.of("ProducerFencedException", "InvalidProducerEpochException");
    static final String COMMITTED = "read_committed";
    static final String UNCOMMITTED = "read_uncommitted";
    static final Duration PATIENCE = Duration.ofSeconds(60);

    final String bootstrap;
    final String name;
    final Admin admin;

    interface Case {
        /** @param topic a name that no other case has */
        void play(String topic) throws Exception;
    }

    /** @param name what nobody else who plays has, before the names of topics, groups and clients */
    Play(String bootstrap, String name, Admin admin) {
        this.bootstrap = bootstrap;
        this.name = name;
        this.admin = admin;
    }

    final void play(String number, Case story) {
        try {
            story.play(name + "-" + number);
            System.out.println("right: " + number);
        } catch (Exception | AssertionError wrong) {
            StringBuilder where = new StringBuilder();
            for (StackTraceElement step : wrong.getStackTrace()) {
                if (step.getClassName().startsWith(Play.class.getPackageName())) {
                    where.append(" at ").append(step.getFileName()).append(":").append(step.getLineNumber());
                }
            }
            System.out.println("wrong: " + number + " " + wrong + where);
        }
    }

    interface Asked {
        void run() throws Exception;
    }

    static void refused(List<String> names, Asked asked) throws Exception {
        try {
            asked.run();
        } catch (Exception failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (names.contains(cause.getClass().getSimpleName())) return;
            }
            throw failure;
        }
        throw new AssertionError("not refused with one of " + names);
    }

    static void same(Object expected, Object found) {
        if (Objects.equals(expected, found)) return;
        throw new AssertionError("expected " + expected + ", found " + found);
    }

    static List<String> numbered(String word, int count) {
        List<String> all = new ArrayList<>();
        for (int number = 0; number < count; number++) all.add(word + number);
        return all;
    }

    static void commit(KafkaProducer<String, String> producer,
            ProducerRecord<String, String> record) {
        producer.beginTransaction();
        producer.send(record);
        producer.commitTransaction();
    }

    static ProducerRecord<String, String> record(String topic, String value) {
        return new ProducerRecord<>(topic, 0, null, value);
    }

    void create(String topic, int partitions, Map<String, String> configs) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configs))).all().get();
    }

    final KafkaProducer<String, String> transactional(String id, String... settings) {
        List<String> all = new ArrayList<>(List.of("transactional.id", id, "linger.ms", "0"));
        all.addAll(List.of(settings));
        KafkaProducer<String, String> producer = producer(all.toArray(new String[0]));
        producer.initTransactions();
        return producer;
    }

    KafkaProducer<String, String> producer(String... settings) {
        return new KafkaProducer<>(all(settings), new StringSerializer(), new StringSerializer());
    }

    KafkaConsumer<String, String> consumer(String isolation, String... settings) {
        Map<String, Object> all = all(settings);
        all.put("isolation.level", isolation);
        all.put("auto.offset.reset", "earliest");
        all.put("enable.auto.commit", "false");
        // less than a transaction, so that reads end within one
        all.put("max.partition.fetch.bytes", "150");
        return new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer());
    }

    Map<String, Object> all(String... settings) {
        Map<String, Object> all = new HashMap<>(Map.of("bootstrap.servers", bootstrap));
        for (int index = 0; index < settings.length; index += 2) {
            all.put(settings[index], settings[index + 1]);
        }
        return all;
    }

    List<String> values(String topic, String isolation) {
        return values(new TopicPartition(topic, 0), isolation, 0);
    }

    List<String> values(TopicPartition partition, String isolation, long from) {
        List<String> values = new ArrayList<>();
        for (ConsumerRecord<String, String> record : records(partition, isolation, from)) {
            values.add(record.value());
        }
        return values;
    }

    List<ConsumerRecord<String, String>> records(TopicPartition partition, String isolation,
            long from) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(isolation)) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            long start = consumer.beginningOffsets(List.of(partition)).get(partition);
            consumer.seek(partition, Math.max(from, start));
            long giveUpNs = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(partition) < end && System.nanoTime() < giveUpNs) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    final long end(String topic, String isolation) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = consumer(isolation)) {
            return consumer.endOffsets(List.of(partition)).get(partition);
        }
    }

    static void await(String what, BooleanSupplier there) {
        long giveUpNs = System.nanoTime() + PATIENCE.toNanos();
        while (!there.getAsBoolean()) {
            if (System.nanoTime() > giveUpNs) throw new AssertionError("not in time: " + what);
        }
    }

    /** Records in turn over the partitions. */
    final void fill(String topic, int partitions, int count) throws Exception {
        create(topic, partitions, Map.of());
        try (KafkaProducer<String, String> producer = producer()) {
            for (int number = 0; number < count; number++) {
                producer.send(new ProducerRecord<>(topic, number % partitions, null, "value " + number));
            }
        }
    }

    static String next(KafkaConsumer<String, String> consumer) {
        List<ConsumerRecord<String, String>> found = new ArrayList<>();
        await("a record comes", () -> drain(consumer, found) > 0);
        return found.get(0).value();
    }

    static int drain(KafkaConsumer<String, String> consumer,
            List<ConsumerRecord<String, String>> found) {
        consumer.poll(Duration.ofMillis(100)).forEach(found::add);
        return found.size();
    }
}

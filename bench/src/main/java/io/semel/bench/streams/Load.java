package io.semel.bench.streams;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What a program under measurement is fed with and how its outputs are watched: a producer of its own and a
 * read_committed consumer that begins at the outputs' end. Owned by one thread, except that {@link #send} may
 * run on another.
 */
final class Load implements AutoCloseable {
    static final int PARTITIONS = 4;
    private static final int KEYS = 10_000;
    private final App.Spec spec;
    private final KafkaProducer<String, Long> producer;
    private final KafkaConsumer<String, Long> consumer;
    private final SplittableRandom random = new SplittableRandom(7);

    Load(App.Spec spec) {
        this.spec = spec;
        createTopics();
        this.producer = new KafkaProducer<>(Map.of("bootstrap.servers", spec.bootstrap(), "linger.ms", 0),
                new StringSerializer(), new LongSerializer());
        this.consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", spec.bootstrap(), "isolation.level",
                "read_committed"), new StringDeserializer(), new LongDeserializer());
        List<TopicPartition> outputs = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            outputs.add(new TopicPartition(spec.out(), partition));
        }
        consumer.assign(outputs);
        consumer.seekToBeginning(outputs);
    }

    private void createTopics() {
        List<NewTopic> topics = new ArrayList<>();
        for (String name : List.of(spec.in(), spec.out(), spec.name() + "-hop")) {
            topics.add(new NewTopic(name, PARTITIONS, (short) 1));
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", spec.bootstrap()))) {
            admin.createTopics(topics).all().get();
        } catch (ExecutionException | InterruptedException failed) {
            throw new IllegalStateException("topics of " + spec.name(), failed);
        }
    }

    /** Sends at a steady rate; each value is the time at which its record was due, sent or not. */
    void send(int perSecond, Duration howLong) {
        long begun = System.nanoTime();
        long count = perSecond * howLong.toMillis() / 1000;
        for (long i = 0; i < count; i++) {
            long dueNs = begun + i * 1_000_000_000L / perSecond;
            while (System.nanoTime() < dueNs) {
                LockSupport.parkNanos(Math.min(200_000, dueNs - System.nanoTime()));
            }
            producer.send(new ProducerRecord<>(spec.in(), "k" + random.nextInt(KEYS), dueNs));
        }
        producer.flush();
    }

    /** Sends {@code count} records of as many keys, then a last one to each partition. */
    void fill(int count) {
        for (int i = 0; i < count; i++) {
            producer.send(new ProducerRecord<>(spec.in(), "key-" + i, (long) i));
        }
        for (int partition = 0; partition < PARTITIONS; partition++) {
            producer.send(new ProducerRecord<>(spec.in(), partition, "last-" + partition, -1L));
        }
        producer.flush();
    }

    /** Sends one record, due now. */
    void probe() {
        producer.send(new ProducerRecord<>(spec.in(), "k" + random.nextInt(KEYS), System.nanoTime()));
    }

    /** Waits until all that {@link #fill} sent has come through; how long the second half of it took. */
    double secondsOfLastHalf(int count, Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        long half = 0;
        for (int seen = 0; seen < count + PARTITIONS;) {
            seen += consumer.poll(Duration.ofMillis(100)).count();
            if (half == 0 && seen >= count / 2) half = System.nanoTime();
            if (System.nanoTime() > end) {
                throw new IllegalStateException(spec.name() + " did not come to the end in " + wait);
            }
        }
        return (System.nanoTime() - half) / 1e9;
    }

    /** The first output whose input was due after {@code sinceNs}; -1 if none comes in time. */
    long awaitDueAfter(long sinceNs, Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        long nextProbeNs = 0;
        while (System.nanoTime() < end) {
            if (System.nanoTime() > nextProbeNs) {
                probe();
                nextProbeNs = System.nanoTime() + 20_000_000;
            }
            for (ConsumerRecord<String, Long> record : consumer.poll(Duration.ofMillis(5))) {
                if (record.value() > sinceNs) {
                    return System.nanoTime();
                }
            }
        }
        return -1;
    }

    /** Takes outputs until {@code untilNs} and records how late those due in [sinceNs, untilNs) came. */
    Histogram latencies(long sinceNs, long untilNs, Duration patience) {
        Histogram late = new Histogram(TimeUnit.MINUTES.toMicros(5), 3);
        long end = untilNs + patience.toNanos();
        while (System.nanoTime() < end) {
            for (ConsumerRecord<String, Long> record : consumer.poll(Duration.ofMillis(20))) {
                long nowNs = System.nanoTime();
                if (record.value() >= sinceNs && record.value() < untilNs) {
                    late.recordValue(TimeUnit.NANOSECONDS.toMicros(Math.max(0, nowNs - record.value())));
                }
            }
        }
        return late;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
        consumer.close();
    }
}

package io.semel.bench.streams;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What a program under measurement is fed with and how its outputs are watched: a producer of its own and a
 * read_committed consumer that begins at the outputs' start. A header that programs hand on carries the time
 * at which a record was due. Owned by one thread, except that {@link #send} may run on another.
 */
final class Load implements AutoCloseable {
    static final int PARTITIONS = 4;
    private static final int KEYS = 10_000;
    private static final int WORDS_A_LINE = 5;
    private static final String DUE = "due";
    /** As many marks behind each part of a fill that every partition behind a hop gets some. */
    private static final int MARKS = 32;
    private static final Duration SETTLING = Duration.ofSeconds(10);
    private final App.Spec spec;
    private final KafkaProducer<String, String> producer;
    private final KafkaConsumer<String, Long> consumer;
    private final SplittableRandom random = new SplittableRandom(7);
    private final AtomicReference<Exception> failed = new AtomicReference<>();

    /** When {@link #fill}'s half and its end had come through, and how many outputs there were. */
    record Passed(long halfNs, long endNs, long outputs) {
    }

    Load(App.Spec spec) {
        this.spec = spec;
        createTopics();
        this.producer = new KafkaProducer<>(Map.of("bootstrap.servers", spec.bootstrap(), "linger.ms", 0),
                new StringSerializer(), new StringSerializer());
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
        for (String name : List.of(spec.in(), spec.out(), spec.hop())) {
            topics.add(new NewTopic(name, PARTITIONS, (short) 1));
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", spec.bootstrap()))) {
            admin.createTopics(topics).all().get();
            // Apache Kafka answers before its partitions lead, and refuses who comes early.
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            for (NewTopic topic : topics) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    ends.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
                }
            }
            admin.listOffsets(ends).all().get();
        } catch (ExecutionException | InterruptedException failed) {
            throw new IllegalStateException("topics of " + spec.name(), failed);
        }
    }

    /** Sends at a steady rate; each header has the time at which its record was due, sent or not. */
    void send(int perSecond, Duration howLong) {
        long begun = System.nanoTime();
        long count = perSecond * howLong.toMillis() / 1000;
        for (long i = 0; i < count; i++) {
            long dueNs = begun + i * 1_000_000_000L / perSecond;
            while (System.nanoTime() < dueNs) {
                LockSupport.parkNanos(Math.min(200_000, dueNs - System.nanoTime()));
            }
            send(null, key(), dueNs);
        }
        flush();
    }

    /** Makes state: a record for each of {@code keys} keys. */
    void fillKeys(int keys) {
        for (int i = 0; i < keys; i++) {
            send(null, "key-" + i, 0);
        }
        marks("half");
        marks("end");
        flush();
    }

    /** Sends {@code count} records of a few thousand keys, with marks in the middle and at the end. */
    void fill(int count) {
        for (int i = 0; i < count; i++) {
            if (i == count / 2) marks("half");
            send(null, key(), 0);
        }
        marks("end");
        flush();
    }

    /** Sends one record, due now. */
    void probe() {
        send(null, key(), System.nanoTime());
    }

    private String key() {
        return "k" + random.nextInt(KEYS);
    }

    private void send(Integer partition, String key, long dueNs) {
        send(partition, key, spec.program() == Program.WORDS ? line() : "a record like another", dueNs);
    }

    private void send(Integer partition, String key, String value, long dueNs) {
        ProducerRecord<String, String> record = new ProducerRecord<>(spec.in(), partition, key, value);
        record.headers().add(DUE, ByteBuffer.allocate(Long.BYTES).putLong(dueNs).array());
        producer.send(record, (sent, failure) -> {
            if (failure != null) failed.compareAndSet(null, failure);
        });
    }

    private void flush() {
        producer.flush();
        if (failed.get() != null) {
            throw new IllegalStateException("records for " + spec.name() + " were not taken", failed.get());
        }
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < WORDS_A_LINE; i++) {
            line.append(i == 0 ? "" : " ").append(key());
        }
        return line.toString();
    }

    /** Behind all that was sent to each partition. */
    private void marks(String name) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            if (spec.program() == Program.COUNT) {
                send(partition, name + "-" + partition, "a mark", 0);
                continue;
            }
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < MARKS; i++) {
                line.append(i == 0 ? "" : " ").append(name).append('-').append(partition).append('-')
                        .append(i);
            }
            send(partition, "mark", line.toString(), 0);
        }
    }

    private int marksExpected() {
        return spec.program() == Program.COUNT ? PARTITIONS : PARTITIONS * MARKS;
    }

    /** What all counts come to when {@code records} and both kinds of marks have been counted. */
    long sumExpected(int records) {
        return (spec.program() == Program.COUNT ? (long) records : (long) records * WORDS_A_LINE)
                + 2L * marksExpected();
    }

    /**
     * Waits until all that a fill sent has come through, then for the last of other partitions' outputs;
     * throws if counts do not come to {@code sum}. {@code half} is run when the first half has come through.
     */
    Passed passed(long sum, Duration wait, Runnable half) {
        long end = System.nanoTime() + wait.toNanos();
        Map<String, Long> counts = new HashMap<>();
        Set<String> halves = new HashSet<>();
        Set<String> ends = new HashSet<>();
        long halfNs = 0;
        long endNs = 0;
        long outputs = 0;
        while (endNs == 0 || sum(counts) != sum) {
            for (ConsumerRecord<String, Long> record : consumer.poll(Duration.ofMillis(20))) {
                outputs++;
                counts.put(record.key(), record.value());
                if (record.key().startsWith("half-")) halves.add(record.key());
                if (record.key().startsWith("end-")) ends.add(record.key());
            }
            if (halfNs == 0 && halves.size() == marksExpected()) {
                halfNs = System.nanoTime();
                half.run();
            }
            if (endNs == 0 && ends.size() == marksExpected()) {
                endNs = System.nanoTime();
                end = endNs + SETTLING.toNanos();
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException(spec.name() + (endNs == 0 ? " did not come to the end in "
                        + wait : " counted " + sum(counts) + " where " + sum + " were sent"));
            }
        }
        return new Passed(halfNs, endNs, outputs);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
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
                if (dueNs(record) > sinceNs) {
                    return System.nanoTime();
                }
            }
        }
        return -1;
    }

    /** Takes outputs until {@code untilNs} and records how late those due in [sinceNs, untilNs) came. */
    void latencies(long sinceNs, long untilNs, Duration patience, Histogram late) {
        long end = untilNs + patience.toNanos();
        while (System.nanoTime() < end) {
            for (ConsumerRecord<String, Long> record : consumer.poll(Duration.ofMillis(20))) {
                long nowNs = System.nanoTime();
                long dueNs = dueNs(record);
                if (dueNs >= sinceNs && dueNs < untilNs) {
                    late.recordValue(TimeUnit.NANOSECONDS.toMicros(Math.max(0, nowNs - dueNs)));
                }
            }
        }
    }

    private static long dueNs(ConsumerRecord<?, ?> record) {
        Header due = record.headers().lastHeader(DUE);
        return due == null ? 0 : ByteBuffer.wrap(due.value()).getLong();
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
        consumer.close();
    }
}

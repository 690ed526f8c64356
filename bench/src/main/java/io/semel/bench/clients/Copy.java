package io.semel.bench.clients;

import io.semel.bench.contender.Contender;
import io.semel.bench.turns.Figure;
import io.semel.bench.turns.Work;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Consume, transform, produce with plain clients, a transaction at least every ten milliseconds: from the
 * time an input was due to the time a read_committed consumer has its output. One thread feeds, one copies,
 * the caller's reads.
 */
final class Copy implements Work {
    static final Figure P50 = Figure.cost("p50 ms", 2);
    static final Figure P99 = Figure.cost("p99 ms", 2);
    static final Figure RECORDS = Figure.rate("records/s", 0);
    static final List<Figure> PACED = List.of(P99, P50);
    static final List<Figure> FLAT_OUT = List.of(RECORDS);

    private static final String IN = "copy-in", OUT = "copy-out";
    private static final int PARTITIONS = 4;
    private static final int SIZE = 100;
    private static final int READY_PER_SECOND = 150_000;
    private static final long PATIENCE_NS = TimeUnit.MINUTES.toNanos(2);
    private static final long COMMIT_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private final Contender contender;
    /** Records a second; 0: as many as there are. */
    private final int perSecond;
    private final KafkaProducer<byte[], byte[]> feed;
    private final KafkaConsumer<byte[], byte[]> outputs;
    private final Thread copier;
    private volatile boolean ended;
    private volatile boolean held;
    private volatile RuntimeException failed;

    Copy(Contender contender, int perSecond) {
        this.contender = contender;
        this.perSecond = perSecond;
        Topics.create(contender, IN, PARTITIONS);
        Topics.create(contender, OUT, PARTITIONS);
        this.feed = new KafkaProducer<>(Map.of("bootstrap.servers", contender.bootstrap(), "linger.ms",
                perSecond == 0 ? 5 : 0), new ByteArraySerializer(), new ByteArraySerializer());
        this.outputs = consumer("outputs");
        outputs.assign(Topics.partitions(OUT, PARTITIONS));
        outputs.seekToBeginning(outputs.assignment());
        this.copier = new Thread(() -> {
            try {
                copy();
            } catch (RuntimeException failure) {
                failed = failure;
            }
        }, "copier");
        copier.start();
    }

    private KafkaConsumer<byte[], byte[]> consumer(String group) {
        return new KafkaConsumer<>(Map.of("bootstrap.servers", contender.bootstrap(), "isolation.level",
                "read_committed", "group.id", group, "enable.auto.commit", false, "auto.offset.reset",
                "earliest", "max.poll.records", 5_000), new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** The program under measurement, as a careful user writes it. */
    private void copy() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("copier");
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers",
                        contender.bootstrap(), "transactional.id", "copier", "linger.ms", perSecond == 0 ? 5
                        : 0), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            consumer.assign(Topics.partitions(IN, PARTITIONS));
            consumer.seekToBeginning(consumer.assignment());
            while (!ended) {
                if (held) {
                    LockSupport.parkNanos(COMMIT_EVERY_NS);
                } else {
                    transaction(consumer, producer);
                }
            }
        }
    }

    private void transaction(KafkaConsumer<byte[], byte[]> consumer,
            KafkaProducer<byte[], byte[]> producer) {
        ConsumerRecords<byte[], byte[]> first = consumer.poll(Duration.ofMillis(100));
        if (first.isEmpty()) return;
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        producer.beginTransaction();
        long end = System.nanoTime() + COMMIT_EVERY_NS;
        for (ConsumerRecords<byte[], byte[]> records = first;;) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                producer.send(new ProducerRecord<>(OUT, record.partition(), null, record.value()));
            }
            records.nextOffsets().forEach(offsets::put);
            long left = end - System.nanoTime();
            if (left <= 0) break;
            records = consumer.poll(Duration.ofNanos(left));
        }
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        producer.commitTransaction();
    }

    @Override
    public Map<Figure, Double> run(Duration howLong) {
        return perSecond == 0 ? flatOut(howLong) : paced(howLong);
    }

    private Map<Figure, Double> paced(Duration howLong) {
        Histogram late = new Histogram(TimeUnit.MINUTES.toMicros(5), 3);
        long count = perSecond * howLong.toMillis() / 1_000;
        Thread feeder = new Thread(() -> {
            long begun = System.nanoTime();
            for (long number = 0; number < count; number++) {
                long dueNs = begun + number * 1_000_000_000L / perSecond;
                for (long left = dueNs - System.nanoTime(); left > 0; left = dueNs - System.nanoTime()) {
                    LockSupport.parkNanos(Math.min(200_000, left));
                }
                send(number, dueNs);
            }
            feed.flush();
        }, "feeder");
        feeder.start();
        read(count, late);
        return Map.of(P50, late.getValueAtPercentile(50) / 1e3, P99, late.getValueAtPercentile(99) / 1e3);
    }

    /** Records that lie ready, until the last has come out. */
    private Map<Figure, Double> flatOut(Duration howLong) {
        held = true;
        long count = READY_PER_SECOND * howLong.toMillis() / 1_000;
        for (long number = 0; number < count; number++) send(number, number);
        feed.flush();
        long begun = System.nanoTime();
        held = false;
        read(count, null);
        return Map.of(RECORDS, count / ((System.nanoTime() - begun) / 1e9));
    }

    private void send(long number, long stamp) {
        byte[] value = ByteBuffer.allocate(SIZE).putLong(stamp).array();
        feed.send(new ProducerRecord<>(IN, (int) (number % PARTITIONS), null, value));
    }

    /** Takes that many outputs. @param late of those that carry when they were due; null for the others */
    private void read(long count, Histogram late) {
        long patience = System.nanoTime() + PATIENCE_NS;
        for (long left = count; left > 0;) {
            // empty also when only markers came
            ConsumerRecords<byte[], byte[]> records = outputs.poll(Duration.ofSeconds(1));
            if (System.nanoTime() > patience) {
                throw new IllegalStateException(contender.name() + ": " + left + " outputs did not come",
                        failed);
            }
            left -= records.count();
            if (late == null) continue;
            long now = System.nanoTime();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                long due = ByteBuffer.wrap(record.value()).getLong();
                late.recordValue(TimeUnit.NANOSECONDS.toMicros(Math.max(0, now - due)));
            }
        }
    }

    @Override
    public void close() {
        ended = true;
        feed.close(Duration.ofSeconds(5));
        outputs.close();
        try {
            copier.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Topics.delete(contender, IN, OUT);
    }
}

package io.semel.bench.clients;

import io.semel.bench.contender.Contender;
import io.semel.bench.contender.Outside;
import io.semel.bench.turns.Figure;
import io.semel.bench.turns.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Transactions of one shape against one contender: commits a second and the time of a whole transaction. */
final class Transactions implements Work {
    static final Figure COMMITS = Figure.rate("commits/s", 0);
    static final Figure P50 = Figure.cost("p50 ms", 2);
    static final Figure P90 = Figure.cost("p90 ms", 2);
    static final Figure P99 = Figure.cost("p99 ms", 2);
    static final Figure CPU = Figure.cost("broker CPU ms", 3);
    static final List<Figure> FIGURES = List.of(COMMITS, P50, P90, P99, CPU);

    private static final String VALUE = "ten bytes.";

    private final Contender contender;
    private final Shape shape;
    private final String topic;
    private final List<KafkaProducer<String, String>> producers = new ArrayList<>();
    private final ExecutorService threads;
    private final ConsumerGroupMetadata group;

    Transactions(Contender contender, Shape shape) {
        this.contender = contender;
        this.shape = shape;
        this.topic = shape.name();
        this.threads = Executors.newFixedThreadPool(shape.producers());
        Topics.create(contender, topic, shape.partitions());
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers",
                contender.bootstrap(), "group.id", "bench"), new StringDeserializer(),
                new StringDeserializer())) {
            this.group = consumer.groupMetadata();
        }
        for (int number = 0; number < shape.producers(); number++) {
            KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers",
                    contender.bootstrap(), "transactional.id", topic + "-" + number), new StringSerializer(),
                    new StringSerializer());
            producer.initTransactions();
            producers.add(producer);
        }
    }

    @Override
    public Map<Figure, Double> run(Duration howLong) {
        Duration cpuBefore = Outside.cpu(contender.pid());
        long begun = System.nanoTime();
        List<Future<Histogram>> under = new ArrayList<>();
        for (int number = 0; number < producers.size(); number++) {
            KafkaProducer<String, String> producer = producers.get(number);
            int first = number;
            under.add(threads.submit(() -> commits(producer, first, begun + howLong.toNanos())));
        }
        Histogram times = histogram();
        for (Future<Histogram> each : under) times.add(done(each));
        double seconds = (System.nanoTime() - begun) / 1e9;
        double cpuMs = Outside.cpu(contender.pid()).minus(cpuBefore).toNanos() / 1e6;
        long commits = Math.max(1, times.getTotalCount());
        return Map.of(COMMITS, commits / seconds, P50, times.getValueAtPercentile(50) / 1e3, P90,
                times.getValueAtPercentile(90) / 1e3, P99, times.getValueAtPercentile(99) / 1e3, CPU,
                cpuMs / commits);
    }

    private Histogram commits(KafkaProducer<String, String> producer, int first, long end) {
        Histogram times = histogram();
        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            producer.beginTransaction();
            for (int record = 0; record < shape.records(); record++) {
                int partition = (first + record) % shape.partitions();
                producer.send(new ProducerRecord<>(topic, partition, "key", VALUE));
            }
            if (shape.withOffsets()) {
                producer.sendOffsetsToTransaction(Map.of(new TopicPartition(topic, 0),
                        new OffsetAndMetadata(1)), group);
            }
            producer.commitTransaction();
            times.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - now));
        }
        return times;
    }

    private static Histogram histogram() {
        return new Histogram(TimeUnit.SECONDS.toMicros(60), 3);
    }

    private Histogram done(Future<Histogram> commits) {
        try {
            return commits.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } catch (ExecutionException failure) {
            throw new IllegalStateException(contender.name() + ": " + failure.getCause().getMessage(),
                    failure.getCause());
        }
    }

    @Override
    public void close() {
        producers.forEach(producer -> producer.close(Duration.ofSeconds(5)));
        threads.shutdown();
        Topics.delete(contender, topic);
    }
}

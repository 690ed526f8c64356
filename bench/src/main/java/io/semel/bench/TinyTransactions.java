package io.semel.bench;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * One-record transactions back to back from one KafkaProducer with its defaults: commits per second and the
 * time of a commit.
 */
final class TinyTransactions implements AutoCloseable {
    /** One round of one contender. Times in microseconds. */
    record Result(double commitsPerSecond, long p50Us, long p90Us, long p99Us, double brokerCpuMsPerCommit) {
    }

    private static final String TOPIC = "tiny";

    private final Contender contender;
    private final KafkaProducer<String, String> producer;

    TinyTransactions(Contender contender) {
        this.contender = contender;
        this.producer = new KafkaProducer<>(Map.of("bootstrap.servers", contender.bootstrap(),
                "transactional.id", "tiny"),
                new StringSerializer(), new StringSerializer());
        producer.initTransactions();
    }

    Contender contender() {
        return contender;
    }

    /** Runs for this long. */
    Result run(Duration howLong) {
        Histogram times = new Histogram(TimeUnit.SECONDS.toMicros(60), 3);
        Duration cpuBefore = cpu();
        long begun = System.nanoTime();
        long end = begun + howLong.toNanos();
        long commits = 0;
        for (long now = begun; now < end; now = System.nanoTime()) {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC, "key", "value"));
            producer.commitTransaction();
            times.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - now));
            commits++;
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        double cpuMs = cpu().minus(cpuBefore).toNanos() / 1e6;
        return new Result(commits / seconds, times.getValueAtPercentile(50), times.getValueAtPercentile(90),
                times.getValueAtPercentile(99), cpuMs / Math.max(1, commits));
    }

    private Duration cpu() {
        return ProcessHandle.of(contender.pid()).flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        producer.close();
        contender.close();
    }
}

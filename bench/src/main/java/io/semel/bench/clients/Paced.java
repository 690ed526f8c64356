package io.semel.bench.clients;

import io.semel.bench.contender.Contender;
import io.semel.bench.contender.Outside;
import io.semel.bench.turns.Figure;
import io.semel.bench.turns.Work;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * An idempotent producer that sends at a steady rate without lingering: from the time a record was due to
 * its acknowledgement. Used by one thread.
 */
final class Paced implements Work {
    static final Figure P50 = Figure.cost("p50 ms", 2);
    static final Figure P99 = Figure.cost("p99 ms", 2);
    static final Figure CORES = Figure.cost("broker cores", 3);
    static final List<Figure> FIGURES = List.of(P50, P99, CORES);

    private static final String TOPIC = "paced";
    private static final int SIZE = 1_024;
    private final Contender contender;
    private final int perSecond;
    private final Payload payload = new Payload(SIZE);
    private final KafkaProducer<byte[], byte[]> producer;

    Paced(Contender contender, int perSecond) {
        this.contender = contender;
        this.perSecond = perSecond;
        Topics.create(contender, TOPIC, 1);
        this.producer = new KafkaProducer<>(Map.of("bootstrap.servers", contender.bootstrap(), "linger.ms",
                0), new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Map<Figure, Double> run(Duration howLong) {
        Histogram late = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(1), 3);
        Duration cpuBefore = Outside.cpu(contender.pid());
        long begun = System.nanoTime();
        long count = perSecond * howLong.toMillis() / 1_000;
        for (long number = 0; number < count; number++) {
            long dueNs = begun + number * 1_000_000_000L / perSecond;
            for (long left = dueNs - System.nanoTime(); left > 0; left = dueNs - System.nanoTime()) {
                LockSupport.parkNanos(Math.min(200_000, left));
            }
            producer.send(new ProducerRecord<>(TOPIC, 0, null, payload.value(number)), (sent, problem) ->
                    late.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - dueNs)));
        }
        producer.flush();
        double seconds = (System.nanoTime() - begun) / 1e9;
        double cpu = Outside.cpu(contender.pid()).minus(cpuBefore).toNanos() / 1e9;
        return Map.of(P50, late.getValueAtPercentile(50) / 1e3, P99, late.getValueAtPercentile(99) / 1e3,
                CORES, cpu / seconds);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        Topics.delete(contender, TOPIC);
    }
}

package io.semel.bench.clients;

import io.semel.bench.contender.Contender;
import io.semel.bench.contender.Outside;
import io.semel.bench.turns.Figure;
import io.semel.bench.turns.Work;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** An idempotent producer that sends as fast as it is let. Used by one thread. */
final class Produce implements Work {
    static final Figure MEGABYTES = Figure.rate("MB/s", 1);
    static final Figure RECORDS = Figure.rate("records/s", 0);
    static final Figure CPU = Figure.cost("broker CPU s/GB", 2);
    static final List<Figure> FIGURES = List.of(MEGABYTES, RECORDS, CPU);

    private static final String TOPIC = "produce";
    private final Contender contender;
    private final Payload payload;
    private final int size;
    private final int partitions;
    private final KafkaProducer<byte[], byte[]> producer;
    private long number;

    /** @param codec for {@code compression.type} */
    Produce(Contender contender, int size, int partitions, String codec) {
        this.contender = contender;
        this.size = size;
        this.partitions = partitions;
        this.payload = new Payload(size);
        Topics.create(contender, TOPIC, partitions);
        this.producer = new KafkaProducer<>(Map.of("bootstrap.servers", contender.bootstrap(),
                "compression.type", codec), new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Map<Figure, Double> run(Duration howLong) {
        AtomicReference<Exception> failed = new AtomicReference<>();
        long sentBefore = number;
        Duration cpuBefore = Outside.cpu(contender.pid());
        long begun = System.nanoTime();
        long end = begun + howLong.toNanos();
        while (System.nanoTime() < end) {
            producer.send(new ProducerRecord<>(TOPIC, (int) (number % partitions), null,
                    payload.value(number)), (sent, problem) -> {
                        if (problem != null) failed.set(problem);
                    });
            number++;
        }
        producer.flush();
        double seconds = (System.nanoTime() - begun) / 1e9;
        if (failed.get() != null) throw new IllegalStateException(contender.name(), failed.get());
        double cpu = Outside.cpu(contender.pid()).minus(cpuBefore).toNanos() / 1e9;
        double records = number - sentBefore;
        double megabytes = records * size / 1e6;
        return Map.of(MEGABYTES, megabytes / seconds, RECORDS, records / seconds, CPU, cpu / megabytes * 1e3);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        Topics.delete(contender, TOPIC);
    }
}

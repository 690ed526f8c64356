package io.semel.bench.clients;

import io.semel.bench.contender.Contender;
import io.semel.bench.contender.Outside;
import io.semel.bench.turns.Figure;
import io.semel.bench.turns.Work;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A read_committed consumer that reads the same transactions again and again, some of them aborted. Used by
 * one thread.
 */
final class Consume implements Work {
    static final Figure MEGABYTES = Figure.rate("MB/s delivered", 1);
    static final Figure CPU = Figure.cost("broker CPU s/GB", 3);
    static final List<Figure> FIGURES = List.of(MEGABYTES, CPU);

    private static final String TOPIC = "consume";
    private static final int SIZE = 1_024;
    private static final int RECORDS_PER_TRANSACTION = 1_000;
    private final Contender contender;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partition = Topics.partitions(TOPIC, 1);
    private final long committed;

    /** @param abortedPercent of the transactions @param megabytes written in all */
    Consume(Contender contender, int abortedPercent, int megabytes) {
        this.contender = contender;
        Topics.create(contender, TOPIC, 1);
        this.committed = write(abortedPercent, megabytes);
        this.consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", contender.bootstrap(),
                "isolation.level", "read_committed"), new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(partition);
    }

    private long write(int abortedPercent, int megabytes) {
        Payload payload = new Payload(SIZE);
        long visible = 0;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers",
                contender.bootstrap(), "transactional.id", TOPIC), new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            int transactions = (int) (megabytes * 1e6 / SIZE / RECORDS_PER_TRANSACTION);
            for (int number = 0; number < transactions; number++) {
                producer.beginTransaction();
                for (int record = 0; record < RECORDS_PER_TRANSACTION; record++) {
                    producer.send(new ProducerRecord<>(TOPIC, 0, null, payload.value(record)));
                }
                // spread evenly: the 10th, 20th, ... or every second one
                if ((number + 1) * abortedPercent / 100 > number * abortedPercent / 100) {
                    producer.flush();
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                    visible += RECORDS_PER_TRANSACTION;
                }
            }
        }
        return visible;
    }

    @Override
    public Map<Figure, Double> run(Duration howLong) {
        Duration cpuBefore = Outside.cpu(contender.pid());
        long begun = System.nanoTime();
        long bytes = 0;
        do {
            consumer.seekToBeginning(partition);
            for (long left = committed; left > 0;) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    bytes += record.value().length;
                    left--;
                }
            }
        } while (System.nanoTime() < begun + howLong.toNanos());
        double seconds = (System.nanoTime() - begun) / 1e9;
        double cpu = Outside.cpu(contender.pid()).minus(cpuBefore).toNanos() / 1e9;
        return Map.of(MEGABYTES, bytes / 1e6 / seconds, CPU, cpu / (bytes / 1e9));
    }

    @Override
    public void close() {
        consumer.close();
        Topics.delete(contender, TOPIC);
    }
}

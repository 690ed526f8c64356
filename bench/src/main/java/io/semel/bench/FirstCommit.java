package io.semel.bench;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The first transaction of a client at a broker that has just begun to answer. Stateless. */
final class FirstCommit {
    private static final String TOPIC = "first-commit";
    private static final int RETRY_MS = 10;
    private static final long PATIENCE_NS = 60_000_000_000L;

    private FirstCommit() {
    }

    /** Commits one record; @return when that was answered, by {@link System#nanoTime} */
    static long await(int port) {
        long end = System.nanoTime() + PATIENCE_NS;
        while (true) {
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers",
                    "127.0.0.1:" + port, "transactional.id", TOPIC, "retry.backoff.ms", RETRY_MS,
                    "reconnect.backoff.ms", RETRY_MS), new ByteArraySerializer(),
                    new ByteArraySerializer())) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(TOPIC, new byte[10])).get();
                producer.commitTransaction();
                return System.nanoTime();
            } catch (RetriableException | ExecutionException notYet) {
                if (System.nanoTime() > end) throw new IllegalStateException("no commit", notYet);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }

    /** One topic with so many. */
    static void createPartitions(int port, int count) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port))) {
            admin.createTopics(List.of(new NewTopic("many", count, (short) 1))).all().get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException("the topic of " + count + " partitions: " + failure.getMessage(),
                    failure);
        }
    }
}

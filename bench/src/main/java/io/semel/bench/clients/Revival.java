package io.semel.bench.clients;

import io.semel.bench.contender.Contender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A broker with much data and open transactions is killed with kill -9 and started again: from the start of
 * the new process to the first transaction that a new producer has committed on a partition of its own, and
 * on one where a transaction of before is open. One thread.
 */
public final class Revival {
    private static final String DATA = "revival";
    private static final int PARTITIONS = 8;
    private static final int SIZE = 1_024;
    private static final int OPEN = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Contender contender;

    public Revival(Contender contender) {
        this.contender = contender;
    }

    /** Fills it once, then kills it as often as asked and prints a line each. */
    public void run(int megabytes, int times) {
        Topics.create(contender, DATA, PARTITIONS);
        for (int round = 1; round <= times; round++) {
            fill(megabytes);
            List<KafkaProducer<byte[], byte[]>> open = begin(round);
            contender.kill9();
            open.forEach(producer -> producer.close(Duration.ZERO));
            long begun = System.nanoTime();
            contender.restart();
            double ready = secondsSince(begun);
            commit("revived-" + round);
            System.out.printf(Locale.ROOT, "%-14s kill %d of %d, %d MB written since the last, %d open "
                    + "transactions: serves after %.2f s, first commit after %.2f s%n", contender.name(),
                    round, times, megabytes, OPEN, ready, secondsSince(begun));
        }
        Topics.delete(contender, DATA);
    }

    private void fill(int megabytes) {
        Payload payload = new Payload(SIZE);
        try (KafkaProducer<byte[], byte[]> producer = producer("fill")) {
            producer.initTransactions();
            long records = megabytes * 1_000_000L / SIZE;
            int each = 5_000;
            for (long number = 0; number < records; number += each) {
                producer.beginTransaction();
                for (int at = 0; at < each; at++) {
                    producer.send(new ProducerRecord<>(DATA, at % PARTITIONS, null, payload.value(at)));
                }
                producer.commitTransaction();
            }
        }
    }

    /** Transactions that have written and will never end. */
    private List<KafkaProducer<byte[], byte[]>> begin(int round) {
        List<KafkaProducer<byte[], byte[]>> open = new ArrayList<>();
        for (int number = 0; number < OPEN; number++) {
            KafkaProducer<byte[], byte[]> producer = producer("open-" + round + "-" + number);
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(DATA, number % PARTITIONS, null, new byte[SIZE]));
            producer.flush();
            open.add(producer);
        }
        return open;
    }

    private void commit(String id) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (KafkaProducer<byte[], byte[]> producer = producer(id)) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(DATA, 0, null, new byte[SIZE])).get();
                producer.commitTransaction();
                return;
            } catch (RetriableException | ExecutionException notYet) {
                if (System.nanoTime() > end) throw new IllegalStateException(contender.name(), notYet);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", interrupted);
            }
        }
    }

    private KafkaProducer<byte[], byte[]> producer(String id) {
        return new KafkaProducer<>(Map.of("bootstrap.servers", contender.bootstrap(), "transactional.id", id,
                "max.block.ms", TimeUnit.SECONDS.toMillis(60)), new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static double secondsSince(long begunNs) {
        return (System.nanoTime() - begunNs) / 1e9;
    }
}

package io.semel.it.kit.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.kit.Workbench;
import io.semel.it.kit.check.Checker;
import io.semel.it.kit.check.Report;
import io.semel.it.kit.engine.Engine;
import io.semel.it.kit.engine.RunningEngine;
import io.semel.it.kit.faults.Fault;
import io.semel.it.kit.faults.Faults;
import io.semel.it.kit.faults.Via;
import io.semel.it.kit.history.Place;
import io.semel.it.kit.history.Recorder;
import io.semel.it.kit.history.Tape;
import io.semel.kernel.world.Saboteur;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Requests that a network delivers when their time is over (FAULTS C.4 rows 1 to 3): one EndTxn in twenty
 * behind the first record of the next transaction, over thousands of transactions; a Produce behind the end
 * of its own.
 */
class OutOfTimeTest {
    private static final boolean SOAK = Integer.getInteger("semel.scale", 1) > 1;
    private static final int ENOUGH = 250;
    private static final int TRANSACTIONS = SOAK ? 10_000 : ENOUGH;
    private static final int LATE_PRODUCES = SOAK ? 200 : 5;
    private static final long SEED = Long.getLong("semel.seed", 17754);

    /** By which way a late version 1 request comes: that of its own connection, as no proxy pools it. */
    @Engine
    @ParameterizedTest
    @CsvSource({"2, FRESH", "2, OWN", "1, OWN"})
    void tearNothingAmongThousandsOfTransactions(int transactionVersion, Via via, RunningEngine engine) {
        Report report = judged(engine, transactionVersion, via, TRANSACTIONS);

        assertTrue(report.isClean(), () -> "seed " + SEED + "\n" + report.text());
        engine.assertNoOpenTransactions();
    }

    @Test
    void tearTransactionsWhereWhatComesLateIsServed() {
        try (RunningEngine engine = RunningEngine.sabotaged(Saboteur.STALE_CONNECTION_SERVED)) {
            Report report = judged(engine, 1, Via.OWN, ENOUGH);

            assertFalse(report.isClean());
        }
    }

    private static Report judged(RunningEngine engine, int transactionVersion, Via via, int transactions) {
        String name = "late-" + transactionVersion + "-" + via;
        TopicPartition first = Workbench.at(engine.bootstrap()).topic(name + "-first");
        TopicPartition second = Workbench.at(engine.bootstrap()).topic(name + "-second");
        int late;
        try (Recorder recorder = Recorder.inMemory()) {
            try (Faults faults = Faults.before(engine.bootstrap(), SEED)
                    .offerTransactionVersion(transactionVersion)) {
                Fault ends = faults.on(ApiKeys.END_TXN).forClient(name).withProbability(0.05).beforeRequest()
                        .disconnectAndHoldUntil(faults.on(ApiKeys.PRODUCE).forClient(name), via);
                writes(faults.bootstrap(), recorder, name, List.of(first, second), transactions);
                late = ends.strikes();
            }
            reads(engine.bootstrap(), recorder, List.of(first, second));
            assertTrue(late >= transactions / 40, late + " were late");
            return Checker.check(recorder.history());
        }
    }

    /** A producer that was refused is replaced, as applications do. */
    private static void writes(String bootstrap, Recorder recorder, String id, List<TopicPartition> to,
            int transactions) {
        SplittableRandom random = new SplittableRandom(SEED);
        int done = 0;
        for (int life = 0; done < transactions; life++) {
            Tape tape = recorder.process(id + "-" + life);
            Producer<String, String> producer = tape.producer(Workbench.at(bootstrap).producer(id,
                    "transactional.id", id, "linger.ms", 0), id);
            try (producer) {
                producer.initTransactions();
                while (done < transactions) {
                    done++;
                    transacts(producer, to, done, random.nextInt(4) == 0);
                }
            } catch (KafkaException refused) {
                producer.close(Duration.ZERO);
            }
        }
    }

    private static void transacts(Producer<String, String> producer, List<TopicPartition> to, int number,
            boolean aborts) {
        producer.beginTransaction();
        for (TopicPartition one : to) {
            producer.send(new ProducerRecord<>(one.topic(), one.partition(), null, "value " + number + " to "
                    + one.topic()));
            producer.flush();
        }
        if (aborts) {
            producer.abortTransaction();
        } else {
            producer.commitTransaction();
        }
    }

    private static void reads(String bootstrap, Recorder recorder, List<TopicPartition> partitions) {
        Tape tape = recorder.process("reader");
        try (Consumer<String, String> reader = tape.consumer(Workbench.at(bootstrap).consumer("reader",
                "fetch.max.wait.ms", 10), true)) {
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
                reader.poll(Duration.ofMillis(100));
            }
        }
        recorder.drained("reader", partitions.stream()
                .map(partition -> new Place(partition.topic(), partition.partition())).toList());
    }

    @Engine
    @ParameterizedTest
    @CsvSource({"2, FRESH", "2, OWN", "1, OWN"})
    void openNothingBehindTheEndOfTheirTransaction(int transactionVersion, Via via, RunningEngine engine) {
        String id = "late-produce-" + transactionVersion + "-" + via;
        TopicPartition topic = Workbench.at(engine.bootstrap()).topic(id);
        List<String> committed = new ArrayList<>();
        try (Faults faults = Faults.before(engine.bootstrap()).offerTransactionVersion(transactionVersion);
                KafkaProducer<String, String> producer = Workbench.at(faults.bootstrap()).transactional(id,
                        "linger.ms", 0)) {
            for (int number = 0; number < LATE_PRODUCES; number++) {
                Fault late = faults.on(ApiKeys.PRODUCE).forClient(id).times(1).beforeRequest()
                        .disconnectAndHoldUntil(faults.on(ApiKeys.END_TXN).forClient(id), via);
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(id, 0, null, "value " + number));
                producer.commitTransaction();
                committed.add("value " + number);
                assertEquals(1, late.strikes());
            }
        }

        assertEquals(committed, Workbench.at(engine.bootstrap()).values(topic));
        assertEquals(end(engine, topic, "read_uncommitted"), end(engine, topic, "read_committed"));
        engine.assertNoOpenTransactions();
    }

    private static long end(RunningEngine engine, TopicPartition topic, String isolation) {
        try (Consumer<String, String> looker = Workbench.at(engine.bootstrap()).consumer("looker",
                "isolation.level", isolation)) {
            return looker.endOffsets(List.of(topic)).get(topic);
        }
    }
}

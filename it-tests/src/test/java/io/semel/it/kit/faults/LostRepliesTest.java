package io.semel.it.kit.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.it.kit.Workbench;
import io.semel.it.kit.engine.Engine;
import io.semel.it.kit.engine.RunningEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A reply lost after its request was applied costs nothing, whichever it is: no record lost or twice, no
 * offset wrong, and no client that gives up (FAULTS C.4 row 4; 100 times each under soak).
 */
@Engine
class LostRepliesTest {
    private static final int TIMES = Math.min(100, 10 * Integer.getInteger("semel.scale", 1));

    private record Round(int number, boolean aborts) {
        static Round of(int number) {
            return new Round(number, number % 3 == 2);
        }
    }

    @ParameterizedTest
    @CsvSource({"PRODUCE, 2", "TXN_OFFSET_COMMIT, 2", "END_TXN, 2", "PRODUCE, 1", "ADD_PARTITIONS_TO_TXN, 1",
        "ADD_OFFSETS_TO_TXN, 1", "TXN_OFFSET_COMMIT, 1", "END_TXN, 1"})
    void costsATransactionNothing(ApiKeys api, int transactionVersion, RunningEngine engine)
            throws Exception {
        String id = api + "-" + transactionVersion;
        TopicPartition topic = Workbench.at(engine.bootstrap()).topic(id);
        TopicPartition input = Workbench.at(engine.bootstrap()).topic(id + "-input");
        List<String> committed = new ArrayList<>();
        long offset = 0;
        try (Faults faults = Faults.before(engine.bootstrap()).offerTransactionVersion(transactionVersion)) {
            Workbench bench = Workbench.at(faults.bootstrap());
            try (KafkaProducer<String, String> producer = bench.transactional(id);
                    KafkaConsumer<String, String> consumer = bench.consumer(id + "-reader", "group.id", id)) {
                for (int number = 0; number < TIMES; number++) {
                    Round round = Round.of(number);
                    Fault lost = faults.on(api).forClient(id).times(1).afterAppend().dropReply();
                    producer.beginTransaction();
                    producer.send(new ProducerRecord<>(id, 0, null, "first of " + number));
                    producer.send(new ProducerRecord<>(id, 0, null, "second of " + number));
                    producer.sendOffsetsToTransaction(Map.of(input, new OffsetAndMetadata(number + 1)),
                            consumer.groupMetadata());
                    if (round.aborts) {
                        producer.flush();
                        producer.abortTransaction();
                    } else {
                        producer.commitTransaction();
                        committed.addAll(List.of("first of " + number, "second of " + number));
                        offset = number + 1;
                    }
                    assertEquals(1, lost.strikes(), faults::story);
                }
            }
        }

        assertEquals(committed, Workbench.at(engine.bootstrap()).values(topic));
        assertEquals(offset, committedOffset(engine, id, input));
        engine.assertNoOpenTransactions();
    }

    @Test
    void costsTheStartOfAProducerNothing(RunningEngine engine, Faults faults) {
        Workbench bench = Workbench.at(faults.bootstrap());
        TopicPartition topic = bench.topic("starts");
        List<String> committed = new ArrayList<>();
        for (int number = 0; number < TIMES; number++) {
            Fault lost = faults.on(ApiKeys.INIT_PRODUCER_ID).forClient("starter").times(1).afterAppend()
                    .dropReply();
            try (KafkaProducer<String, String> producer = bench.transactional("starter")) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("starts", 0, null, "value " + number));
                producer.commitTransaction();
                committed.add("value " + number);
            }
            assertEquals(1, lost.strikes(), faults::story);
        }

        assertEquals(committed, bench.values(topic));
        engine.assertNoOpenTransactions();
    }

    @Test
    void costsAnIdempotentProducerNothing(Faults faults) throws Exception {
        Workbench bench = Workbench.at(faults.bootstrap());
        TopicPartition topic = bench.topic("plain");
        List<String> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = bench.producer("plain")) {
            for (int number = 0; number < TIMES; number++) {
                Fault lost = faults.on(ApiKeys.PRODUCE).forClient("plain").times(1).afterAppend().dropReply();
                for (int record = 0; record < 50; record++) {
                    sent.add("value " + number + " " + record);
                    producer.send(new ProducerRecord<>("plain", 0, null, sent.get(sent.size() - 1)));
                }
                producer.flush();
                assertEquals(1, lost.strikes(), faults::story);
            }
        }

        assertEquals(sent, bench.values(topic));
    }

    @Test
    void costsACommittedOffsetNothing(RunningEngine engine, Faults faults) throws Exception {
        Workbench bench = Workbench.at(faults.bootstrap());
        TopicPartition topic = bench.topic("read");
        try (KafkaConsumer<String, String> consumer = bench.consumer("committer", "group.id", "committers")) {
            consumer.assign(List.of(topic));
            for (int number = 1; number <= TIMES; number++) {
                Fault lost = faults.on(ApiKeys.OFFSET_COMMIT).forClient("committer").times(1).afterAppend()
                        .dropReply();

                consumer.commitSync(Map.of(topic, new OffsetAndMetadata(number)));

                assertEquals(1, lost.strikes(), faults::story);
                assertEquals(number, committedOffset(engine, "committers", topic));
            }
        }
    }

    private static long committedOffset(RunningEngine engine, String group, TopicPartition partition)
            throws Exception {
        try (var admin = Workbench.at(engine.bootstrap()).admin()) {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().get(partition)
                    .offset();
        }
    }
}

package io.semel.it.kit.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.it.kit.Workbench;
import io.semel.it.kit.engine.Engine;
import io.semel.it.kit.engine.RunningEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A reply lost after its request was applied costs nothing, whichever it is, nor does a request that comes
 * twice: no record lost or twice, no offset wrong, and no client that gives up (FAULTS C.4 rows 4 and 5; 100
 * times each under soak).
 */
@Engine
class LostRepliesTest {
    private static final int TIMES = Integer.getInteger("semel.scale", 1) > 1 ? 100 : 5;

    /** What the network does to a request that the broker applies. */
    enum How {
        LOST {
            @Override
            Fault to(Calls calls) {
                return calls.afterAppend().dropReply();
            }
        },
        DOUBLED {
            @Override
            Fault to(Calls calls) {
                return calls.beforeRequest().duplicate();
            }
        },
        DOUBLED_LATER {
            @Override
            Fault to(Calls calls) {
                return calls.afterAppend().duplicate();
            }
        };

        abstract Fault to(Calls calls);
    }

    private record Round(int number, boolean aborts) {
        static Round of(int number) {
            return new Round(number, number % 3 == 2);
        }
    }

    static Stream<Arguments> requests() {
        Map<Integer, List<ApiKeys>> apis = Map.of(2, List.of(ApiKeys.PRODUCE, ApiKeys.TXN_OFFSET_COMMIT,
                ApiKeys.END_TXN), 1, List.of(ApiKeys.PRODUCE, ApiKeys.ADD_PARTITIONS_TO_TXN,
                ApiKeys.ADD_OFFSETS_TO_TXN, ApiKeys.TXN_OFFSET_COMMIT, ApiKeys.END_TXN));
        return Stream.of(How.values()).flatMap(how -> Stream.of(2, 1).flatMap(version -> apis.get(version)
                .stream().map(api -> Arguments.of(api, version, how))));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void costsATransactionNothing(ApiKeys api, int transactionVersion, How how, RunningEngine engine)
            throws Exception {
        String id = api + "-" + transactionVersion + "-" + how;
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
                    Fault lost = how.to(faults.on(api).forClient(id).times(1));
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
        TopicPartition topic = Workbench.at(engine.bootstrap()).topic("starts-" + How.LOST);

        List<String> committed = starts(How.LOST, topic, faults);

        assertEquals(TIMES, committed.size());
        assertEquals(committed, Workbench.at(engine.bootstrap()).values(topic));
        engine.assertNoOpenTransactions();
    }

    /** Nothing tells the second one from another producer that takes the id: it may fence its own client. */
    @ParameterizedTest
    @EnumSource(names = {"DOUBLED", "DOUBLED_LATER"})
    void costsAStartThatComesTwiceNoMoreThanItsProducer(How how, RunningEngine engine, Faults faults) {
        TopicPartition topic = Workbench.at(engine.bootstrap()).topic("starts-" + how);
        List<String> committed = starts(how, topic, faults);
        faults.heal();

        try (KafkaProducer<String, String> heir = Workbench.at(engine.bootstrap()).transactional("starter")) {
            heir.beginTransaction();
            heir.send(new ProducerRecord<>(topic.topic(), 0, null, "of the heir"));
            heir.commitTransaction();
        }

        committed.add("of the heir");
        assertEquals(committed, Workbench.at(engine.bootstrap()).values(topic));
        engine.assertNoOpenTransactions();
    }

    /** @return what was committed, by producers that may be fenced and replaced */
    private static List<String> starts(How how, TopicPartition topic, Faults faults) {
        List<String> committed = new ArrayList<>();
        for (int number = 0; number < TIMES; number++) {
            Fault struck = how.to(faults.on(ApiKeys.INIT_PRODUCER_ID).forClient("starter").times(1));
            KafkaProducer<String, String> producer = Workbench.at(faults.bootstrap())
                    .transactional("starter");
            try (producer) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(topic.topic(), 0, null, "value " + number));
                producer.commitTransaction();
                committed.add("value " + number);
            } catch (KafkaException fenced) {
                producer.close(Duration.ZERO);
            }
            assertEquals(1, struck.strikes(), faults::story);
        }
        return committed;
    }

    @ParameterizedTest
    @EnumSource
    void costsAnIdempotentProducerNothing(How how, Faults faults) throws Exception {
        Workbench bench = Workbench.at(faults.bootstrap());
        String plain = "plain-" + how;
        TopicPartition topic = bench.topic(plain);
        List<String> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = bench.producer("plain")) {
            for (int number = 0; number < TIMES; number++) {
                Fault lost = how.to(faults.on(ApiKeys.PRODUCE).forClient("plain").times(1));
                for (int record = 0; record < 50; record++) {
                    sent.add("value " + number + " " + record);
                    producer.send(new ProducerRecord<>(plain, 0, null, sent.get(sent.size() - 1)));
                }
                producer.flush();
                assertEquals(1, lost.strikes(), faults::story);
            }
        }

        assertEquals(sent, bench.values(topic));
    }

    @ParameterizedTest
    @EnumSource
    void costsACommittedOffsetNothing(How how, RunningEngine engine, Faults faults) throws Exception {
        Workbench bench = Workbench.at(faults.bootstrap());
        TopicPartition topic = bench.topic("read-" + how);
        try (KafkaConsumer<String, String> consumer = bench.consumer("committer", "group.id", "committers")) {
            consumer.assign(List.of(topic));
            for (int number = 1; number <= TIMES; number++) {
                Fault lost = how.to(faults.on(ApiKeys.OFFSET_COMMIT).forClient("committer").times(1));

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

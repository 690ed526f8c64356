package io.semel.it.kit.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.semel.it.kit.Workbench;
import io.semel.it.kit.engine.Engine;
import io.semel.it.kit.engine.RunningEngine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that come when another one has passed: what a network does that a client has given up on. */
@Engine
class HeldRequestTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void waitsForAnotherClient(RunningEngine engine, Faults faults) throws Exception {
        Workbench bench = Workbench.at(faults.bootstrap());
        TopicPartition topic = bench.topic("ordered");
        try (KafkaProducer<String, String> one = bench.producer("one", "linger.ms", 0);
                KafkaProducer<String, String> two = bench.producer("two", "linger.ms", 0)) {
            Fault held = faults.on(ApiKeys.PRODUCE).forClient("one").times(1).beforeRequest()
                    .holdUntil(faults.on(ApiKeys.PRODUCE).forClient("two").onCall(2));
            Future<RecordMetadata> last = one.send(new ProducerRecord<>("ordered", 0, null, "of one"));
            held.awaitStrikes(1, PATIENCE);

            two.send(new ProducerRecord<>("ordered", 0, null, "first of two")).get();
            assertFalse(last.isDone());
            two.send(new ProducerRecord<>("ordered", 0, null, "second of two")).get();

            assertEquals(2, last.get().offset());
        }
        List<String> values = Workbench.at(engine.bootstrap()).values(topic);
        assertEquals(List.of("first of two", "second of two", "of one"), values);
    }

    @ParameterizedTest
    @EnumSource(Via.class)
    void comesLateByAnyWayAndEndsNoLaterTransaction(Via via, RunningEngine engine, Faults faults) {
        Workbench bench = Workbench.at(faults.bootstrap());
        String id = "late-" + via;
        TopicPartition topic = bench.topic(id);
        try (KafkaProducer<String, String> producer = bench.transactional(id, "linger.ms", 0)) {
            Fault late = faults.on(ApiKeys.END_TXN).forClient(id).times(1).beforeRequest()
                    .disconnectAndHoldUntil(faults.on(ApiKeys.PRODUCE).forClient(id), via);
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(id, 0, null, "committed"));
            producer.flush();
            producer.commitTransaction();
            assertEquals(1, late.strikes());

            producer.beginTransaction();
            producer.send(new ProducerRecord<>(id, 0, null, "aborted"));
            producer.flush();
            late.awaitAnswers(1, PATIENCE);
            producer.abortTransaction();
        }

        assertEquals(List.of("committed"), Workbench.at(engine.bootstrap()).values(topic));
        engine.assertNoOpenTransactions();
    }

    @Test
    void isSentAtOnceWhenItsRuleIsDisarmed(RunningEngine engine, Faults faults) throws Exception {
        Workbench bench = Workbench.at(faults.bootstrap());
        bench.topic("let-go");
        try (KafkaProducer<String, String> producer = bench.producer("waiting", "linger.ms", 0)) {
            Fault held = faults.on(ApiKeys.PRODUCE).forClient("waiting").times(1).beforeRequest()
                    .holdUntil(faults.on(ApiKeys.END_TXN));
            Future<RecordMetadata> waiting = producer.send(new ProducerRecord<>("let-go", 0, null, "value"));
            held.awaitStrikes(1, PATIENCE);

            held.disarm();

            assertEquals(0, waiting.get().offset());
        }
    }
}

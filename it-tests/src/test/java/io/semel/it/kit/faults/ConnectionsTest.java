package io.semel.it.kit.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.kit.Workbench;
import io.semel.it.kit.engine.Engine;
import io.semel.it.kit.engine.RunningEngine;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** What can happen to whole connections. */
@Engine
class ConnectionsTest {
    private static final String ID = "connected";

    private Faults faults;
    private Workbench direct;
    private TopicPartition topic;
    private KafkaProducer<String, String> producer;

    @BeforeEach
    void connect(RunningEngine engine, Faults faults, TestInfo test) throws Exception {
        this.faults = faults;
        direct = Workbench.at(engine.bootstrap());
        topic = direct.topic(test.getTestMethod().orElseThrow().getName());
        producer = Workbench.at(faults.bootstrap()).producer(ID, "request.timeout.ms", 500, "linger.ms", 0,
                "delivery.timeout.ms", 20_000);
        send("first").get();
    }

    @AfterEach
    void disconnect() {
        faults.heal();
        producer.close();
    }

    private Future<RecordMetadata> send(String value) {
        return producer.send(new ProducerRecord<>(topic.topic(), 0, null, value));
    }

    private void assertBothArrivedOnce() {
        assertEquals(List.of("first", "second"), direct.values(topic));
    }

    @Test
    void areCutAndMadeAgain() throws Exception {
        assertTrue(faults.connections().count() > 0);

        faults.connections().cut();

        send("second").get();
        assertBothArrivedOnce();
    }

    @Test
    void areResetAndMadeAgain() throws Exception {
        faults.connections().forClient(ID).reset();

        send("second").get();
        assertBothArrivedOnce();
    }

    @Test
    void areLeftHalfOpenUntilTheClientLosesPatience() throws Exception {
        faults.connections().halfOpen();
        Future<RecordMetadata> second = send("second");

        assertThrows(TimeoutException.class, () -> second.get(300, TimeUnit.MILLISECONDS));

        second.get();
        assertBothArrivedOnce();
    }

    @Test
    void areABlackHoleUntilTheyHeal() throws Exception {
        faults.connections().blackhole();
        Future<RecordMetadata> second = send("second");
        assertThrows(TimeoutException.class, () -> second.get(700, TimeUnit.MILLISECONDS));
        assertEquals(List.of("first"), direct.values(topic));

        faults.connections().heal();

        second.get();
        assertBothArrivedOnce();
    }

    @Test
    void carryOnlyWhatGoesToTheBroker() throws Exception {
        faults.connections().oneWay(Way.TO_BROKER);
        Future<RecordMetadata> second = send("second");

        Awaitility.await().untilAsserted(this::assertBothArrivedOnce);
        assertFalse(second.isDone());

        faults.connections().heal();
        second.get();
        assertBothArrivedOnce();
    }

    @Test
    void carryNothingToTheBroker() throws Exception {
        faults.connections().forClient(ID).oneWay(Way.TO_CLIENT);
        Future<RecordMetadata> second = send("second");

        assertThrows(TimeoutException.class, () -> second.get(300, TimeUnit.MILLISECONDS));
        assertEquals(List.of("first"), direct.values(topic));

        faults.connections().forClient(ID).heal();
        second.get();
        assertBothArrivedOnce();
    }

    @Test
    void areAsSlowAsIsSaid() throws Exception {
        faults.connections().forClient(ID).throttle(40_000);
        long start = System.nanoTime();

        send("x".repeat(16_000)).get();

        long tookMs = (System.nanoTime() - start) / 1_000_000;
        assertTrue(tookMs >= 350, () -> "16,000 bytes at 40,000 a second took " + tookMs + " ms");
        assertEquals(2, direct.values(topic).size());
    }

    @Test
    void areRefusedUntilTheyHeal() throws Exception {
        faults.connections().refuse();
        faults.connections().cut();
        Future<RecordMetadata> second = send("second");
        assertThrows(TimeoutException.class, () -> second.get(300, TimeUnit.MILLISECONDS));

        faults.connections().heal();

        second.get();
        assertBothArrivedOnce();
    }

    @Test
    void endWithTheProxy() throws Exception {
        Faults own = Faults.before(faults.bootstrap());
        try (KafkaProducer<String, String> other = Workbench.at(own.bootstrap()).producer("other")) {
            other.partitionsFor(topic.topic());
            assertTrue(own.connections().count() > 0);

            own.close();

            Awaitility.await().until(() -> own.connections().count() == 0);
        }
    }
}

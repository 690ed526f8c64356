package io.semel.it.kit.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.semel.it.kit.check.Checker;
import io.semel.it.kit.engine.Engine;
import io.semel.it.kit.engine.RunningEngine;
import io.semel.it.kit.engine.Scope;
import io.semel.it.kit.faults.Faults;
import io.semel.it.kit.faults.Profile;
import io.semel.it.kit.history.Recorder;
import io.semel.it.kit.history.Tape;
import io.semel.it.kit.storage.CrashPoint;
import io.semel.it.kit.storage.Standstill;
import io.semel.kernel.world.Saboteur;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

// guide: test
@Engine(scope = Scope.METHOD)
class BillingTest {
    private final Recorder recorder = Recorder.inMemory();
    private final AtomicBoolean goesOn = new AtomicBoolean(true);
    private final AtomicInteger lives = new AtomicInteger();
    private Thread service;

    /** Recorded clients: what they send, see and commit is written down as it happens. */
    private void start(String bootstrap) {
        Billing billing = new Billing(() -> {
            Tape tape = recorder.process("billing-" + lives.incrementAndGet());
            return tape.consumer(new KafkaConsumer<>(settings(bootstrap, Map.of("group.id", "billing")),
                    new StringDeserializer(), new StringDeserializer()), true);
        }, () -> {
            Tape tape = recorder.process("billing-out-" + lives.get());
            return tape.producer(new KafkaProducer<>(settings(bootstrap, Map.of("transactional.id",
                    "billing")), new StringSerializer(), new StringSerializer()), "billing");
        });
        service = new Thread(() -> billing.run(goesOn::get), "billing");
        service.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        goesOn.set(false);
        if (service != null) service.join();
    }
    // end

    private static Map<String, Object> settings(String bootstrap, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", bootstrap);
        settings.put("client.id", "billing");
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", more.containsKey("group.id") ? "false" : null);
        settings.values().removeIf(java.util.Objects::isNull);
        return settings;
    }

    // guide: crash
    @Test
    void billsEveryOrderOnceThoughTheBrokerDies(RunningEngine engine) throws Exception {
        start(engine.bootstrap());
        for (int round = 0; round < 3; round++) {
            order(engine, round * 10, 10);
            engine.crash();
            engine.restart();
        }

        assertEquals(30, bills(engine, 30).size());
        engine.assertNoOpenTransactions();
        Checker.check(recorder.history()).assertClean();
    }
    // end

    // guide: replies
    @Test
    void billsEveryOrderOnceThoughRepliesAreLost(RunningEngine engine, Faults faults) throws Exception {
        faults.on(ApiKeys.END_TXN).onCall(1).afterAppend().dropReply();
        faults.on(ApiKeys.TXN_OFFSET_COMMIT).onCall(2).beforeRequest().delay(Duration.ofMillis(300));
        faults.follow(Faults.random(42, Profile.ROUGH));
        start(faults.bootstrap());
        order(engine, 0, 30);

        assertEquals(30, bills(engine, 30).size(), faults::story);
        Checker.check(recorder.history()).assertClean();
    }
    // end

    // guide: power
    @Test
    void billsEveryOrderOnceThoughThePowerIsCut(RunningEngine engine) throws Exception {
        start(engine.bootstrap());
        order(engine, 0, 20);
        engine.storage().slowForces(Duration.ofMillis(200));
        engine.cutPower();
        engine.restart();

        assertEquals(20, bills(engine, 20).size());
        Checker.check(recorder.history()).assertClean();
    }
    // end

    // guide: point
    @Test
    void billsEveryOrderOnceThoughTheBrokerDiesBetweenTwoMarkers(RunningEngine engine) throws Exception {
        order(engine, 0, 20);
        Standstill between = engine.storage().standStillAt(CrashPoint.BETWEEN_MARKERS);
        start(engine.bootstrap());
        between.await(Duration.ofSeconds(30));
        engine.cutPower();
        engine.restart();

        assertEquals(20, bills(engine, 20).size());
        Checker.check(recorder.history()).assertClean();
    }
    // end

    // guide: sabotage
    @Test
    void noticesABrokerThatShowsAbortedRecords() throws Exception {
        try (RunningEngine wrong = RunningEngine.sabotaged(Saboteur.ABORTED_RANGE_FORGOTTEN)) {
            Tape writer = recorder.process("writer");
            try (Producer<String, String> producer = writer.producer(new KafkaProducer<>(settings(
                    wrong.bootstrap(), Map.of("transactional.id", "writer")), new StringSerializer(),
                    new StringSerializer()), "writer")) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("bills", "key", "never to be seen"));
                producer.flush();
                producer.abortTransaction();
            }
            bills(wrong, 1);

            assertThrows(AssertionError.class, () -> Checker.check(recorder.history()).assertClean());
        }
    }
    // end

    private static void order(RunningEngine engine, int first, int count) throws Exception {
        try (Producer<String, String> producer = new KafkaProducer<>(settings(engine.bootstrap(), Map.of()),
                new StringSerializer(), new StringSerializer())) {
            for (int number = first; number < first + count; number++) {
                producer.send(new ProducerRecord<>("orders", "customer", "order " + number)).get();
            }
        }
    }

    /** Reads until there are so many, and then whether there are more. */
    private List<String> bills(RunningEngine engine, int count) {
        List<String> bills = new ArrayList<>();
        Tape tape = recorder.process("reader-" + lives.incrementAndGet());
        try (Consumer<String, String> reader = tape.consumer(new KafkaConsumer<>(settings(engine.bootstrap(),
                Map.of()), new StringDeserializer(), new StringDeserializer()), true)) {
            reader.assign(List.of(new TopicPartition("bills", 0)));
            reader.seekToBeginning(List.of());
            long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (bills.size() < count && System.nanoTime() < endNs) {
                reader.poll(Duration.ofMillis(100)).forEach(bill -> bills.add(bill.value()));
            }
            reader.poll(Duration.ofMillis(300)).forEach(bill -> bills.add(bill.value()));
        }
        return bills;
    }
}

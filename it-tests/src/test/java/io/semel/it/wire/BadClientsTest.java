package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.client.BrokerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a client that misbehaves costs another one's throughput (FAULTS C.4 row 6): measured in turn with
 * phases without it, in one run, told as ratios. What is asserted is only that others are served.
 */
class BadClientsTest {
    private static final int ROUNDS = Integer.getInteger("semel.scale", 1) > 1 ? 9 : 1;
    private static final long PHASE_NANOS = ROUNDS > 1 ? 2_000_000_000L : 700_000_000L;
    private static final int DRIPPING = 50;
    private static final int DEAF = 20;
    private static final double WIDE = 0.05;
    private static final String TOPIC = "served";

    private final AtomicBoolean goesOn = new AtomicBoolean();
    private final List<Thread> misbehaving = new ArrayList<>();

    private enum Kind { NONE, SLOW_LORIS, DEAF, FLOOD }

    @Test
    void costOthersLittle(@TempDir Path directory) throws Exception {
        Map<Kind, List<Double>> rates = new TreeMap<>();
        try (BrokerProcess broker = BrokerProcess.start(directory);
                Verbs verbs = new Verbs(broker.bootstrap());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers",
                        broker.bootstrap()), new ByteArraySerializer(), new ByteArraySerializer())) {
            verbs.createTopic(TOPIC);
            perSecond(producer);
            for (int round = 0; round < ROUNDS; round++) {
                for (Kind kind : Kind.values()) {
                    begin(kind, broker.bootstrap());
                    rates.computeIfAbsent(kind, any -> new ArrayList<>()).add(perSecond(producer));
                    end();
                }
            }
        }
        double alone = median(rates.get(Kind.NONE));
        rates.forEach((kind, all) -> {
            double ratio = median(all) / alone;
            System.out.printf("beside %s: %.2f of the throughput without (median of %d, %.0f records/s)%n",
                    kind, ratio, all.size(), median(all));
            assertTrue(ratio > WIDE, () -> "beside " + kind + " " + ratio);
        });
    }

    /** Records acknowledged in a second; a window of them is under way at any time. */
    private static double perSecond(KafkaProducer<byte[], byte[]> producer) {
        AtomicLong acknowledged = new AtomicLong();
        long beganNanos = System.nanoTime();
        while (System.nanoTime() - beganNanos < PHASE_NANOS) {
            for (int number = 0; number < 500; number++) {
                producer.send(new ProducerRecord<>(TOPIC, new byte[500]), (sent, failure) -> {
                    if (failure == null) acknowledged.incrementAndGet();
                });
            }
            producer.flush();
        }
        return acknowledged.get() * 1e9 / (System.nanoTime() - beganNanos);
    }

    private void begin(Kind kind, String bootstrap) {
        goesOn.set(true);
        switch (kind) {
            case NONE -> { }
            case SLOW_LORIS -> misbehave(() -> drip(bootstrap));
            case DEAF -> misbehave(() -> askAndNeverRead(bootstrap));
            case FLOOD -> misbehave(() -> flood(bootstrap));
        }
    }

    private void misbehave(Runnable what) {
        Thread thread = new Thread(what, "misbehaving");
        thread.start();
        misbehaving.add(thread);
    }

    private void end() throws InterruptedException {
        goesOn.set(false);
        for (Thread thread : misbehaving) thread.join();
        misbehaving.clear();
    }

    /** Many connections, a byte of a frame on each now and then. */
    private void drip(String bootstrap) {
        List<RawClient> clients = new ArrayList<>();
        for (int count = 0; count < DRIPPING; count++) clients.add(RawClient.to(bootstrap));
        clients.forEach(client -> client.send((byte) 0, (byte) 0, (byte) 1));
        while (goesOn.get()) {
            for (RawClient client : clients) {
                if (goesOn.get()) client.send((byte) 0);
                LockSupport.parkNanos(1_000_000_000L / DRIPPING);
            }
        }
        clients.forEach(RawClient::close);
    }

    /** Many connections that ask for all there is, again and again, and read nothing. */
    private void askAndNeverRead(String bootstrap) {
        List<RawClient> clients = new ArrayList<>();
        for (int count = 0; count < DEAF; count++) clients.add(RawClient.to(bootstrap));
        for (int asked = 0; asked < 50 && goesOn.get(); asked++) {
            clients.forEach(client -> new Fetching(client).from(TOPIC, 0, 0).post());
        }
        while (goesOn.get()) LockSupport.parkNanos(10_000_000L);
        clients.forEach(RawClient::close);
    }

    /** One connection, as many small requests as the broker will take. */
    private void flood(String bootstrap) {
        try (RawClient client = RawClient.to(bootstrap)) {
            while (goesOn.get()) {
                for (int count = 0; count < 100; count++) {
                    client.post(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());
                }
                for (int count = 0; count < 100; count++) client.receive(ApiKeys.API_VERSIONS, 0);
            }
        }
    }

    private static double median(List<Double> all) {
        List<Double> sorted = all.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}

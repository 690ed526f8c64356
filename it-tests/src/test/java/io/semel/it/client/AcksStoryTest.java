package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Cluster;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How KafkaProducer is told of what it sent, and the order of what it sends (row P5). */
@Tag("against-kafka")
class AcksStoryTest {
    private static final int COUNT = 500;
    private static final List<String> ALL = IntStream.range(0, COUNT).mapToObj(Integer::toString).toList();

    @Test
    void everyKindOfAcknowledgementKeepsTheOrder() throws Exception {
        try (EngineUnderTest engine = EngineUnderTest.inProcess()) {
            Clients clients = new Clients(engine.bootstrap());
            for (String acks : List.of("0", "1", "all")) {
                for (String inFlight : List.of("1", "5")) {
                    String topic = "acks-" + acks + "-" + inFlight;
                    clients.createTopic(topic, 1);
                    List<Long> offsets = send(clients, topic, Map.of("acks", acks,
                            "batch.size", "64", "enable.idempotence", "false",
                            "max.in.flight.requests.per.connection", inFlight));
                    assertEquals(acks.equals("0") ? IntStream.range(0, COUNT).mapToObj(one -> -1L).toList()
                            : IntStream.range(0, COUNT).mapToObj(one -> (long) one).toList(), offsets, topic);
                    Awaitility.await().untilAsserted(() -> assertEquals(ALL,
                            clients.values(topic, 0, "read_committed"), topic));
                }
            }
        }
    }

    @Test
    void fiveInFlightKeepTheirOrderThoughTheBrokerIsKilledBetween(@TempDir Path directory) throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(directory)) {
            Clients clients = new Clients(broker.bootstrap());
            clients.createTopic("t", 1);
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            try (KafkaProducer<String, String> producer = clients.producer(Map.of("batch.size", "64",
                    "linger.ms", "0", "max.in.flight.requests.per.connection", "5"))) {
                for (int index = 0; index < COUNT; index++) {
                    sent.add(producer.send(new ProducerRecord<>("t", 0, "k", ALL.get(index))));
                    if (index % 200 == 100) broker.killAndRestart();
                }
                for (int index = 0; index < COUNT; index++) {
                    assertEquals(index, sent.get(index).get().offset());
                }
            }

            assertEquals(ALL, clients.values("t", 0, "read_committed"));
        }
    }

    @Test
    void partitionersAndInterceptorsOfTheUserAreUsed() throws Exception {
        try (EngineUnderTest engine = EngineUnderTest.inProcess()) {
            Clients clients = new Clients(engine.bootstrap());
            clients.createTopic("t", 3);
            Marking.ACKNOWLEDGED.set(0);
            send(clients, "t", Map.of("partitioner.class", ByNumber.class.getName(),
                    "interceptor.classes", Marking.class.getName()));

            for (int partition = 0; partition < 3; partition++) {
                int rest = partition;
                assertEquals(ALL.stream().filter(value -> Integer.parseInt(value) % 3 == rest)
                        .map(value -> "marked " + value).toList(),
                        clients.values("t", partition, "read_committed"));
            }
            assertEquals(COUNT, Marking.ACKNOWLEDGED.get());
        }
    }

    private static List<Long> send(Clients clients, String topic, Map<String, String> settings)
            throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = clients.producer(settings)) {
            ALL.forEach(value -> sent.add(producer.send(new ProducerRecord<>(topic, null, value))));
        }
        List<Long> offsets = new ArrayList<>();
        for (Future<RecordMetadata> one : sent) offsets.add(one.get().offset());
        return offsets;
    }

    /** Puts a number where it belongs. */
    public static final class ByNumber implements Partitioner {
        @Override
        public int partition(String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes,
                Cluster cluster) {
            String text = (String) value;
            return Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1))
                    % cluster.partitionCountForTopic(topic);
        }

        @Override
        public void close() {
            // keeps nothing
        }

        @Override
        public void configure(Map<String, ?> settings) {
            // needs nothing
        }
    }

    /** Marks what is sent and counts what is acknowledged. */
    public static final class Marking implements ProducerInterceptor<String, String> {
        static final AtomicInteger ACKNOWLEDGED = new AtomicInteger();

        @Override
        public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
            return new ProducerRecord<>(record.topic(), record.key(), "marked " + record.value());
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception exception) {
            assertTrue(metadata.hasOffset());
            if (exception == null) ACKNOWLEDGED.incrementAndGet();
        }

        @Override
        public void close() {
            // keeps nothing
        }

        @Override
        public void configure(Map<String, ?> settings) {
            // needs nothing
        }
    }
}

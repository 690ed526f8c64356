package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.Engine;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.EngineConfig;
import io.semel.it.kit.faults.Faults;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kafka-clients with the feature transaction.version below 2: how they speak to brokers before KIP-890. */
class VersionOneStoryTest {
    private static final boolean SOAK = Integer.getInteger("semel.scale", 1) > 1;
    private static final int CLIENTS = SOAK ? 8 : 2;
    private static final int TRANSACTIONS = SOAK ? 12_500 : 80;
    private static final int CUT_EVERY = 10;

    @Test @DisplayName("FEATURES 26: nobody who reconnects is refused, and every commit counts")
    void commitsThroughReconnections(@TempDir Path directory) throws Exception {
        try (Engine engine = start(directory, 0, 0)) {
            Clients clients = new Clients(engine.bootstrap());
            ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
            Map<String, Future<List<String>>> committed = new TreeMap<>();
            for (int client = 0; client < CLIENTS; client++) {
                String name = "old-" + client;
                clients.createTopic(name, 1);
                committed.put(name, threads.submit(() -> commitAndReconnect(engine, name)));
            }
            threads.shutdown();

            for (Map.Entry<String, Future<List<String>>> one : committed.entrySet()) {
                List<String> values = one.getValue().get();
                assertEquals(values, clients.values(one.getKey(), 0, "read_committed"));
            }
            assertEquals(0L, watched(engine, "StaleRequestsTurnedAway"), "live clients refused");
            assertEquals(CLIENTS, watched(engine, "TransactionalIds"));
        }
    }

    /** @return what was committed; each client has a proxy of its own, which cuts it off now and then */
    private static List<String> commitAndReconnect(Engine engine, String name) {
        List<String> committed = new ArrayList<>();
        try (Faults faults = Faults.before(engine.bootstrap())) {
            Clients clients = new Clients(faults.bootstrap());
            KafkaProducer<String, String> producer = clients.transactional(name);
            while (committed.size() < TRANSACTIONS) {
                String value = "value " + committed.size();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(name, 0, null, value));
                if (committed.size() % CUT_EVERY == CUT_EVERY - 1) faults.connections().cut();
                if (isCommitted(producer)) {
                    committed.add(value);
                    continue;
                }
                producer.close(Duration.ZERO);
                producer = clients.transactional(name);
            }
            producer.close(Duration.ofMinutes(1));
        }
        return committed;
    }

    /**
     * False when the library has lost its own request: when a connection is lost its thread enqueues the
     * search for a coordinator without the lock under which {@code commitTransaction} enqueues the end
     * (kafka-clients 4.3.1, version 1 only). It then waits while nothing is in flight.
     */
    private static boolean isCommitted(KafkaProducer<String, String> producer) {
        try {
            producer.commitTransaction();
            return true;
        } catch (TimeoutException late) {
            boolean waitsForUs = producer.metrics().values().stream().anyMatch(metric -> metric.metricName()
                    .name().equals("requests-in-flight") && (Double) metric.metricValue() > 0);
            if (waitsForUs) throw late;
            return false;
        }
    }

    @Test @DisplayName("FEATURES 63: a producer that lives through the upgrade speaks version 2 afterwards")
    @Tag("against-kafka")
    void followsAnUpgrade() throws Exception {
        try (EngineUnderTest engine = EngineUnderTest.inProcess()) {
            engine.finalizeTransactionVersion(0);
            Clients clients = new Clients(engine.bootstrap());
            clients.createTopic("upgraded", 1);
            try (KafkaProducer<String, String> producer = clients.transactional("long-lived");
                    Admin admin = clients.admin()) {
                commit(producer);
                int first = epoch(admin);
                commit(producer);
                assertEquals(first, epoch(admin), "version 1 keeps its epoch");

                engine.finalizeTransactionVersion(2);

                assertEquals(clients.bootstrap(), engine.bootstrap());
                for (int number = 0; number < 3; number++) commit(producer);
                int upgraded = epoch(admin);
                commit(producer);
                assertEquals(upgraded + 1, epoch(admin), "version 2 raises it with every end");
                assertEquals(6, clients.values("upgraded", 0, "read_committed").size());
            }
        }
    }

    @Test @DisplayName("FEATURES 65: what is open, and how far readers are held back, can be watched")
    void isWatchedByJmx(@TempDir Path directory) throws Exception {
        try (Engine engine = start(directory, 0, 2)) {
            Clients clients = new Clients(engine.bootstrap());
            clients.createTopic("watched", 1);
            try (KafkaProducer<String, String> producer = clients.transactional("watched-1")) {
                producer.beginTransaction();
                for (int number = 0; number < 3; number++) {
                    producer.send(new ProducerRecord<>("watched", 0, null, "value " + number)).get();
                }

                assertEquals(1, watched(engine, "OpenTransactions"));
                assertEquals(1, watched(engine, "PartitionsHeldBack"));
                assertEquals(3L, watched(engine, "StableOffsetLagMax"));
                assertTrue((Long) watched(engine, "OldestOpenMs") < 60_000);
                producer.commitTransaction();
                assertEquals(0, watched(engine, "OpenTransactions"));
                assertEquals(0L, watched(engine, "StableOffsetLagTotal"));
                assertEquals(0, watched(engine, "PartitionsWithLateTransactionsCount"));
            }
        }
    }

    @Test @DisplayName("FEATURES 65: a transaction whose last record is older than any may be counts as late")
    @Tag("against-kafka")
    void whoIsLateIsCounted() throws Exception {
        try (EngineUnderTest engine = EngineUnderTest.inProcess()) {
            Clients clients = new Clients(engine.bootstrap());
            clients.createTopic("late", 1);
            try (KafkaProducer<String, String> producer = clients.transactional("late-writer")) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("late", 0, null, null, "in time")).get();
                assertEquals(0, engine.partitionsWithLateTransactions());
                producer.commitTransaction();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("late", 0, System.currentTimeMillis() - 7_200_000, null,
                        "two hours ago")).get();

                assertEquals(1, engine.partitionsWithLateTransactions());
                producer.commitTransaction();
                Awaitility.await().until(() -> engine.partitionsWithLateTransactions() == 0);
            }
        }
    }

    private static void commit(KafkaProducer<String, String> producer) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("upgraded", 0, null, "value"));
        producer.commitTransaction();
    }

    private static int epoch(Admin admin) throws Exception {
        return admin.describeTransactions(List.of("long-lived")).description("long-lived").get()
                .producerEpoch();
    }

    private static Object watched(Engine engine, String attribute) throws Exception {
        ObjectName name = new ObjectName("io.semel:type=Transactions,listener="
                + ObjectName.quote(engine.bootstrap()));
        return ManagementFactory.getPlatformMBeanServer().getAttribute(name, attribute);
    }

    private static Engine start(Path directory, int port, int transactionVersion) {
        EngineConfig config = EngineConfig.in(directory, "127.0.0.1", port);
        return Engine.start(config, BrokerConfig.defaults("127.0.0.1", port)
                .with(Map.of("semel.transaction.version", Integer.toString(transactionVersion))));
    }
}

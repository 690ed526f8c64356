package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.TransactionManager;
import org.apache.kafka.clients.producer.internals.TransactionalRequestResult;
import org.junit.jupiter.api.Test;

/**
 * kafka-clients 4.3.1 may send the commit of a transaction before its records: its network thread looks
 * whether any are unsent, and only then for what is to be sent next; an application that fills and commits a
 * transaction in between (under load it does) is overtaken. The broker has never heard of that transaction.
 */
class EarlyCommitStoryTest {
    private static final int ROUNDS = 5;
    private static final Duration GIVE_UP = Duration.ofSeconds(60);

    @Test
    void aCommitThatOvertakesItsRecordsIsAskedAgainAndSucceeds() throws Exception {
        try (EngineUnderTest engine = EngineUnderTest.inProcess()) {
            Clients clients = new Clients(engine.bootstrap());
            clients.createTopic("early", 1);
            try (KafkaProducer<String, String> producer = clients.transactional("hasty")) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("early", 0, null, "first"));
                producer.commitTransaction();
                for (int round = 0; round < ROUNDS; round++) {
                    commitWhileTheNetworkThreadLooksAway(producer, "value " + round)
                            .await(GIVE_UP.toSeconds(), TimeUnit.SECONDS, "commit");
                }
            }
            assertEquals(List.of("first", "value 0", "value 1", "value 2", "value 3", "value 4"),
                    clients.values("early", 0, "read_committed"));
        }
    }

    /** Holds the network thread where it has looked for unsent records and not yet for the next request. */
    private static TransactionalRequestResult commitWhileTheNetworkThreadLooksAway(
            KafkaProducer<String, String> producer, String value) throws Exception {
        Field field = KafkaProducer.class.getDeclaredField("transactionManager");
        field.setAccessible(true);
        TransactionManager transactions = (TransactionManager) field.get(producer);
        Thread network = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("kafka-producer-network-thread | producer-hasty"))
                .findFirst().orElseThrow();
        long giveUpNanos = System.nanoTime() + GIVE_UP.toNanos();
        while (System.nanoTime() < giveUpNanos) {
            synchronized (transactions) {
                new Thread(producer::flush, "waker").start();
                if (!stands(network, "nextRequest")) continue;
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("early", 0, null, value));
                return transactions.beginCommit();
            }
        }
        throw new AssertionError("the network thread was never caught between its two looks");
    }

    private static boolean stands(Thread network, String method) {
        for (int look = 0; look < 1_000; look++) {
            if (network.getState() == Thread.State.BLOCKED) {
                return network.getStackTrace()[0].getMethodName().equals(method);
            }
            Thread.onSpinWait();
        }
        return false;
    }
}

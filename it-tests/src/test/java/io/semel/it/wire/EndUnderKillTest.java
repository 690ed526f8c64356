package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.client.BrokerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker is killed over the end of a transaction of many partitions. */
@Tag("against-kafka")
class EndUnderKillTest {
    private static final String ID = "killed over";
    private static final int PARTITIONS = 30;

    @Test @DisplayName("FEATURES 31: what was prepared is finished after a crash, on every partition or none")
    void whatWasPreparedIsFinishedAfterACrash(@TempDir Path directory) {
        try (BrokerProcess broker = BrokerProcess.start(directory)) {
            Pid answered;
            try (Verbs verbs = new Verbs(broker.bootstrap())) {
                verbs.createTopic("ended", PARTITIONS, Map.of());
                answered = written(verbs, "ended", new Transacting(verbs, ID).init(5));
                EndTxnRequestData end = end(answered, true);
                assertEquals(Errors.NONE, Verbs.patiently(() -> errorOf(verbs, end)));
            }
            broker.killAndRestart();
            Pid next = answered.epoch(answered.epoch() + 1);
            try (Verbs verbs = new Verbs(broker.bootstrap())) {
                assertEndsEverywhere(verbs, "ended", "CompleteCommit");
                verbs.createTopic("ending", PARTITIONS, Map.of());
                written(verbs, "ending", next);
                verbs.raw.post(ApiKeys.END_TXN, 5, end(next, false));
            }
            broker.killAndRestart();
            try (Verbs verbs = new Verbs(broker.bootstrap())) {
                if (settled(verbs).equals("Ongoing")) new Transacting(verbs, ID).ended(next, false);
                assertEndsEverywhere(verbs, "ending", "CompleteAbort");
            }
        }
    }

    private static Pid written(Verbs verbs, String topic, Pid producer) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int number = partition;
            verbs.awaitLeader(topic, partition);
            assertEquals(Errors.NONE, Verbs.patiently(() -> Errors.forCode(verbs.produce(12, ID, topic,
                    number, producer.transactional(0, 1)).errorCode())));
        }
        return producer;
    }

    private static EndTxnRequestData end(Pid producer, boolean commit) {
        return new EndTxnRequestData().setTransactionalId(ID).setProducerId(producer.id())
                .setProducerEpoch(producer.epoch()).setCommitted(commit);
    }

    private static Errors errorOf(Verbs verbs, EndTxnRequestData end) {
        EndTxnResponseData answer = verbs.raw.ask(ApiKeys.END_TXN, 5, end);
        return Errors.forCode(answer.errorCode());
    }

    private static String settled(Verbs verbs) {
        Transacting transacting = new Transacting(verbs, ID);
        Awaitility.await().atMost(Duration.ofSeconds(60))
                .until(() -> !transacting.describe().transactionState().startsWith("Prepare"));
        return transacting.describe().transactionState();
    }

    private static void assertEndsEverywhere(Verbs verbs, String topic, String state) {
        assertEquals(state, settled(verbs));
        Set<Long> ends = new TreeSet<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            verbs.awaitLeader(topic, partition);
            ends.add(verbs.offsetAt(topic, partition, Verbs.LATEST, true).offset());
        }
        assertTrue(ends.equals(Set.of(2L)), () -> "a record and its marker everywhere: " + ends);
    }
}

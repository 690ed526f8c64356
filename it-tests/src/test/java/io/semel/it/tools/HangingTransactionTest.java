package io.semel.it.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.it.client.EngineUnderTest;
import io.semel.it.client.HangingTransaction;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own tool at a transaction that really hangs. */
@Tag("against-kafka")
class HangingTransactionTest {
    private static final String TRANSACTIONS = "tools.TransactionsCommand";

    @Test @DisplayName("FEATURES 58, 59: kafka-transactions find-hanging finds it, abort ends it")
    void isFoundAndEndedByKafkaTransactions(@TempDir Path directory) throws Exception {
        try (EngineUnderTest engine = HangingTransaction.broker()) {
            Scene scene = new Scene(engine.bootstrap(), directory, "hanging");
            String topic = scene.topic(1);
            scene.produce(topic, 3);
            long start = HangingTransaction.leaveOn(engine, topic, 0);
            scene.produce(topic, 2);
            assertEquals(3, scene.values(topic).size(), "readers of committed records wait");

            Tool.Outcome found = scene.at(TRANSACTIONS, "find-hanging", "--topic", topic,
                    "--max-transaction-timeout", 0).succeeded();

            List<String> words = List.of(found.lines().get(1).split("\\s+"));
            assertEquals(List.of(topic, "0"), words.subList(0, 2), found.out());
            assertEquals(Long.toString(start), words.get(5), found.out());
            scene.at(TRANSACTIONS, "abort", "--topic", topic, "--partition", 0, "--start-offset", start)
                    .succeeded();
            scene.at(TRANSACTIONS, "find-hanging", "--topic", topic, "--max-transaction-timeout", 0)
                    .succeeded().doesNotSay(topic);
            assertEquals(5, scene.values(topic).size());
        }
    }
}

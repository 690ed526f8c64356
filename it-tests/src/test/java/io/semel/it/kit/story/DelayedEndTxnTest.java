package io.semel.it.kit.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.kit.check.Anomaly;
import io.semel.it.kit.check.Report;
import io.semel.it.kit.engine.Engine;
import io.semel.it.kit.engine.RunningEngine;
import io.semel.it.kit.faults.Via;
import io.semel.rival.RivalKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** KAFKA-17754 on the broker it was found on, called by its name; and the same schedule on ours. */
class DelayedEndTxnTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Of version 1 on an older connection: it is closed. */
    private static final Duration NEVER_ANSWERED = Duration.ofSeconds(2);

    @Test
    void tearsATransactionOfApacheKafkaUnderVersionOneOnly(@TempDir Path directory) {
        try (RivalKafka rival = RivalKafka.start(directory, Map.of())) {
            Report before = new DelayedEndTxn(rival.bootstrap(), 1, Via.OWN, PATIENCE).run();
            Report since = new DelayedEndTxn(rival.bootstrap(), 2, Via.OWN, PATIENCE).run();

            System.out.println(before.text());
            assertTrue(before.anomalies().contains(Anomaly.TORN_TRANSACTION), before::text);
            assertTrue(before.anomalies().contains(Anomaly.ABORTED_READ), before::text);
            assertTrue(since.isClean(), since::text);
        }
    }

    @Engine
    @ParameterizedTest
    @CsvSource({"2, OWN", "2, PASSING", "2, FRESH", "1, OWN"})
    void tearsNothingOfOurs(int transactionVersion, Via via, RunningEngine engine) {
        Report report = new DelayedEndTxn(engine.bootstrap(), transactionVersion, via,
                transactionVersion == 1 ? NEVER_ANSWERED : PATIENCE).run();

        assertTrue(report.isClean(), report::text);
        assertEquals(0, report.allowed().getOrDefault(Anomaly.UNRECORDED_VALUE, 0), report::text);
        engine.assertNoOpenTransactions();
    }
}

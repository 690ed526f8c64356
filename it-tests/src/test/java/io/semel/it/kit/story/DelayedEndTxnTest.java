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
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** KAFKA-17754 on the broker it was found on, called by its name; and the same schedule on ours. */
class DelayedEndTxnTest {
    @Test
    void tearsATransactionOfApacheKafkaUnderVersionOneOnly(@TempDir Path directory) {
        try (RivalKafka rival = RivalKafka.start(directory, Map.of())) {
            Report before = new DelayedEndTxn(rival.bootstrap(), 1, Via.OWN).run();
            Report since = new DelayedEndTxn(rival.bootstrap(), 2, Via.OWN).run();

            System.out.println(before.text());
            assertTrue(before.anomalies().contains(Anomaly.TORN_TRANSACTION), before::text);
            assertTrue(before.anomalies().contains(Anomaly.ABORTED_READ), before::text);
            assertTrue(since.isClean(), since::text);
        }
    }

    @Engine
    @ParameterizedTest
    @EnumSource(Via.class)
    void tearsNothingOfOursUnderVersionTwo(Via via, RunningEngine engine) {
        Report report = new DelayedEndTxn(engine.bootstrap(), 2, via).run();

        assertTrue(report.isClean(), report::text);
        assertEquals(0, report.allowed().getOrDefault(Anomaly.UNRECORDED_VALUE, 0), report::text);
        engine.assertNoOpenTransactions();
    }
}

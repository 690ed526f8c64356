package io.semel.it.kit.story;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.kit.check.Checker;
import io.semel.it.kit.check.Report;
import io.semel.it.kit.engine.Engine;
import io.semel.it.kit.engine.RunningEngine;
import io.semel.it.kit.faults.Faults;
import io.semel.it.kit.history.History;
import io.semel.it.kit.history.Kind;
import io.semel.it.kit.work.BankTransfers;
import io.semel.it.kit.work.Plan;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Transactions over a line of 64 kbit/s that is reset and cut now and then (FAULTS C.4 row 6). */
@Engine
class NarrowLineTest {
    private static final int SCALE = Math.min(10, Integer.getInteger("semel.scale", 1));
    private static final long BYTES_A_SECOND = 64_000 / 8;
    private static final int BREAKS = 3 * SCALE;
    private static final long BREAK_EVERY_MS = 2_000;

    @Test
    void carriesTransactionsWithoutAnAnomaly(RunningEngine engine, Faults faults) throws Exception {
        faults.connections().throttle(BYTES_A_SECOND);
        Plan plan = Plan.against(faults.bootstrap()).named("narrow").withClients(2).withPartitions(2)
                .withOperations(Long.MAX_VALUE).within(Duration.ofMillis(BREAKS * BREAK_EVERY_MS))
                .healingWithin(Duration.ofSeconds(60));
        Thread breaker = new Thread(() -> breaks(faults), "breaker");
        breaker.start();

        History history = new BankTransfers().run(plan);

        breaker.interrupt();
        breaker.join();
        Report report = Checker.check(history);
        assertTrue(report.isClean(), report::text);
        long commits = history.operations().stream().filter(one -> one.kind() == Kind.COMMIT && one.isOk())
                .count();
        assertTrue(commits > 5, () -> commits + " commits");
        engine.assertNoOpenTransactions();
    }

    /** In turn, as long as the clients work; what they wrote is read over a whole line. */
    private static void breaks(Faults faults) {
        Object monitor = new Object();
        for (int turn = 0; turn < BREAKS; turn++) {
            synchronized (monitor) {
                try {
                    monitor.wait(BREAK_EVERY_MS);
                } catch (InterruptedException over) {
                    break;
                }
            }
            if (turn % 2 == 0) faults.connections().reset();
            else faults.connections().cut();
        }
        faults.connections().heal();
    }
}

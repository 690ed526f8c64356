package io.semel.it.kit.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.config.Durability;
import io.semel.it.kit.check.Checker;
import io.semel.it.kit.check.Report;
import io.semel.it.kit.engine.RunningEngine;
import io.semel.it.kit.history.History;
import io.semel.it.kit.history.Operation;
import io.semel.it.kit.history.Seen;
import io.semel.it.kit.work.AppendLists;
import io.semel.it.kit.work.BankTransfers;
import io.semel.it.kit.work.Plan;
import io.semel.it.kit.work.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real clients transact and read along while the engine dies at every point that has a name, killed or its
 * power cut, with both durability settings (FAULTS C.2). A point that the engine does not come to fails its
 * test.
 */
class CrashPointsTest {
    private static final int SCALE = Integer.getInteger("semel.scale", 1);
    /** One point only, by name. */
    private static final String ONLY = System.getProperty("semel.point", "");
    private static final long SEED = Long.getLong("semel.seed", 8);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Logs roll, states are written down and journals are cleaned every few transactions. */
    private static final Map<String, String> SMALL = Map.ofEntries(
            Map.entry("log.segment.bytes", "3000"),
            Map.entry("offsets.topic.num.partitions", "2"),
            Map.entry("transaction.state.log.num.partitions", "2"),
            Map.entry("offsets.topic.segment.bytes", "3000"),
            Map.entry("transaction.state.log.segment.bytes", "3000"),
            Map.entry("semel.state.snapshot.bytes", "1000"),
            Map.entry("semel.producer.snapshot.bytes", "1000"),
            Map.entry("log.flush.offset.checkpoint.interval.ms", "50"),
            Map.entry("log.cleaner.backoff.ms", "50"));

    /** How the engine dies. */
    enum Death {
        KILL {
            @Override
            void strike(RunningEngine engine) {
                engine.crash();
            }
        },
        POWER_CUT {
            @Override
            void strike(RunningEngine engine) {
                engine.cutPower();
            }
        };

        abstract void strike(RunningEngine engine);
    }

    /** All under soak; in every build each point once, the other three ways in turn. */
    static Stream<Arguments> deaths() {
        List<Arguments> all = new ArrayList<>();
        for (CrashPoint point : CrashPoint.values()) {
            if (!point.name().startsWith(ONLY)) continue;
            int way = 0;
            for (Durability durability : Durability.values()) {
                if (point == CrashPoint.PRODUCE_FORCED && durability == Durability.OS) continue;
                for (Death death : Death.values()) {
                    boolean now = SCALE > 1 || way == point.ordinal() % 4 || point.ordinal() == 1 && way == 1;
                    if (now) all.add(Arguments.of(point, death, durability));
                    way++;
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("deaths")
    void changesNothingOfWhatWasPromised(CrashPoint point, Death death, Durability durability)
            throws Exception {
        try (RunningEngine engine = RunningEngine.start(durability, SMALL)) {
            Standstill standstill = engine.storage().standStillAt(point, 3);

            History history = dying(engine, standstill, death, plan(engine, "first"));

            assertEquals(3, standstill.times());
            boolean mayLose = death == Death.POWER_CUT && durability == Durability.OS;
            if (mayLose) showsNothingTwice(history);
            else isClean(history, point);
            isClean(workload(point).run(plan(engine, "second").withOperations(20)), point);
            engine.assertNoOpenTransactions();
            engine.assertServing();
        }
    }

    private static Plan plan(RunningEngine engine, String name) {
        return Plan.against(engine.bootstrap()).named(name).withSeed(SEED).withClients(2).withPartitions(3)
                .withOperations(150).within(Duration.ofMinutes(1)).healingWithin(PATIENCE)
                .with("reconnect.backoff.ms", "5").with("retry.backoff.ms", "5");
    }

    private static Workload workload(CrashPoint point) {
        return point == CrashPoint.OFFSETS_WRITTEN ? new AppendLists() : new BankTransfers();
    }

    private static History dying(RunningEngine engine, Standstill standstill, Death death, Plan plan)
            throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<History> work = thread.submit(() -> workload(standstill.point()).run(plan));
            standstill.await(PATIENCE);
            death.strike(engine);
            engine.restart();
            return work.get();
        } finally {
            thread.shutdown();
        }
    }

    private static void isClean(History history, CrashPoint point) {
        Report report = Checker.check(history);
        assertTrue(report.isClean(), () -> point + ", seed " + SEED + "\n" + report.text());
    }

    /** With durability os a power cut may take what was acknowledged, and tear it; it makes nothing up. */
    private static void showsNothingTwice(History history) {
        TreeSet<String> seen = new TreeSet<>();
        for (Operation operation : history.operations()) {
            if (!operation.process().equals("final")) continue;
            for (Seen one : operation.records()) {
                assertTrue(seen.add(one.place() + " " + one.value()), () -> one + " came twice");
            }
        }
    }
}

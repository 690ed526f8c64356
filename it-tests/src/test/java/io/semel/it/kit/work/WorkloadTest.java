package io.semel.it.kit.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.Engine;
import io.semel.broker.config.EngineConfig;
import io.semel.it.kit.check.Anomaly;
import io.semel.it.kit.check.Checker;
import io.semel.it.kit.check.Report;
import io.semel.it.kit.history.History;
import io.semel.it.kit.history.Kind;
import io.semel.it.kit.history.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Each workload runs against our engine, clients crashing on the way, and nothing is found. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkloadTest {
    private static final int SCALE = Math.min(10, Integer.getInteger("semel.scale", 1));
    private static final long SEED = Long.getLong("semel.seed", 20_261_121);

    @TempDir
    static Path directory;

    private Engine engine;

    @BeforeAll
    void start() {
        engine = Engine.start(EngineConfig.in(directory, "127.0.0.1", 0));
    }

    @AfterAll
    void stop() {
        engine.close();
    }

    private Plan plan(String name) {
        return Plan.against(engine.bootstrap()).named(name).withSeed(SEED).withClients(4)
                .within(Duration.ofMinutes(3)).crashingOneIn(100).healingWithin(Duration.ofSeconds(20));
    }

    @Test
    void appendListsShowNoAnomaly() {
        History history = new AppendLists().run(plan("lists").withOperations(300L * SCALE));

        Report report = Checker.check(history);

        assertClean(report, history);
        assertTrue(count(history, Kind.COMMIT) > 100 * SCALE, report::text);
        assertTrue(records(history, "final") > 200 * SCALE, report::text);
    }

    @Test
    void bankTransfersKeepTheSum() {
        History history = new BankTransfers().run(plan("bank").withOperations(300L * SCALE));

        Report report = Checker.check(history);
        Map<String, Long> balances = BankTransfers.balances(history);

        assertClean(report, history);
        assertTrue(balances.size() > 10, balances::toString);
        assertEquals(0, balances.values().stream().mapToLong(Long::longValue).sum(), balances::toString);
    }

    @Test
    void copyChainsCopyEverythingOnce() {
        History history = new CopyChain().run(plan("chain").withOperations(60L * SCALE).crashingOneIn(20));

        Report report = Checker.check(history);

        assertClean(report, history);
        long fed = history.operations().stream().filter(one -> one.kind() == Kind.SEND && one.isOk()
                && one.place().topic().equals("chain-stage-0")).count();
        assertTrue(arrived(history, "chain-stage-2") >= fed, arrived(history, "chain-stage-2") + " of "
                + fed);
        assertEquals(arrived(history, "chain-stage-0"), arrived(history, "chain-stage-2"));
    }

    private static void assertClean(Report report, History history) {
        assertTrue(report.isClean(), () -> "seed " + SEED + "\n" + report.text());
        assertEquals(0, report.allowed().getOrDefault(Anomaly.UNRECORDED_VALUE, 0), report::text);
        assertTrue(history.size() > 0);
    }

    private static long count(History history, Kind kind) {
        return history.operations().stream().filter(one -> one.kind() == kind && one.isOk()).count();
    }

    private static long records(History history, String process) {
        return history.operations().stream().filter(one -> one.process().equals(process))
                .mapToLong(one -> one.records().size()).sum();
    }

    private static long arrived(History history, String topic) {
        return history.operations().stream().filter(one -> one.process().equals("final"))
                .map(Operation::records).mapToLong(records -> records.stream()
                .filter(seen -> seen.place().topic().equals(topic)).count()).sum();
    }
}

package io.semel.it.kit.story;

import io.semel.it.kit.check.Checker;
import io.semel.it.kit.check.Report;
import io.semel.it.kit.engine.RunningEngine;
import io.semel.it.kit.history.Recorder;
import io.semel.it.kit.storage.CrashPoint;
import io.semel.it.kit.storage.Standstill;
import io.semel.it.kit.work.AppendLists;
import io.semel.it.kit.work.BankTransfers;
import io.semel.it.kit.work.Plan;
import io.semel.it.kit.work.Workload;
import io.semel.kernel.world.Saboteur;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A few deaths of one engine, at points and times drawn from a seed, while real clients transact and read
 * along. Used by one thread.
 */
final class Deaths {
    private static final int DEATHS = 3;
    private static final int TIMES = 6;
    private static final Duration COMES_THERE = Duration.ofSeconds(5);
    private static final Duration HEALS = Duration.ofSeconds(15);
    private static final Map<String, String> SMALL = Map.of("log.segment.bytes", "1500",
            "offsets.topic.num.partitions", "2", "transaction.state.log.num.partitions", "2",
            "offsets.topic.segment.bytes", "3000", "transaction.state.log.segment.bytes", "3000",
            "semel.state.snapshot.bytes", "1000", "semel.producer.snapshot.bytes", "700",
            "log.flush.offset.checkpoint.interval.ms", "50");

    private final long seed;
    private final SplittableRandom random;
    private final List<CrashPoint> points;

    Deaths(long seed, List<CrashPoint> points) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.points = points;
    }

    /** @return what a user would notice; null when all is as it should be */
    String noticed(Saboteur... bugs) throws InterruptedException {
        try (RunningEngine engine = RunningEngine.sabotaged(SMALL, bugs)) {
            Plan plan = Plan.against(engine.bootstrap()).named("deaths").withSeed(seed).withClients(3)
                    .withPartitions(2).withOperations(300).within(Duration.ofSeconds(12)).healingWithin(HEALS)
                    .with("batch.size", "1").with("reconnect.backoff.ms", "5").with("retry.backoff.ms", "5");
            Workload workload = random.nextBoolean() ? new BankTransfers() : new AppendLists();
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try (Recorder recorder = Recorder.inMemory()) {
                Future<?> work = thread.submit(() -> workload.run(plan, recorder));
                for (int death = 0; death < DEATHS; death++) dies(engine);
                return judged(engine, work, recorder);
            } finally {
                thread.shutdown();
            }
        }
    }

    private void dies(RunningEngine engine) {
        CrashPoint point = points.get(random.nextInt(points.size()));
        Standstill standstill = engine.storage().standStillAt(point, 1 + random.nextInt(TIMES));
        boolean kills = random.nextBoolean();
        try {
            standstill.await(COMES_THERE);
        } catch (AssertionError notThere) {
            // it dies all the same
        }
        if (kills) engine.crash();
        else engine.cutPower();
        engine.restart();
    }

    private static String judged(RunningEngine engine, Future<?> work, Recorder recorder)
            throws InterruptedException {
        try {
            work.get();
        } catch (ExecutionException broken) {
            return "clients give up: " + broken.getCause().getMessage();
        }
        Report report = Checker.check(recorder.history());
        if (!report.isClean()) return report.text();
        try {
            engine.assertNoOpenTransactions();
            engine.assertServing();
            return null;
        } catch (AssertionError told) {
            return told.getMessage();
        }
    }
}

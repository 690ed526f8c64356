package io.semel.it.kit.chaos;

import io.semel.it.kit.check.Checker;
import io.semel.it.kit.engine.RunningEngine;
import io.semel.it.kit.faults.Faults;
import io.semel.it.kit.faults.Profile;
import io.semel.it.kit.history.History;
import io.semel.it.kit.history.Recorder;
import io.semel.it.kit.work.Plan;
import io.semel.it.kit.work.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * All workloads side by side for a while, everything going wrong, then everything healed, read once more and
 * checked. Used by the main thread.
 */
final class Round {
    private static final int CLIENTS = 3;
    private static final int CRASH_ONE_IN = 150;
    private static final Duration HEALING = Duration.ofSeconds(60);

    private final String name;
    private final long seed;
    private final Duration length;
    private final Mix mix;
    private final Tally tally;
    private final Progress progress;

    Round(String name, long seed, Duration length, Mix mix, Tally tally, Progress progress) {
        this.name = name;
        this.seed = seed;
        this.length = length;
        this.mix = mix;
        this.tally = tally;
        this.progress = progress;
    }

    /** @param engine null when the broker is not ours */
    void run(Faults faults, RunningEngine engine) {
        run(faults, engine, Evidence.NONE);
    }

    /** The same. @param evidence where it is kept if something is wrong */
    void run(Faults faults, RunningEngine engine, Evidence evidence) {
        int complaints = tally.complaints().size();
        faults.startAfresh();
        if (mix.requests()) faults.follow(Faults.random(seed, Profile.ROUGH));
        Schedule schedule = Schedule.draw(seed, length.toMillis(), mix);
        Nemesis nemesis = new Nemesis(schedule, length.toMillis(), faults, engine, tally);
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Recorder> recorders = new ArrayList<>();
        List<Future<?>> work = new ArrayList<>();
        boolean judged = false;
        try {
            for (Workload workload : Workload.ALL) {
                Recorder recorder = Recorder.inMemory();
                recorders.add(recorder);
                work.add(threads.submit(() -> workload.run(plan(faults, workload), recorder)));
            }
            nemesis.begin();
            for (Future<?> one : work) await(one, recorders);
            String lasting = nemesis.finish();
            if (lasting != null) throw new IllegalStateException(lasting);
            tally.struck(faults.schedule());
            if (engine != null) engine.assertServing();
            judge(recorders);
            judged = true;
        } catch (ExecutionException | IllegalStateException | AssertionError failed) {
            Throwable cause = failed instanceof ExecutionException ? failed.getCause() : failed;
            String lasting = nemesis.finish();
            tally.complain(name + ": " + cause.getMessage() + (lasting == null ? open(engine)
                    : "\n" + lasting));
        } finally {
            nemesis.finish();
            end(threads);
            if (!judged) judge(recorders);
            if (tally.complaints().size() > complaints) keep(recorders, engine, evidence);
            tally.roundDone();
        }
    }

    /** Nobody records any more when this returns, or somebody hangs. */
    private static void end(ExecutorService threads) {
        threads.shutdown();
        try {
            threads.awaitTermination(HEALING.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Which transactions are open, if the broker is ours and tells. */
    private static String open(RunningEngine engine) {
        try {
            if (engine != null && engine.isRunning()) engine.assertNoOpenTransactions();
            return "";
        } catch (AssertionError | RuntimeException told) {
            return "\n" + told.getMessage();
        }
    }

    private Plan plan(Faults faults, Workload workload) {
        return Plan.against(faults.bootstrap()).named(name + "-" + workload.name()).withSeed(seed)
                .withClients(CLIENTS).withOperations(Long.MAX_VALUE).within(length)
                .crashingOneIn(CRASH_ONE_IN).healingWithin(HEALING);
    }

    private void await(Future<?> work, List<Recorder> recorders) throws ExecutionException {
        while (true) {
            try {
                work.get(1, TimeUnit.SECONDS);
                return;
            } catch (TimeoutException notYet) {
                long sum = recorders.stream().mapToLong(Recorder::count).sum();
                tally.sample(sum);
                progress.show(tally, sum);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", interrupted);
            }
        }
    }

    private void keep(List<Recorder> recorders, RunningEngine engine, Evidence evidence) {
        for (int index = 0; index < recorders.size(); index++) {
            evidence.keep(name + "-" + Workload.ALL.get(index).name(), recorders.get(index).history());
        }
        evidence.keep(name, engine);
    }

    private void judge(List<Recorder> recorders) {
        for (int index = 0; index < recorders.size(); index++) {
            History history = recorders.get(index).history();
            tally.judged(history, Checker.check(history), name + " " + Workload.ALL.get(index).name());
        }
    }
}

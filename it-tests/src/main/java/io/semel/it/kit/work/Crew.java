package io.semel.it.kit.work;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.KafkaException;

/**
 * Runs sessions on threads of their own until the steps are spent or time is up. A session that fails as
 * Kafka clients fail is dropped, and a new one takes its place; any other failure ends the run. Used by the
 * thread that runs the workload.
 */
final class Crew {
    /** Opens the next life of a client, numbered from 1. */
    interface Opening {
        Session open(int life, SplittableRandom random);
    }

    private final Plan plan;
    private final AtomicLong left;
    private final long deadlineNs;
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> workers = new ArrayList<>();
    private final List<Future<?>> watchers = new ArrayList<>();

    Crew(Plan plan) {
        this.plan = plan;
        this.left = new AtomicLong(plan.operations());
        this.deadlineNs = System.nanoTime() + plan.duration().toNanos();
    }

    /** Its steps count. @param number tells its random numbers from those of others */
    void works(int number, Opening opening) {
        SplittableRandom random = new SplittableRandom(plan.seed() * 1_000 + number);
        workers.add(threads.submit(() -> lives(opening, random, () -> inTime() && left
                .getAndDecrement() > 0)));
    }

    /** Its steps do not count; it goes on as long as anyone works. */
    void follows(int number, Opening opening) {
        SplittableRandom random = new SplittableRandom(plan.seed() * 1_000 + number);
        watchers.add(threads.submit(() -> lives(opening, random, () -> over.getCount() > 0)));
    }

    private boolean inTime() {
        return System.nanoTime() < deadlineNs;
    }

    private void lives(Opening opening, SplittableRandom random, java.util.function.BooleanSupplier goesOn) {
        Session session = null;
        int life = 0;
        while (goesOn.getAsBoolean()) {
            try {
                if (session == null) session = opening.open(++life, random.split());
                session.step();
                if (plan.crashOneIn() == 0 || random.nextInt(plan.crashOneIn()) > 0) continue;
            } catch (KafkaException failed) {
                pause(Duration.ofMillis(20));
            }
            if (session != null) session.abandon();
            session = null;
        }
        if (session != null) session.abandon();
    }

    /** Until the time is over, or all work is. */
    void pause(Duration time) {
        try {
            over.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when everyone has gone home. */
    void finish() {
        try {
            for (Future<?> worker : workers) worker.get();
            over.countDown();
            for (Future<?> watcher : watchers) watcher.get();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a client failed: " + failed.getCause(), failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } finally {
            over.countDown();
            threads.shutdown();
        }
    }
}

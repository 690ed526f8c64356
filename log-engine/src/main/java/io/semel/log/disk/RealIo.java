package io.semel.log.disk;

import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.Io;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * The pool of daemon threads for what may block. Work of one key runs in order, one at a time, and holds no
 * thread while it waits. Its queue is bounded by those who hand work in: a log has one force in flight.
 * Threads are never interrupted: that would close their files.
 */
public final class RealIo implements Io, AutoCloseable {
    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor threads;
    private final Map<Object, ArrayDeque<Runnable>> waitingByKey = new HashMap<>();

    public RealIo(int threadCount) {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(threadCount, threadCount, IDLE_SECONDS, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), work -> {
            Thread thread = new Thread(work, "semel-io-" + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public <T> void run(Object key, Callable<T> work, Lane home, BiConsumer<T, Throwable> reply) {
        try {
            hand(key, () -> answer(work, home, reply));
        } catch (RejectedExecutionException closed) {
            DiskFailure late = new DiskFailure("the broker is stopping: no more disk work is taken", closed);
            home.post(() -> reply.accept(null, late));
        }
    }

    private void hand(Object key, Runnable task) {
        if (key == null) {
            threads.execute(task);
            return;
        }
        synchronized (waitingByKey) {
            ArrayDeque<Runnable> waiting = waitingByKey.get(key);
            if (waiting != null) {
                waiting.add(task);
                return;
            }
            waitingByKey.put(key, new ArrayDeque<>());
        }
        execute(key, () -> runInOrder(key, task));
    }

    private void execute(Object key, Runnable turn) {
        try {
            threads.execute(turn);
        } catch (RejectedExecutionException closed) {
            synchronized (waitingByKey) {
                waitingByKey.remove(key);
            }
            throw closed;
        }
    }

    private void runInOrder(Object key, Runnable first) {
        first.run();
        Runnable next;
        synchronized (waitingByKey) {
            next = waitingByKey.get(key).poll();
            if (next == null) {
                waitingByKey.remove(key);
                waitingByKey.notifyAll();
            }
        }
        if (next != null) threads.execute(() -> runInOrder(key, next));
    }

    private static <T> void answer(Callable<T> work, Lane home, BiConsumer<T, Throwable> reply) {
        T value;
        try {
            value = work.call();
        } catch (Throwable thrown) {
            home.post(() -> reply.accept(null, thrown));
            return;
        }
        home.post(() -> reply.accept(value, null));
    }

    /**
     * Takes no more work and waits for what was handed in, at most {@code waitMs}.
     *
     * @return whether all of it was done
     */
    public boolean drain(long waitMs) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        try {
            synchronized (waitingByKey) {
                while (!waitingByKey.isEmpty()) {
                    long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    if (leftMs <= 0) break;
                    waitingByKey.wait(leftMs);
                }
            }
            threads.shutdown();
            return threads.awaitTermination(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        drain(TimeUnit.SECONDS.toMillis(IDLE_SECONDS));
    }
}

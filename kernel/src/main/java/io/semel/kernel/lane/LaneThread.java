package io.semel.kernel.lane;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A lane with a thread of its own: turns of up to {@value #MAILS_A_TURN} mails, then the turn's end, then
 * what time has woken.
 */
public final class LaneThread implements Lane, AutoCloseable {
    private static final int MAILS_A_TURN = 256;

    private record Alarm(long deadlineMs, long order, Runnable mail) implements Comparable<Alarm> {
        @Override
        public int compareTo(Alarm other) {
            int byTime = Long.compare(deadlineMs, other.deadlineMs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final int index;
    private final LongSupplier clockMs;
    private final Consumer<Throwable> onDefect;
    private final Queue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Runnable> turnEnd = new ArrayDeque<>();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
    private final Thread thread;
    private volatile boolean asleep;
    private volatile boolean stopped;
    private long order;

    /**
     * @param onDefect told once when mail throws: the lane has stopped for good, since its state can no
     *                 longer be trusted
     */
    public LaneThread(String name, int index, LongSupplier clockMs, Consumer<Throwable> onDefect) {
        this.index = index;
        this.clockMs = clockMs;
        this.onDefect = onDefect;
        this.thread = new Thread(this::live, name);
        thread.setDaemon(true);
    }

    public LaneThread start() {
        thread.start();
        return this;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public void post(Runnable mail) {
        mailbox.add(mail);
        if (asleep) LockSupport.unpark(thread);
    }

    @Override
    public void atTurnEnd(Runnable mail) {
        turnEnd.add(mail);
    }

    @Override
    public void wakeAt(long deadlineMs, Runnable mail) {
        alarms.add(new Alarm(deadlineMs, order++, mail));
    }

    /**
     * Stops after the turn under way; mail not yet read is dropped. Waits for the thread unless called from
     * it.
     */
    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
        if (Thread.currentThread() == thread) return;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void live() {
        try {
            while (!stopped) {
                turn();
                rest();
            }
        } catch (Throwable defect) {
            stopped = true;
            onDefect.accept(defect);
        }
    }

    private void turn() {
        for (int read = 0; read < MAILS_A_TURN; read++) {
            Runnable mail = mailbox.poll();
            if (mail == null) break;
            mail.run();
        }
        ringAlarms();
        while (!turnEnd.isEmpty()) turnEnd.poll().run();
    }

    private void ringAlarms() {
        if (alarms.isEmpty()) return;
        long nowMs = clockMs.getAsLong();
        while (!alarms.isEmpty() && alarms.peek().deadlineMs <= nowMs) alarms.poll().mail.run();
    }

    private void rest() {
        if (!mailbox.isEmpty()) return;
        asleep = true;
        try {
            if (!mailbox.isEmpty() || stopped) return;
            if (alarms.isEmpty()) {
                LockSupport.park(this);
                return;
            }
            long restMs = alarms.peek().deadlineMs - clockMs.getAsLong();
            if (restMs > 0) LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(restMs));
        } finally {
            asleep = false;
        }
    }
}

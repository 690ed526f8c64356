package io.semel.kernel.lane;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A lane with a thread of its own: turns of up to {@value #MAILS_A_TURN} mails, what time has woken, the
 * turn's end; then its {@link Berth}.
 */
public final class LaneThread implements Lane, AutoCloseable {
    private static final int MAILS_A_TURN = 256;
    /** So often mail may have brought more mail before the berth has its chance. */
    private static final int TURNS_A_REST = 4;

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
    private final Berth berth;
    private final Thread thread;
    private volatile boolean resting;
    private volatile boolean stopped;
    private long order;

    /**
     * @param onDefect told once when mail throws: the lane has stopped for good, since its state can no
     *                 longer be trusted
     */
    public LaneThread(String name, int index, LongSupplier clockMs, Consumer<Throwable> onDefect,
            Berth berth) {
        this.berth = berth;
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
        if (resting && Thread.currentThread() != thread) berth.wake();
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
        berth.wake();
        if (Thread.currentThread() == thread) return;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void live() {
        try {
            berth.enter(() -> !mailbox.isEmpty() || stopped);
            while (!stopped) {
                int turns = 0;
                do {
                    turn();
                } while (++turns < TURNS_A_REST && !mailbox.isEmpty() && !stopped);
                rest();
            }
        } catch (Throwable defect) {
            stopped = true;
            onDefect.accept(defect);
        } finally {
            berth.leave();
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
        if (!mailbox.isEmpty()) {
            berth.rest(0);
            return;
        }
        resting = true;
        try {
            berth.rest(stopped ? 0 : untilAlarmNanos());
        } finally {
            resting = false;
        }
    }

    private long untilAlarmNanos() {
        if (alarms.isEmpty()) return Long.MAX_VALUE;
        return TimeUnit.MILLISECONDS.toNanos(Math.max(0, alarms.peek().deadlineMs - clockMs.getAsLong()));
    }
}

package io.semel.sim;

import io.semel.kernel.lane.Lane;
import io.semel.kernel.law.Invariant;
import java.util.ArrayDeque;
import java.util.PriorityQueue;

/**
 * A lane whose turns the run deals out: some of the waiting mail, what time has woken, then the turn's end,
 * as a lane's thread does it. Lives as long as its process.
 */
final class SimLane implements Lane, Actor {
    private static final int MAILS_A_TURN = 12;

    private record Alarm(long deadlineMs, long order, Runnable mail) implements Comparable<Alarm> {
        @Override
        public int compareTo(Alarm other) {
            int byTime = Long.compare(deadlineMs, other.deadlineMs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final int index;
    private final SimRun run;
    private final SimClock clock;
    private final Dice dice;
    private final ArrayDeque<Runnable> mailbox = new ArrayDeque<>();
    private final ArrayDeque<Runnable> turnEnd = new ArrayDeque<>();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
    private boolean turning;
    private long order;

    SimLane(int index, SimRun run, SimClock clock, Dice dice) {
        this.index = index;
        this.run = run;
        this.clock = clock;
        this.dice = dice;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public void post(Runnable mail) {
        mailbox.add(mail);
    }

    @Override
    public void atTurnEnd(Runnable mail) {
        Invariant.check(turning, "I12 end of a turn asked for from outside of lane %d at step %d", index,
                run.steps());
        turnEnd.add(mail);
    }

    @Override
    public void wakeAt(long deadlineMs, Runnable mail) {
        Invariant.check(turning, "I12 alarm set from outside of lane %d at step %d", index, run.steps());
        alarms.add(new Alarm(deadlineMs, order++, mail));
    }

    int mailCount() {
        return mailbox.size();
    }

    @Override
    public int choices() {
        boolean due = !alarms.isEmpty() && alarms.peek().deadlineMs <= clock.nowMs();
        return !mailbox.isEmpty() || due ? 1 : 0;
    }

    @Override
    public long nextMs() {
        return alarms.isEmpty() ? Long.MAX_VALUE : clock.trueMs(alarms.peek().deadlineMs);
    }

    @Override
    public void take(int choice) {
        Invariant.check(!turning, "I12 a turn within a turn of lane %d at step %d", index, run.steps());
        turning = true;
        int mails = dice.between(1, MAILS_A_TURN);
        run.trace().note("lane", index, mailbox.size());
        try {
            for (int read = 0; read < mails && !mailbox.isEmpty(); read++) mailbox.poll().run();
            long nowMs = clock.nowMs();
            while (!alarms.isEmpty() && alarms.peek().deadlineMs <= nowMs) alarms.poll().mail.run();
            while (!turnEnd.isEmpty()) turnEnd.poll().run();
        } catch (ProcessDied died) {
            throw died;
        } catch (Throwable defect) {
            throw new SimDefect("lane " + index + " stopped", run, defect);
        }
        turning = false;
    }
}

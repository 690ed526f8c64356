package io.semel.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * One run of one seed on one thread: at each step it lets one of the actors that can do something do it, and
 * time passes; when nobody can, the clock jumps to when somebody will. Actors are favoured and starved by
 * turns, since bugs like unfair schedules.
 */
public final class SimRun {
    /** Where every run's clock starts: a date with no meaning, in milliseconds since 1970. */
    public static final long START_MS = 1_750_000_000_000L;

    private static final int TRACE_LINES = Integer.getInteger("semel.trace.lines", 400);
    private static final int PERCENT_OF_STEPS_THAT_TAKE_TIME = 20;
    private static final int MOOD_STEPS = 120;

    private final long seed;
    private final Dice root;
    private final Dice schedule;
    private final Trace trace = new Trace(TRACE_LINES);
    private final Timers timers = new Timers(this);
    private final List<Actor> actors = new ArrayList<>();
    private final List<Integer> favours = new ArrayList<>();
    private int[] chances = new int[8];
    private long nowMs = START_MS;
    private long steps;
    private long moodEndsAt;

    public SimRun(long seed) {
        this.seed = seed;
        this.root = new Dice(seed);
        this.schedule = root.fork("schedule");
        add(timers);
    }

    public long seed() {
        return seed;
    }

    public long nowMs() {
        return nowMs;
    }

    public long steps() {
        return steps;
    }

    public Trace trace() {
        return trace;
    }

    /** A stream of random numbers for the part of that name: always the same one for a seed. */
    public Dice dice(String name) {
        return root.fork(name);
    }

    public void add(Actor actor) {
        actors.add(actor);
        favours.add(1);
    }

    public void remove(Actor actor) {
        int index = actors.indexOf(actor);
        actors.remove(index);
        favours.remove(index);
    }

    /** Runs {@code work} once {@code delayMs} have passed, as an actor's turn of its own. */
    public void after(long delayMs, String what, Runnable work) {
        timers.add(nowMs + delayMs, what, work);
    }

    /** Time passes in which nobody did anything: a process was stopped, a machine slept. */
    public void jump(long ms) {
        nowMs += ms;
        trace.note("clock jumps", ms, 0);
    }

    /** Lets one actor do one thing. @return false when nobody can and nobody ever will by time alone */
    public boolean step() {
        steps++;
        if (schedule.percent(PERCENT_OF_STEPS_THAT_TAKE_TIME)) nowMs++;
        trace.at(steps, nowMs);
        if (steps >= moodEndsAt) changeMood();
        int total = weigh();
        if (total == 0) return jumpToNext();
        int pick = schedule.below(total);
        for (int index = 0; index < actors.size(); index++) {
            if (pick < chances[index]) {
                take(index, pick / favours.get(index));
                return true;
            }
            pick -= chances[index];
        }
        throw new IllegalStateException("an actor lost its choice without a turn");
    }

    private void take(int index, int choice) {
        try {
            actors.get(index).take(choice);
        } catch (ProcessDied died) {
            died.bury();
        }
    }

    /**
     * Steps until {@code done} or quiet. @return whether it is done; false after {@code stepsMax} or when
     * nothing can happen any more
     */
    public boolean until(BooleanSupplier done, long stepsMax) {
        for (long count = 0; count < stepsMax; count++) {
            if (done.getAsBoolean()) return true;
            if (!step()) return done.getAsBoolean();
        }
        return done.getAsBoolean();
    }

    /** Steps until nothing can happen before {@code ms} more have passed. */
    public void passMs(long ms) {
        long endMs = nowMs + ms;
        boolean[] over = {false};
        after(ms, "passed", () -> over[0] = true);
        while (!over[0] || nowMs < endMs) step();
    }

    private int weigh() {
        if (chances.length < actors.size()) chances = new int[actors.size() * 2];
        int total = 0;
        for (int index = 0; index < actors.size(); index++) {
            chances[index] = actors.get(index).choices() * favours.get(index);
            total += chances[index];
        }
        return total;
    }

    private boolean jumpToNext() {
        long nextMs = Long.MAX_VALUE;
        for (Actor actor : actors) nextMs = Math.min(nextMs, actor.nextMs());
        if (nextMs == Long.MAX_VALUE) return false;
        nowMs = Math.max(nowMs, nextMs);
        return true;
    }

    private void changeMood() {
        moodEndsAt = steps + schedule.between(10, MOOD_STEPS);
        for (int index = 0; index < favours.size(); index++) {
            int mood = schedule.below(8);
            favours.set(index, mood == 0 ? 30 : mood == 1 ? 6 : 1);
        }
    }
}

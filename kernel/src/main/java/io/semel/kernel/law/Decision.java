package io.semel.kernel.law;

import java.util.List;

/**
 * What a command leads to: events to append, and either a reply or a place to wait. Immutable.
 *
 * <p>A parked command is decided anew, as the same command, when an event wakes its key; if none does until
 * {@code parkUntilMs} the asker gets {@code reply}. So a room remembers no askers: a command must recognise
 * its own earlier effect.
 *
 * @param events      in order; appended as one unit, durable ones together
 * @param reply       the answer, or when parked the answer given at {@code parkUntilMs}
 * @param parkKey     what to wait for, null when not parked
 * @param parkUntilMs when waiting ends
 * @param restsOn     journal offset that must be durable before the reply leaves, exclusive end;
 *                    {@link #RESTS_ON_ALL} for everything appended so far
 */
public record Decision<E, R>(List<E> events, R reply, Object parkKey, long parkUntilMs, long restsOn) {
    /** The reply rests on everything appended so far, this decision's events included: the safe default. */
    public static final long RESTS_ON_ALL = -1;

    /** Answers without changing anything. */
    public static <E, R> Decision<E, R> reply(R reply) {
        return new Decision<>(List.of(), reply, null, 0, RESTS_ON_ALL);
    }

    /** Appends, evolves, then answers once it is durable. */
    public static <E, R> Decision<E, R> write(List<E> events, R reply) {
        return new Decision<>(List.copyOf(events), reply, null, 0, RESTS_ON_ALL);
    }

    /** As {@link #write(List, Object)} for one event. */
    public static <E, R> Decision<E, R> write(E event, R reply) {
        return new Decision<>(List.of(event), reply, null, 0, RESTS_ON_ALL);
    }

    /** Waits for {@code key} to be woken; answers {@code late} at {@code untilMs}. */
    public static <E, R> Decision<E, R> park(Object key, long untilMs, R late) {
        return new Decision<>(List.of(), late, key, untilMs, RESTS_ON_ALL);
    }

    /** Appends and evolves, then waits as {@link #park}. */
    public static <E, R> Decision<E, R> writeAndPark(List<E> events, Object key, long untilMs, R late) {
        return new Decision<>(List.copyOf(events), late, key, untilMs, RESTS_ON_ALL);
    }

    /**
     * The same decision, its reply resting on less than everything: on the journal up to {@code offset}
     * (exclusive end).
     */
    public Decision<E, R> restingOn(long offset) {
        return new Decision<>(events, reply, parkKey, parkUntilMs, offset);
    }

    /** True when the asker waits. */
    public boolean parked() {
        return parkKey != null;
    }
}

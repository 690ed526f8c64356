package io.semel.kernel.law;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Holds what may not leave before the journal is durable up to the offset it rests on (I1): the one gate of
 * every room and partition. Releases in order of the offset rested on, then of arrival. Owned by one lane.
 */
public final class Gate {
    private record Held(long restsOn, long arrival, Runnable release) implements Comparable<Held> {
        @Override
        public int compareTo(Held other) {
            int byOffset = Long.compare(restsOn, other.restsOn);
            return byOffset != 0 ? byOffset : Long.compare(arrival, other.arrival);
        }
    }

    private final PriorityQueue<Held> held = new PriorityQueue<>();
    private final boolean leaking;
    private long durableOffset;
    private long arrivals;

    public Gate(long durableOffset) {
        this(durableOffset, false);
    }

    /** @param leaking the saboteur "reply before durable": lets everything out at once */
    public Gate(long durableOffset, boolean leaking) {
        this.durableOffset = durableOffset;
        this.leaking = leaking;
    }

    /**
     * Runs {@code release} once everything below {@code restsOn} is durable: now, or in a later
     * {@link #durable}.
     */
    public void hold(long restsOn, Runnable release) {
        if (leaking || restsOn <= durableOffset) release.run();
        else held.add(new Held(restsOn, arrivals++, release));
    }

    /** Everything below {@code offset} is durable; releases what rested on it. */
    public void durable(long offset) {
        Invariant.check(offset >= durableOffset, "I7 durable offset falls to %d from %d", offset,
            durableOffset);
        durableOffset = offset;
        while (!held.isEmpty() && held.peek().restsOn <= durableOffset) held.poll().release.run();
    }

    /** Takes out everything still held, in order, without releasing it: the journal failed. */
    public List<Runnable> drop() {
        List<Runnable> dropped = new ArrayList<>(held.size());
        while (!held.isEmpty()) dropped.add(held.poll().release);
        return dropped;
    }

    public long durableOffset() {
        return durableOffset;
    }

    public int size() {
        return held.size();
    }
}

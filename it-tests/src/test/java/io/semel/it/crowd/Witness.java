package io.semel.it.crowd;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sees who reads which partition of which group, and what was acknowledged. Any thread: it is asked before a
 * member begins to read and after it has ceased.
 */
final class Witness {
    private static final class Seat {
        private String reader;
        private CrowdMember who;
        private long acknowledged = -1;
    }

    /** The longest that a member lives, in milliseconds. */
    final int lifeMs;
    /** What is counted; read when all is over. */
    final AtomicLong joins = new AtomicLong();
    final AtomicLong leaves = new AtomicLong();
    final AtomicLong crashes = new AtomicLong();
    final AtomicLong takings = new AtomicLong();
    final AtomicLong commits = new AtomicLong();
    final AtomicLong heartbeats = new AtomicLong();
    /** Partitions taken from a member whose session had ended without its knowing. */
    final AtomicLong takenFromLate = new AtomicLong();
    private final Map<String, Seat> seats = new TreeMap<>();
    private final Map<String, Integer> epochs = new TreeMap<>();
    private String breach;

    Witness(int lifeMs) {
        this.lifeMs = lifeMs;
    }

    synchronized void takes(int partition, CrowdMember member, long nowMs) {
        takings.incrementAndGet();
        Seat seat = seat(member.group, partition);
        if (seat.reader != null && seat.who != member) {
            if (seat.who.isLate(nowMs)) takenFromLate.incrementAndGet();
            else fail(member.group + "-" + partition + " is read by " + seat.reader + " and "
                    + member.memberId);
        }
        seat.reader = member.memberId;
        seat.who = member;
    }

    synchronized void givesUp(int partition, CrowdMember member) {
        Seat seat = seat(member.group, partition);
        if (seat.who == member) seat.reader = null;
    }

    synchronized void acknowledged(String group, int partition, long offset) {
        commits.incrementAndGet();
        Seat seat = seat(group, partition);
        seat.acknowledged = Math.max(seat.acknowledged, offset);
    }

    synchronized long acknowledged(String group, int partition) {
        return seat(group, partition).acknowledged;
    }

    synchronized void found(String group, int partition, long offset, long leastExpected) {
        if (offset < leastExpected) {
            fail(group + "-" + partition + " is at " + offset + " though " + leastExpected
                    + " was acknowledged");
        }
    }

    synchronized void epoch(String group, int epoch) {
        epochs.merge(group, epoch, Math::max);
    }

    /** Generations and epochs of all groups together. */
    synchronized long rebalances() {
        return epochs.values().stream().mapToLong(Integer::longValue).sum();
    }

    synchronized int readers(String group) {
        int readers = 0;
        for (Map.Entry<String, Seat> each : seats.entrySet()) {
            if (each.getKey().startsWith(group + "/") && each.getValue().reader != null) readers++;
        }
        return readers;
    }

    synchronized void fail(String what) {
        if (breach == null) breach = what;
    }

    /** The first thing that went wrong, null for nothing. */
    synchronized String breach() {
        return breach;
    }

    private Seat seat(String group, int partition) {
        return seats.computeIfAbsent(group + "/" + partition, key -> new Seat());
    }
}

package io.semel.sim;

import java.util.ArrayDeque;

/**
 * What happened, in order: a digest over all of it, and the last lines for a human. Two runs of one seed
 * have one digest. One thread.
 */
public final class Trace {
    private static final long PRIME = 0x100000001B3L;

    private record Line(long step, long atMs, String what, long first, long second) {
        @Override
        public String toString() {
            return step + " @" + atMs + "ms " + what + " " + first + " " + second;
        }
    }

    private final ArrayDeque<Line> tail = new ArrayDeque<>();
    private final int linesMax;
    private long digest = 0xCBF29CE484222325L;
    private long step;
    private long atMs;

    Trace(int linesMax) {
        this.linesMax = linesMax;
    }

    void at(long step, long atMs) {
        this.step = step;
        this.atMs = atMs;
    }

    /** Notes that {@code what} happened, with two numbers that tell it from its like. */
    public void note(String what, long first, long second) {
        mix(what.hashCode());
        mix(first);
        mix(second);
        mix(atMs);
        if (tail.size() == linesMax) tail.poll();
        tail.add(new Line(step, atMs, what, first, second));
    }

    public long digest() {
        return digest;
    }

    /** The last lines, oldest first. */
    public String tail() {
        StringBuilder text = new StringBuilder();
        for (Line line : tail) text.append(line).append('\n');
        return text.toString();
    }

    private void mix(long value) {
        digest = (digest ^ value) * PRIME;
        digest ^= digest >>> 29;
    }
}

package io.semel.sim;

/**
 * A stream of numbers that is the same on every JVM (SplitMix64); each part of the simulation forks its own
 * by name, so that a throw more in one part does not move the others. One thread.
 */
public final class Dice {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    public Dice(long seed) {
        this.state = seed;
    }

    /**
     * A stream of its own, which depends on this one's seed and the name only when forked before anything is
     * thrown.
     */
    public Dice fork(String name) {
        long mixed = state;
        for (int index = 0; index < name.length(); index++) mixed = mix(mixed * 31 + name.charAt(index)
                + GAMMA);
        return new Dice(mixed);
    }

    public long nextLong() {
        state += GAMMA;
        return mix(state);
    }

    /** 0 ≤ result &lt; bound. */
    public int below(int bound) {
        return (int) ((nextLong() >>> 33) % bound);
    }

    /** from ≤ result ≤ to. */
    public int between(int from, int to) {
        return from + below(to - from + 1);
    }

    public boolean percent(int percent) {
        return below(100) < percent;
    }

    private static long mix(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}

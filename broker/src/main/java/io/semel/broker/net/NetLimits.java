package io.semel.broker.net;

/**
 * What clients may take of us (I14). Immutable.
 *
 * @param requestBytesMax the largest frame; no more than the largest share of {@code framesBytesMax} is taken
 * @param framesBytesMax all frames that are incomplete or being worked on, over all connections
 * @param connectionsMax open connections; more are closed at once
 * @param idleMs a connection on which nothing moves for so long, and for which nothing is being done, is
 * closed
 * @param stuckMs how long a frame may wait for memory before the largest incomplete one of that age is given
 * up
 */
public record NetLimits(int requestBytesMax, long framesBytesMax, int connectionsMax, long idleMs,
    long stuckMs) {
    private static final long MIB = 1 << 20;

    /** 100 MiB a request, 256 MiB or half of the heap for all, 10,000 connections, 10 minutes, 10 seconds. */
    public static NetLimits defaults() {
        long framesBytesMax = Math.min(256 * MIB, Runtime.getRuntime().maxMemory() / 2);
        return new NetLimits((int) (100 * MIB), framesBytesMax, 10_000, 600_000, 10_000);
    }

    /** The largest frame that is taken. */
    int frameBytesMax() {
        return (int) Math.min(requestBytesMax, FrameBudget.largeShare(framesBytesMax) - FrameBudget.OVERHEAD);
    }
}

package io.semel.sim;

import io.semel.kernel.world.DiskFailure;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is wrong with a simulated disk just now: set by a test or a nemesis, gone after {@link #heal}; all but
 * bad sectors also after a crash. One thread.
 */
public final class DiskFaults {
    private static final long PLENTY = 1L << 40;

    private record Range(long first, long end) {
    }

    private final Dice dice;
    private final Map<String, Range> unreadable = new TreeMap<>();
    private long capacityBytes = PLENTY;
    private int forcesToFail;
    private String failingPrefix = "";
    private boolean struck;

    DiskFaults(Dice dice) {
        this.dice = dice;
    }

    /** The disk holds this many bytes in all, indexes not counted. */
    public void capacity(long bytes) {
        this.capacityBytes = bytes;
    }

    /** The next {@code count} forces of files or directories whose path starts so fail, each once. */
    public void failForces(String pathPrefix, int count) {
        this.failingPrefix = pathPrefix;
        this.forcesToFail = count;
    }

    /** Reads of that file that touch the range fail, in lives to come, too: a sector has gone bad. */
    public void failReads(String path, long first, long end) {
        unreadable.put(path, new Range(first, end));
    }

    /** All of every file can be read. */
    public void readAgain() {
        unreadable.clear();
    }

    /** The disk is as large as it was. */
    public void roomAgain() {
        capacityBytes = PLENTY;
    }

    /** Space comes back, forces and reads work again. What a failed force has lost stays lost. */
    public void heal() {
        roomAgain();
        forcesToFail = 0;
        readAgain();
    }

    /** True when a force has failed in this life of the process. */
    public boolean struck() {
        return struck;
    }

    void newLife() {
        struck = false;
        roomAgain();
        forcesToFail = 0;
    }

    /** True when nothing is wrong with it. */
    public boolean harmless() {
        return capacityBytes == PLENTY && forcesToFail == 0 && unreadable.isEmpty();
    }

    long capacityBytes() {
        return capacityBytes;
    }

    void beforeForce(String path) {
        if (!forceFails(path)) return;
        throw new DiskFailure(path + ": force failed (simulated)", null);
    }

    boolean forceFails(String path) {
        if (forcesToFail == 0 || !path.startsWith(failingPrefix)) return false;
        forcesToFail--;
        struck = true;
        return true;
    }

    void beforeRead(String path, long position, int length) {
        Range range = unreadable.get(path);
        if (range == null || position >= range.end || position + length <= range.first) return;
        throw new DiskFailure(path + ": read of " + length + " bytes at " + position + " failed (simulated)",
                null);
    }

    /** How many of the bytes that do not all fit are taken before the disk refuses. */
    int taken(int fitting) {
        return dice.below(fitting + 1);
    }
}

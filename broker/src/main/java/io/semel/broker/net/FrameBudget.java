package io.semel.broker.net;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory of all frames that are incomplete or being worked on. Large frames share three quarters of it,
 * medium ones, as producers with usual limits send them, seven eighths, so that smaller ones pass while
 * larger ones wait. Who gets nothing leaves a wake-up call, which may come for nothing. Any thread.
 */
final class FrameBudget {
    /** Frames up to this size may use all of the budget. */
    static final int SMALL_MAX = 64 * 1024;
    /** Frames up to this size and up to a 64th of the budget are medium: a batch of max.message.bytes is. */
    static final int MEDIUM_MAX = 2 * 1024 * 1024;
    /** What a frame costs besides its bytes: it becomes objects. */
    static final int OVERHEAD = 1024;

    private static final int WAKE_UPS_MAX = 32;

    private final long total;
    private final AtomicLong used = new AtomicLong();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    FrameBudget(long total) {
        this.total = total;
    }

    static long largeShare(long total) {
        return total / 4 * 3;
    }

    /**
     * Takes memory for a frame of {@code frameSize} bytes, all of it or a part; false when there is not so
     * much.
     */
    boolean take(long bytes, int frameSize) {
        long most = share(frameSize);
        long before = used.get();
        while (before + bytes <= most) {
            if (used.compareAndSet(before, before + bytes)) return true;
            before = used.get();
        }
        return false;
    }

    private long share(int frameSize) {
        if (frameSize <= SMALL_MAX) return total;
        boolean medium = frameSize <= MEDIUM_MAX && frameSize <= total / 64;
        return medium ? total / 8 * 7 : largeShare(total);
    }

    void give(long bytes) {
        used.addAndGet(-bytes);
        for (int woken = 0; woken < WAKE_UPS_MAX; woken++) {
            Runnable wakeUp = waiting.poll();
            if (wakeUp == null) return;
            wakeUp.run();
        }
    }

    /** Calls when memory was given back. Whoever waits tries again right after this, or may miss a call. */
    void await(Runnable wakeUp) {
        waiting.add(wakeUp);
    }

    /** Calls all who wait: {@link #give} calls only the first, who may want more than there is. */
    void wakeAll() {
        for (int left = waiting.size(); left > 0; left--) {
            Runnable wakeUp = waiting.poll();
            if (wakeUp != null) wakeUp.run();
        }
    }

    long used() {
        return used.get();
    }
}

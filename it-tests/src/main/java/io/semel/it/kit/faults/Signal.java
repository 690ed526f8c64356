package io.semel.it.kit.faults;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The one monitor of a proxy: whoever changes what another waits for, rings it. Any thread. */
final class Signal {
    /** Rings when anything that somebody may wait for has changed. */
    synchronized void ring() {
        notifyAll();
    }

    /** Waits until it holds, at most for so long. @return whether it holds */
    synchronized boolean await(BooleanSupplier until, long nanosMax) {
        long deadline = System.nanoTime() + nanosMax;
        while (!until.getAsBoolean()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) return false;
            try {
                wait(left / 1_000_000, (int) (left % 1_000_000));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return until.getAsBoolean();
            }
        }
        return true;
    }

    boolean awaitMs(BooleanSupplier until, long ms) {
        return await(until, TimeUnit.MILLISECONDS.toNanos(ms));
    }
}

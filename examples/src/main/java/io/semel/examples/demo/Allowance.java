package io.semel.examples.demo;

/**
 * How many flights may have been sent so far: the loader waits here, the round raises it as results come.
 * Any thread.
 */
final class Allowance {

    private long allowed;
    private boolean closed;

    synchronized void raiseTo(long count) {
        if (count <= allowed) return;
        allowed = count;
        notifyAll();
    }

    /** Waits until this many may be sent; false if the round ended meanwhile. */
    synchronized boolean await(long count) throws InterruptedException {
        while (allowed < count && !closed) wait();
        return !closed;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }
}

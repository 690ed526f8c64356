package io.semel.log.disk;

import io.semel.kernel.world.DiskFailure;

/**
 * The first failure of what belongs together is final for all of it (I13): a log's lane and its I/O threads
 * share one.
 */
public final class Health {
    private final String name;
    private volatile DiskFailure failure;

    public Health(String name) {
        this.name = name;
    }

    /** Remembers the first failure. @return what was given, to be thrown */
    public DiskFailure failed(DiskFailure cause) {
        if (failure == null) failure = cause;
        return cause;
    }

    public boolean good() {
        return failure == null;
    }

    /** What it is about was closed: nothing is written any more. */
    public void closed() {
        if (failure == null) failure = new DiskFailure(name + " is closed", null);
    }

    /** Throws when something has failed before. */
    public void check() {
        DiskFailure cause = failure;
        if (cause == null) return;
        throw new DiskFailure(name + " takes no more writes until it is opened again, since: "
                + cause.getMessage(), cause);
    }
}

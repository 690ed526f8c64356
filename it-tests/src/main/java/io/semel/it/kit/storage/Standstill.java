package io.semel.it.kit.storage;

import java.time.Duration;

/**
 * An engine that is to stand still at a {@link CrashPoint}: from then on nothing changes on its disk and
 * nobody whose request needs that is answered, until it dies or its storage is healed. Any thread.
 */
public final class Standstill {
    private final Storage storage;
    private final CrashPoint point;
    private final String where;
    private final int atTime;
    private final CrashPoint.Past past;
    private int times;

    Standstill(Storage storage, CrashPoint point, String where, int atTime) {
        this.storage = storage;
        this.point = point;
        this.where = where;
        this.atTime = atTime;
        this.past = point.past();
    }

    /** Under the storage's monitor. @return whether it is time to stand still */
    boolean sees(DiskStep step) {
        if (!step.path().contains(where) || !point.isReached(step, past)) return false;
        times++;
        return times == atTime;
    }

    public CrashPoint point() {
        return point;
    }

    /** How often the engine has come to the point. */
    public int times() {
        synchronized (storage) {
            return times;
        }
    }

    /** Returns when the engine stands still there. @throws AssertionError it has not in this time */
    public void await(Duration patience) {
        if (!storage.awaitStill(this, patience)) {
            throw new AssertionError("the engine came " + times() + " times to " + point + " in " + patience
                    + ", not " + atTime);
        }
    }

    @Override
    public String toString() {
        return point + " for the " + atTime + ". time" + (where.isEmpty() ? "" : " in " + where);
    }
}

package io.semel.kernel.lane;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A berth where there is nothing to do. */
final class Parking implements Berth {
    private volatile Thread parked;
    private BooleanSupplier hasMail;

    @Override
    public void enter(BooleanSupplier hasMail) {
        this.hasMail = hasMail;
        this.parked = Thread.currentThread();
    }

    @Override
    public void rest(long nanos) {
        if (nanos <= 0 || hasMail.getAsBoolean()) return;
        if (nanos == Long.MAX_VALUE) LockSupport.park(this);
        else LockSupport.parkNanos(this, nanos);
    }

    @Override
    public void wake() {
        LockSupport.unpark(parked);
    }

    @Override
    public void leave() {
        parked = null;
    }
}

package io.semel.kernel.lane;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A berth where there is nothing to do. */
final class Parking implements Berth {
    private volatile Thread parked;
    private BooleanSupplier isCalled;

    @Override
    public void enter(BooleanSupplier isCalled) {
        this.isCalled = isCalled;
        this.parked = Thread.currentThread();
    }

    @Override
    public void rest(long nanos) {
        if (nanos <= 0 || isCalled.getAsBoolean()) return;
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

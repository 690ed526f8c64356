package io.semel.broker.net;

import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;
import io.semel.kernel.lane.Berth;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * An event loop that a lane's thread turns between its own turns: what comes in for rooms of that lane, and
 * what they answer, crosses no other thread. What was answered in a turn is written before the thread waits.
 */
final class LaneLoop extends ManualIoEventLoop implements Berth {
    private static final long NO_WAIT = -1, FOR_EVER = 0;

    private BooleanSupplier isCalled = () -> false;

    LaneLoop(IoEventLoopGroup group, IoHandlerFactory factory) {
        super(group, null, factory);
    }

    @Override
    public void enter(BooleanSupplier laneIsCalled) {
        isCalled = laneIsCalled;
        setOwningThread(Thread.currentThread());
        runNow();
    }

    @Override
    public void rest(long nanos) {
        runNonBlockingTasks(0);
        run(nanos <= 0 ? NO_WAIT : nanos == Long.MAX_VALUE ? FOR_EVER : nanos);
    }

    @Override
    public void wake() {
        wakeup();
    }

    @Override
    protected boolean canBlock() {
        return !isCalled.getAsBoolean();
    }

    /** Hangs up on everybody who is left. */
    @Override
    public void leave() {
        shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
        while (!isTerminated()) runNow();
    }
}

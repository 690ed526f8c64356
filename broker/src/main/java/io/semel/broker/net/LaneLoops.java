package io.semel.broker.net;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutor;
import io.semel.kernel.lane.Berth;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** An event loop for each lane, whose threads turn them; it has none of its own. Any thread. */
public final class LaneLoops {
    private final List<LaneLoop> loops = new ArrayList<>();
    private final Group group;

    public LaneLoops(int laneCount) {
        group = new Group(laneCount);
        for (EventExecutor loop : group) loops.add((LaneLoop) loop);
    }

    /** For lane {@code index}: there it rests. */
    public Berth berth(int index) {
        return loops.get(index);
    }

    /** Deals connections out, in turn. */
    MultiThreadIoEventLoopGroup group() {
        return group;
    }

    /** The lane whose thread turns {@code loop}. */
    int laneOf(EventExecutor loop) {
        return loops.indexOf(loop);
    }

    private static final class Group extends MultiThreadIoEventLoopGroup {
        private static final Executor NONE = command -> {
            throw new IllegalStateException("lanes turn these loops");
        };

        Group(int loopCount) {
            super(loopCount, NONE, NioIoHandler.newFactory());
        }

        @Override
        protected IoEventLoop newChild(Executor none, IoHandlerFactory factory, Object... more) {
            return new LaneLoop(this, factory);
        }
    }
}

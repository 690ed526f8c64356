package io.semel.broker.net;

import io.semel.kernel.lane.LaneThread;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Event loops with lanes that turn them. */
final class TurnedLoops implements AutoCloseable {
    private final LaneLoops loops;
    private final List<LaneThread> lanes = new ArrayList<>();
    private final AtomicReference<Throwable> defect = new AtomicReference<>();

    TurnedLoops(int count) {
        loops = new LaneLoops(count);
        for (int index = 0; index < count; index++) {
            lanes.add(new LaneThread("loop-" + index, index, System::currentTimeMillis, defect::set,
                    loops.berth(index)).start());
        }
    }

    LaneThread lane(int index) {
        return lanes.get(index);
    }

    LaneLoops loops() {
        return loops;
    }

    @Override
    public void close() {
        lanes.forEach(LaneThread::close);
        if (defect.get() != null) throw new AssertionError("a loop's thread failed", defect.get());
    }
}

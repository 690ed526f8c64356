package io.semel.broker;

import io.semel.broker.config.EngineConfig;
import io.semel.broker.net.LaneLoops;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.lane.LaneThread;
import io.semel.kernel.lane.Lanes;
import io.semel.kernel.world.Clock;
import io.semel.kernel.world.Disk;
import io.semel.kernel.world.Entropy;
import io.semel.kernel.world.Io;
import io.semel.kernel.world.World;
import io.semel.log.disk.FileDisk;
import io.semel.log.disk.RealIo;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The world as it is: threads, files, time. Made once for each engine; any thread. */
final class RealWorld implements World, Lanes, AutoCloseable {
    private final FileDisk disk;
    private final Clock clock;
    private final RealIo io;
    private final SecureRandom random = new SecureRandom();
    private final LaneLoops loops;
    private final List<LaneThread> lanes = new ArrayList<>();

    /** @param onDefect told when a lane stops because we are wrong */
    RealWorld(EngineConfig config, Clock clock, Consumer<Throwable> onDefect) {
        this.clock = clock;
        this.disk = FileDisk.light(config.dataDirectory());
        this.io = new RealIo(config.ioThreads());
        int count = config.lanes() > 0 ? config.lanes() : Runtime.getRuntime().availableProcessors();
        this.loops = new LaneLoops(count);
        for (int index = 0; index < count; index++) {
            lanes.add(new LaneThread("semel-lane-" + index, index, clock::nowMs, onDefect,
                    loops.berth(index)).start());
        }
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Entropy entropy() {
        return random::nextLong;
    }

    @Override
    public Disk disk() {
        return disk;
    }

    @Override
    public Lanes lanes() {
        return this;
    }

    @Override
    public Io io() {
        return io;
    }

    @Override
    public int count() {
        return lanes.size();
    }

    @Override
    public Lane lane(int index) {
        return lanes.get(index);
    }

    /** The network's share of the lanes' threads. */
    LaneLoops loops() {
        return loops;
    }

    /** Loads what makes it faster and nobody waits for. */
    void settle() {
        disk.useBestIndexes();
    }

    /** Lanes sleep until their next alarm as it was far when they fell asleep: mail wakes them. */
    void lookAtTheClock() {
        lanes.forEach(lane -> lane.post(() -> { }));
    }

    @Override
    public void close() {
        lanes.forEach(LaneThread::close);
        io.close();
    }
}

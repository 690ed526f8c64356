package io.semel.broker;

import io.semel.broker.partition.Partition;
import io.semel.broker.partition.Rooms;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.World;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down from time to time how far each log is forced, so that the next start checks only what lies above and knows damage below
 * for what it is. Owned by lane 0; writes on an I/O thread.
 */
final class Checkpoints {
    private static final long EVERY_MS = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

    /** Where they are kept. Called on I/O threads, one call at a time. */
    interface Keeper {
        void write(Map<String, Long> recoveryPoints);
    }

    private final World world;
    private final Rooms rooms;
    private final Keeper keeper;

    Checkpoints(World world, Rooms rooms, Keeper keeper) {
        this.world = world;
        this.rooms = rooms;
        this.keeper = keeper;
    }

    /** From now on, on {@code home}, until the process ends. */
    void run(Lane home) {
        home.wakeAt(world.clock().nowMs() + EVERY_MS, () -> {
            take(home);
            run(home);
        });
    }

    private void take(Lane home) {
        Map<String, Long> points = new TreeMap<>();
        int[] left = {world.lanes().count()};
        rooms.visitOpen(open -> {
            Map<String, Long> here = new TreeMap<>();
            for (Partition partition : open) here.put(partition.name().toString(), partition.log().recoveryPoint());
            home.post(() -> {
                points.putAll(here);
                if (--left[0] == 0) write(points, home);
            });
        });
    }

    private void write(Map<String, Long> points, Lane home) {
        world.io().run(this, () -> {
            keeper.write(points);
            return null;
        }, home, (done, problem) -> {
            if (problem != null) LOG.warn("recovery points were not written: {}", problem.getMessage());
        });
    }
}

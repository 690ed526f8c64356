package io.semel.broker;

import io.semel.broker.partition.Rooms;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.World;

/** What wants doing now and then on every partition: forgetting idle producers. Owned by one lane. */
final class Housekeeping {
    /** {@code producer.id.expiration.check.interval.ms}. */
    private static final long EVERY_MS = 600_000;

    private final World world;
    private final Lane lane;
    private final Rooms rooms;
    private final int producerIdleMs;

    Housekeeping(World world, Lane lane, Rooms rooms, int producerIdleMs) {
        this.world = world;
        this.lane = lane;
        this.rooms = rooms;
        this.producerIdleMs = producerIdleMs;
    }

    /** From now on, until the process ends. On the lane. */
    void run() {
        lane.wakeAt(world.clock().nowMs() + EVERY_MS, () -> {
            long nowMs = world.clock().nowMs();
            rooms.visitOpen(open -> open.forEach(partition -> partition.forgetIdleProducers(nowMs, producerIdleMs)));
            run();
        });
    }
}

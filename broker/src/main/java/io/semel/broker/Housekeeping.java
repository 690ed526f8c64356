package io.semel.broker;

import io.semel.broker.config.BrokerConfig;
import io.semel.broker.partition.Partition;
import io.semel.broker.partition.Rooms;
import io.semel.broker.partition.StartKeeping;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.Saboteur;
import io.semel.kernel.world.World;
import io.semel.log.Retention;
import io.semel.log.disk.Reserve;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What wants doing now and then: forgetting idle producers, removing old records, keeping something set aside
 * for a full disk. Owned by one lane.
 */
final class Housekeeping {
    /** {@code log.retention.check.interval.ms}. */
    private static final long RECORDS_EVERY_MS = 300_000;
    /** {@code producer.id.expiration.check.interval.ms}. */
    private static final long PRODUCERS_EVERY_MS = 600_000;
    private static final long RESERVE_EVERY_MS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final World world;
    private final Lane lane;
    private final Rooms rooms;
    private final RoomPlan plan;
    private final StartKeeping starts;
    private final BrokerConfig config;

    Housekeeping(World world, Lane lane, Rooms rooms, RoomPlan plan, StartKeeping starts,
            BrokerConfig config) {
        this.world = world;
        this.lane = lane;
        this.rooms = rooms;
        this.plan = plan;
        this.starts = starts;
        this.config = config;
    }

    /** From now on, until the process ends. On the lane. */
    void run() {
        every(config.number("producer.id.expiration.check.interval.ms", PRODUCERS_EVERY_MS),
                this::forgetIdleProducers);
        every(config.number("log.retention.check.interval.ms", RECORDS_EVERY_MS), this::expire);
        fillReserve();
        every(RESERVE_EVERY_MS, this::mindTheReserve);
    }

    private void every(long ms, Runnable chore) {
        lane.wakeAt(world.clock().nowMs() + ms, () -> {
            chore.run();
            every(ms, chore);
        });
    }

    /** A full disk is a reason to look for what has expired now. */
    private void mindTheReserve() {
        if (plan.reserve().takeFoundFull()) expire();
        if (plan.reserve().spent()) fillReserve();
    }

    private void fillReserve() {
        Reserve reserve = plan.reserve();
        boolean wasSpent = reserve.spent();
        world.io().run(reserve, () -> {
            reserve.fill();
            return null;
        }, lane, (nothing, problem) -> {
            if (problem != null) LOG.warn("nothing is set aside for a full disk: {}", problem.getMessage());
            else if (wasSpent && !reserve.spent()) LOG.info("the disk has room again: records are taken");
        });
    }

    private void forgetIdleProducers() {
        long nowMs = world.clock().nowMs();
        rooms.visitOpen(open -> open.forEach(partition -> partition.forgetIdleProducers(nowMs,
                config.producerIdExpiryMs())));
    }

    private void expire() {
        rooms.visitOpen(open -> open.forEach(this::expire));
    }

    private void expire(Partition partition) {
        Retention retention = plan.retentionFor(partition.name());
        if (retention == null) return;
        boolean early = world.sabotaged(Saboteur.RETENTION_EARLY);
        partition.expire(early ? halved(retention) : retention, starts);
    }

    private static Retention halved(Retention retention) {
        return new Retention(retention.ms() < 0 ? -1 : retention.ms() / 2,
                retention.bytes() < 0 ? -1 : retention.bytes() / 2);
    }
}

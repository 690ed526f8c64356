package io.semel.broker.partition;

import io.semel.broker.config.Durability;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.Saboteur;
import io.semel.kernel.world.World;
import io.semel.log.PartitionLog;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Group commit: at the end of a turn with appends it starts one force of the partition's dirty files off the
 * lane; appends go on meanwhile, and are covered by the next force. Owned by the partition's lane. A failed
 * force is final (I13).
 */
final class ForcePump {
    /** How long a force that found the disk full rests before the next one, in milliseconds. */
    private static final long FULL_DISK_RETRY_MS = 50;
    /** How long what nobody waits for may be without a force of its own, in milliseconds. */
    private static final long TARRY_MS = 100;
    private final World world;
    private final Lane lane;
    private final PartitionLog log;
    private final Durability durability;
    private final LongConsumer onDurable;
    private final Consumer<DiskFailure> onFailure;
    private boolean scheduled;
    private boolean forcing;
    private boolean rolled;
    private boolean stopped;
    private boolean tarrying;
    private long durableOffset;
    private long wantedOffset;
    private final List<Waiter> waiters = new ArrayList<>();

    private record Waiter(long offset, Runnable then) {
    }

    ForcePump(World world, Lane lane, PartitionLog log, Durability durability, LongConsumer onDurable,
              Consumer<DiskFailure> onFailure) {
        this.world = world;
        this.lane = lane;
        this.log = log;
        this.durability = durability;
        this.onDurable = onDurable;
        this.onFailure = onFailure;
        this.durableOffset = log.endOffset();
        log.onPressed(this::pressed);
    }

    /**
     * A segment was ended, or a snapshot made: the log is forced even where nobody waits for it, so that the
     * recovery point moves on.
     */
    void rolled() {
        rolled = true;
    }

    /** Files of other logs wait for this one's to be closed: they are forced whoever waits. */
    private void pressed() {
        rolled = true;
        dirty();
    }

    /**
     * Runs {@code then}, on the lane, when the disk itself has everything below {@code offset}, whatever
     * counts as durable; never, if the log is closed before.
     */
    void whenOnDisk(long offset, Runnable then) {
        if (log.recoveryPoint() >= offset) {
            then.run();
            return;
        }
        waiters.add(new Waiter(offset, then));
        pressed();
    }

    /** Starts no force any more: the log is closed, or about to be. */
    void stop() {
        stopped = true;
    }

    /** Everything appended so far is wanted durable. */
    void dirty() {
        wantedOffset = log.endOffset();
        if (scheduled || forcing || stopped) return;
        scheduled = true;
        lane.atTurnEnd(this::turnEnded);
    }

    /** Something was appended that nobody waits for: it is forced with what follows, or in a while. */
    void tarry() {
        if (tarrying || stopped) return;
        tarrying = true;
        lane.wakeAt(world.clock().nowMs() + TARRY_MS, () -> {
            tarrying = false;
            if (log.endOffset() > durableOffset) dirty();
        });
    }

    private void turnEnded() {
        scheduled = false;
        if (forcing || stopped) return;
        if (durability == Durability.OS) {
            covered(log.endOffset());
            if (!rolled) return;
        }
        rolled = false;
        forcing = true;
        PartitionLog.Forcing force = log.beginForce();
        world.io().run(log, () -> {
            force.run();
            return null;
        }, lane, (done, problem) -> forced(force.offset(), problem));
    }

    private void forced(long offset, Throwable problem) {
        forcing = false;
        if (problem instanceof DiskFailure failure && failure.full()) {
            rolled |= !waiters.isEmpty();
            lane.wakeAt(world.clock().nowMs() + FULL_DISK_RETRY_MS, this::turnEnded);
            return;
        }
        if (problem != null && !world.sabotaged(Saboteur.FORCE_ERROR_SWALLOWED)) {
            stopped = true;
            onFailure.accept(problem instanceof DiskFailure failure ? failure
                    : new DiskFailure("force failed: " + problem, problem));
            return;
        }
        log.markDurable(offset);
        covered(offset);
        if (!waiters.isEmpty()) tellWaiters();
    }

    private void tellWaiters() {
        List<Waiter> told = new ArrayList<>(waiters);
        told.removeIf(waiter -> waiter.offset() > log.recoveryPoint());
        waiters.removeAll(told);
        told.forEach(waiter -> waiter.then().run());
        if (!waiters.isEmpty()) pressed();
    }

    /** Counts as durable by the setting in force. */
    private void covered(long offset) {
        if (offset > durableOffset) {
            durableOffset = offset;
            onDurable.accept(offset);
        }
        if (wantedOffset > durableOffset) dirty();
    }
}

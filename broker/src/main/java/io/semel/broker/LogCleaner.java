package io.semel.broker;

import io.semel.broker.config.Upkeep;
import io.semel.broker.partition.Partition;
import io.semel.broker.partition.Rooms;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.World;
import io.semel.log.Compaction;
import io.semel.wire.topic.TopicPartition;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides which compacted log is cleaned next: what is overdue first, then the dirtiest; one at a time, as
 * long as any is due, then after a rest. Owned by one lane; the work is done by each partition's {@code
 * PartitionCleaner}.
 */
final class LogCleaner {
    /** A partition that wants cleaning. */
    private record Candidate(TopicPartition name, Compaction how, Compaction.Cleanable found) {
        boolean before(Candidate other) {
            if (other == null) return true;
            if (found.overdue() != other.found.overdue()) return found.overdue();
            return found.ratio() > other.found.ratio();
        }
    }

    private final World world;
    private final Lane lane;
    private final Rooms rooms;
    private final RoomPlan plan;
    private final Checkpoints checkpoints;
    private final CleanerPoints points;
    private final Upkeep upkeep;
    /** Their files are damaged: not cleaned before the next life. */
    private final Set<TopicPartition> damaged = new TreeSet<>();
    private Candidate best;

    LogCleaner(World world, Lane lane, Rooms rooms, RoomPlan plan, Checkpoints checkpoints) {
        this.world = world;
        this.lane = lane;
        this.rooms = rooms;
        this.plan = plan;
        this.checkpoints = checkpoints;
        this.points = plan.cleanerPoints();
        this.upkeep = plan.upkeep();
    }

    /** From now on, until the process ends. On the lane. */
    void run() {
        lane.wakeAt(world.clock().nowMs() + upkeep.cleanerRestMs(), this::look);
    }

    private void look() {
        int[] left = {world.lanes().count()};
        best = null;
        rooms.visitOpen(open -> {
            Candidate here = bestOf(open);
            lane.post(() -> {
                if (here != null && !damaged.contains(here.name) && here.before(best)) best = here;
                if (--left[0] > 0) return;
                if (best == null) run();
                else clean(best);
            });
        });
    }

    /** On the partitions' lane. */
    private Candidate bestOf(List<Partition> open) {
        Candidate found = null;
        for (Partition partition : open) {
            TopicPartition name = partition.name();
            Compaction how = plan.compactionFor(name);
            if (how == null || partition.offline()) continue;
            Candidate one = new Candidate(name, how, partition.cleaner().look(how, points.of(name),
                    checkpoints.written(name)));
            if (how.isDue(one.found) && one.before(found)) found = one;
        }
        return found;
    }

    private void clean(Candidate one) {
        rooms.ask(one.name, partition -> partition.cleaner().clean(one.how, one.found,
                upkeep.cleanerMapBytes(), (cleanedTo, problem) ->
                        lane.post(() -> cleaned(one, cleanedTo, problem))),
                refused -> lane.post(this::run));
    }

    private void cleaned(Candidate one, Long cleanedTo, Throwable problem) {
        if (problem == null) {
            points.keep(one.name, cleanedTo, this::look);
            return;
        }
        if (problem instanceof DiskFailure failure && !failure.full()) damaged.add(one.name);
        run();
    }
}

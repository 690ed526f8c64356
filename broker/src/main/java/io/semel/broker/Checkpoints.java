package io.semel.broker;

import io.semel.broker.catalogue.Catalogue;
import io.semel.broker.partition.Partition;
import io.semel.broker.partition.Rooms;
import io.semel.broker.partition.TopicRemoval;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.lane.Published;
import io.semel.kernel.world.World;
import io.semel.log.DataDirectory;
import io.semel.log.disk.Reserve;
import io.semel.wire.topic.TopicPartition;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down from time to time how far each log is forced, so that the next start checks only what lies
 * above and knows damage below for what it is. Owned by one lane; writes on I/O threads, one write at a time.
 */
final class Checkpoints implements TopicRemoval.Forgetting {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

    private final World world;
    private final Lane lane;
    private final Rooms rooms;
    private final Published<Catalogue> view;
    private final long everyMs;
    private final DataDirectory directory;
    private final Reserve reserve;
    private SortedMap<TopicPartition, Long> points = new TreeMap<>();
    private final Published<SortedMap<TopicPartition, Long>> written = new Published<>(new TreeMap<>());
    private int round;
    private boolean stopped;

    Checkpoints(World world, Lane lane, Rooms rooms, Published<Catalogue> view, Reserve reserve,
            long everyMs) {
        this.everyMs = everyMs;
        this.reserve = reserve;
        this.world = world;
        this.lane = lane;
        this.rooms = rooms;
        this.view = view;
        this.directory = new DataDirectory(world.disk());
    }

    /** What was written down last: stays so until the first round. On the lane, before anything is opened. */
    void resume(SortedMap<TopicPartition, Long> last) {
        points = last;
        written.publish(last);
    }

    /** The recovery point that the next opening is held to, whatever happens; 0 for none. Any thread. */
    long written(TopicPartition name) {
        return written.read().getOrDefault(name, 0L);
    }

    /** From now on, until {@link #stop}. On the lane. */
    void run() {
        lane.wakeAt(world.clock().nowMs() + everyMs, () -> {
            if (stopped) return;
            collect();
            run();
        });
    }

    /**
     * The last checkpoint: with it, and the mark that everything was closed cleanly, the next start checks
     * nothing. On the lane.
     */
    void stop(SortedMap<TopicPartition, Long> ends, Runnable done) {
        stopped = true;
        world.io().run(this, () -> {
            directory.writeRecoveryPoints(ends);
            directory.leaveCleanMark();
            return null;
        }, lane, (nothing, problem) -> {
            if (problem != null) LOG.warn("stopped cleanly, but could not write that down: {}",
                    problem.getMessage());
            done.run();
        });
    }

    @Override
    public void forget(Collection<TopicPartition> names, Lane home, Consumer<Throwable> then) {
        lane.post(() -> {
            if (stopped) {
                // the last checkpoint stays the last; whoever asks does so again in the next life
                home.post(() -> then.accept(new IllegalStateException("the broker stops")));
                return;
            }
            round++;
            SortedMap<TopicPartition, Long> kept = new TreeMap<>(points);
            names.forEach(kept::remove);
            write(kept, reserve::run, problem -> home.post(() -> then.accept(problem)));
        });
    }

    private void collect() {
        int collecting = ++round;
        SortedMap<TopicPartition, Long> collected = ofClosed();
        int[] left = {world.lanes().count()};
        rooms.visitOpen(open -> {
            SortedMap<TopicPartition, Long> here = new TreeMap<>();
            for (Partition partition : open) here.put(partition.name(), partition.log().recoveryPoint());
            lane.post(() -> {
                collected.putAll(here);
                if (--left[0] == 0 && collecting == round && !stopped) write(collected,
                        Runnable::run, problem -> { });
            });
        });
    }

    /**
     * What is known of logs that are not open, perhaps because they are damaged: forgotten, their damage
     * would pass for the unforced end at the next start, and be cut off.
     */
    private SortedMap<TopicPartition, Long> ofClosed() {
        SortedMap<TopicPartition, Long> kept = new TreeMap<>(points);
        kept.keySet().removeIf(name -> view.read().topic(name.topic()) == null);
        return kept;
    }

    private void write(SortedMap<TopicPartition, Long> next, Consumer<Runnable> how,
            Consumer<Throwable> then) {
        points = next;
        world.io().run(this, () -> {
            how.accept(() -> directory.writeRecoveryPoints(next));
            return null;
        }, lane, (nothing, problem) -> {
            if (problem != null) LOG.warn("recovery points were not written: {}", problem.getMessage());
            else written.publish(next);
            then.accept(problem);
        });
    }
}

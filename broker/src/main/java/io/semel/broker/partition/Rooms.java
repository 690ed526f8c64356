package io.semel.broker.partition;

import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.World;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The way to a partition from anywhere: finds the owning lane and posts. Mail from one lane to one partition
 * arrives in the order posted. Any lane; what is handed in runs on the partition's lane.
 */
public final class Rooms {
    private final World world;
    private final List<LaneRooms> byLane = new ArrayList<>();

    public Rooms(World world, RoomFactory factory) {
        this.world = world;
        for (int index = 0; index < world.lanes().count(); index++) {
            byLane.add(new LaneRooms(world, world.lanes().lane(index), factory));
        }
    }

    /**
     * Runs {@code action} with the partition on its lane, opening it first when needed; or {@code refused}
     * there.
     */
    public void ask(TopicPartition name, Consumer<Partition> action, Consumer<ErrorCode> refused) {
        Lane lane = laneOf(name);
        LaneRooms rooms = byLane.get(lane.index());
        lane.post(() -> rooms.ask(name, action, refused));
    }

    /**
     * Asks the shard on the partition; {@code asker} is called on {@code home}. The caller knows which shard
     * stands there.
     */
    @SuppressWarnings("unchecked")
    public <C, R> void askShard(TopicPartition name, C command, R unavailable, Lane home, Consumer<R> asker) {
        ask(name, partition -> {
            ShardRoom<C, ?, R> room = (ShardRoom<C, ?, R>) partition.room();
            room.submit(command, reply -> home.post(() -> asker.accept(reply)));
        }, refused -> home.post(() -> asker.accept(unavailable)));
    }

    /**
     * Closes and deletes; {@code andThen} runs on an I/O thread once the files are closed, {@code done} on
     * the partition's lane.
     */
    public void delete(TopicPartition name, Runnable andThen, Consumer<Throwable> done) {
        Lane lane = laneOf(name);
        LaneRooms rooms = byLane.get(lane.index());
        lane.post(() -> rooms.delete(name, andThen, done));
    }

    /** Runs {@code visit} on every lane with what is open there. */
    public void visitOpen(Consumer<List<Partition>> visit) {
        for (int index = 0; index < byLane.size(); index++) {
            LaneRooms rooms = byLane.get(index);
            world.lanes().lane(index).post(() -> visit.accept(rooms.open()));
        }
    }

    /**
     * Closes every partition; {@code done} runs on {@code home} with each log's end, or with null when
     * something did not close cleanly.
     */
    public void closeAll(Lane home, Consumer<SortedMap<TopicPartition, Long>> done) {
        SortedMap<TopicPartition, Long> ends = new TreeMap<>();
        boolean[] clean = {true};
        int[] left = {byLane.size()};
        for (int index = 0; index < byLane.size(); index++) {
            LaneRooms rooms = byLane.get(index);
            world.lanes().lane(index).post(() -> rooms.closeAll(here -> home.post(() -> {
                if (here == null) clean[0] = false;
                else ends.putAll(here);
                if (--left[0] == 0) done.accept(clean[0] ? ends : null);
            })));
        }
    }

    public Lane laneOf(TopicPartition name) {
        return world.lanes().owning(name.topic().hashCode() * 31 + name.partition());
    }
}

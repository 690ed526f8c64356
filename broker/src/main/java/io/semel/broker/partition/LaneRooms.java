package io.semel.broker.partition;

import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.World;
import io.semel.log.LogConfig;
import io.semel.log.OpenSegments;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of one lane. A partition is opened, off the lane, when it is first asked for; askers wait
 * meanwhile. Owned by its lane.
 */
final class LaneRooms {
    private static final Logger LOG = LoggerFactory.getLogger(LaneRooms.class);

    private record Asker(Consumer<Partition> action, Consumer<ErrorCode> refused) {
    }

    /**
     * What everybody is told when the broker stops: not that the partition is gone, or a marker would be
     * taken for not owed.
     */
    private static final ErrorCode STOPPING = ErrorCode.NOT_LEADER_OR_FOLLOWER;
    private static final ErrorCode DELETED = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;

    /**
     * A partition, or those who wait for it, or why it is not there. One that found the disk full is
     * forgotten, and tried again.
     */
    private static final class Slot {
        private final List<Asker> waiting = new ArrayList<>();
        private Partition partition;
        private ErrorCode refusal;
    }

    private final World world;
    private final Lane lane;
    private final RoomFactory factory;
    private final OpenSegments openSegments;
    /** Those whose askers wait for others' files to be closed. */
    private final ArrayDeque<Slot> crowd = new ArrayDeque<>();
    private final Map<TopicPartition, Slot> slots = new TreeMap<>();
    private boolean stopping;

    LaneRooms(World world, Lane lane, RoomFactory factory) {
        this.world = world;
        this.lane = lane;
        this.factory = factory;
        this.openSegments = new OpenSegments(factory.segmentsOpenMax());
        openSegments.onRoom(() -> {
            if (!crowd.isEmpty()) lane.post(this::letIn);
        });
    }

    void ask(TopicPartition name, Consumer<Partition> action, Consumer<ErrorCode> refused) {
        Slot slot = slots.get(name);
        if (slot == null) {
            LogConfig config = stopping ? null : factory.configFor(name);
            if (config == null) {
                refused.accept(stopping ? STOPPING : DELETED);
                return;
            }
            slot = new Slot();
            slots.put(name, slot);
            open(name, config, slot);
        }
        if (slot.refusal != null) refused.accept(slot.refusal);
        else if (slot.partition != null && !mustWait(slot)) action.accept(slot.partition);
        else slot.waiting.add(new Asker(action, refused));
    }

    /** In the order of arrival, until enough of the lane's other segments are forced and may rest. */
    private boolean mustWait(Slot slot) {
        if (!slot.waiting.isEmpty()) return true;
        if (!slot.partition.log().resting() || !openSegments.crowded()) return false;
        crowd.add(slot);
        return true;
    }

    private void letIn() {
        while (!crowd.isEmpty() && !openSegments.crowded()) answer(crowd.poll());
    }

    private static void answer(Slot slot) {
        List<Asker> waiting = new ArrayList<>(slot.waiting);
        slot.waiting.clear();
        for (Asker asker : waiting) {
            if (slot.refusal == null) asker.action.accept(slot.partition);
            else asker.refused.accept(slot.refusal);
        }
    }

    /** Those open now. */
    List<Partition> open() {
        List<Partition> open = new ArrayList<>();
        for (Slot slot : slots.values()) if (slot.partition != null
                && slot.refusal == null) open.add(slot.partition);
        return open;
    }

    /** Closes the partition, then runs {@code andThen} on an I/O thread and {@code done} on the lane. */
    void delete(TopicPartition name, Runnable andThen, Consumer<Throwable> done) {
        ask(name, partition -> {
            slots.get(name).refusal = DELETED;
            Runnable close = partition.closeForDeletion();
            world.io().run(partition.log(), () -> {
                close.run();
                andThen.run();
                return null;
            }, lane, (nothing, problem) -> {
                slots.remove(name);
                done.accept(problem);
            });
        }, refused -> {
            if (refused == STOPPING) {
                done.accept(new DiskFailure(name + " is not deleted now: the broker stops", null));
                return;
            }
            slots.remove(name);
            world.io().run(null, () -> {
                andThen.run();
                return null;
            }, lane, (nothing, problem) -> done.accept(problem));
        });
    }

    /**
     * Closes everything; {@code done} runs on the lane with each log's end, or with null when something did
     * not close cleanly.
     */
    void closeAll(Consumer<SortedMap<TopicPartition, Long>> done) {
        stopping = true;
        SortedMap<TopicPartition, Long> ends = new TreeMap<>();
        List<Partition> open = open();
        boolean[] clean = {open.size() == slots.size()};
        int[] left = {open.size() + 1};
        Runnable one = () -> {
            if (--left[0] == 0) done.accept(clean[0] ? ends : null);
        };
        for (Partition partition : open) {
            clean[0] &= !partition.offline();
            slots.get(partition.name()).refusal = STOPPING;
            Runnable close = partition.closeCleanly();
            world.io().run(partition.log(), () -> {
                close.run();
                return durableEnd(partition);
            }, lane, (end, problem) -> {
                if (problem == null) {
                    ends.put(partition.name(), end);
                } else {
                    clean[0] = false;
                    LOG.error("{} did not close cleanly: {}", partition.name(), problem.getMessage());
                }
                one.run();
            });
        }
        while (!crowd.isEmpty()) answer(crowd.poll());
        one.run();
    }

    /**
     * A log that a failed force has ended closes without a word, and not everything in it is durable (I13).
     */
    private static long durableEnd(Partition partition) {
        long end = partition.log().endOffset();
        if (partition.log().recoveryPoint() == end) return end;
        throw new DiskFailure(partition.name() + " is not durable up to its end at offset " + end
                + ", since a force failed", null);
    }

    private void open(TopicPartition name, LogConfig config, Slot slot) {
        world.io().run(null, () -> PartitionOpening.open(name, world, config, factory,
                openSegments), lane,
                (opened, problem) -> {
                    if (problem == null) {
                        slot.partition = opened.toPartition(world, lane, factory.durabilityOf(name));
                        String cut = opened.log().recovered().cut();
                        if (cut != null) LOG.warn("{}: its unforced end is cut off: {}", name, cut);
                    } else {
                        LOG.error("{} cannot be opened: {}", name, problem.getMessage(), problem);
                        slot.refusal = ErrorCode.KAFKA_STORAGE_ERROR;
                        if (problem instanceof DiskFailure failure && failure.full()) slots.remove(name);
                    }
                    answer(slot);
                });
    }
}

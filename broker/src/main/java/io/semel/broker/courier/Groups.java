package io.semel.broker.courier;

import io.semel.broker.catalogue.Catalogue;
import io.semel.broker.partition.Rooms;
import io.semel.group.GroupCommand;
import io.semel.group.GroupReply;
import io.semel.kernel.lane.Lane;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.function.Consumer;

/** The way to the shard that coordinates a group. Any lane; keeps nothing. */
public final class Groups {
    public static final GroupReply UNAVAILABLE = new GroupReply.Rejected(ErrorCode.COORDINATOR_NOT_AVAILABLE);

    private final Rooms rooms;
    private final int partitions;

    public Groups(Rooms rooms, int partitions) {
        this.rooms = rooms;
        this.partitions = partitions;
    }

    /** Kafka's rule: the group id's hash over the partitions of {@code __consumer_offsets}. */
    public TopicPartition journalOf(String groupId) {
        return journalOf(Math.abs(groupId.hashCode() == Integer.MIN_VALUE ? 0
                : groupId.hashCode()) % partitions);
    }

    public TopicPartition journalOf(int partition) {
        return new TopicPartition(Catalogue.CONSUMER_OFFSETS, partition);
    }

    public int partitions() {
        return partitions;
    }

    /** Asks; the reply comes on {@code home}. */
    public void ask(String groupId, GroupCommand command, Lane home, Consumer<GroupReply> asker) {
        rooms.askShard(journalOf(groupId), command, UNAVAILABLE, home, asker);
    }

    public void askPartition(int partition, GroupCommand command, Lane home, Consumer<GroupReply> asker) {
        rooms.askShard(journalOf(partition), command, UNAVAILABLE, home, asker);
    }
}

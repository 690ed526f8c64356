package io.semel.broker.partition;

import io.semel.broker.config.Durability;
import io.semel.log.LogConfig;
import io.semel.log.disk.Reserve;
import io.semel.wire.topic.TopicPartition;

/** Partitions that hold records only, as a broker has them that starts for the first time. */
class PlainRooms implements RoomFactory {
    private final Durability durability;
    private final int segmentsOpenMax;

    PlainRooms(Durability durability, int segmentsOpenMax) {
        this.durability = durability;
        this.segmentsOpenMax = segmentsOpenMax;
    }

    @Override
    public Room roomFor(TopicPartition name) {
        return null;
    }

    @Override
    public int stateEveryBytes() {
        return 1 << 20;
    }

    @Override
    public int snapshotEveryBytes() {
        return 1 << 20;
    }

    @Override
    public LogConfig configFor(TopicPartition name) {
        return LogConfig.defaults();
    }

    @Override
    public Durability durabilityOf(TopicPartition name) {
        return durability;
    }

    @Override
    public long recoveryPointOf(TopicPartition name) {
        return 0;
    }

    @Override
    public long startOffsetOf(TopicPartition name) {
        return 0;
    }

    @Override
    public boolean wasClosedCleanly() {
        return false;
    }

    @Override
    public int segmentsOpenMax() {
        return segmentsOpenMax;
    }

    @Override
    public Reserve reserve() {
        return Reserve.none();
    }

    @Override
    public boolean endsTopics(TopicPartition name) {
        return false;
    }

    @Override
    public String topicIdOf(TopicPartition name) {
        return null;
    }
}

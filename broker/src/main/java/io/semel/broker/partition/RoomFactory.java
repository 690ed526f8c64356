package io.semel.broker.partition;

import io.semel.broker.config.Durability;
import io.semel.log.LogConfig;
import io.semel.log.disk.Reserve;
import io.semel.wire.topic.TopicPartition;

/** Says what stands on a partition and how its log is kept. Any lane. */
public interface RoomFactory {
    /** A new, empty room for this partition, or null when it holds only records. */
    Room roomFor(TopicPartition name);

    /** A room's state is written down after so much of its journal, in bytes. */
    int stateEveryBytes();

    /** What a partition's folds know is written down after so many bytes of its log, and at a roll. */
    int snapshotEveryBytes();

    /** Null when there is no such partition. */
    LogConfig configFor(TopicPartition name);

    /** When an append to it is acknowledged. */
    Durability durabilityOf(TopicPartition name);

    /** Up to where the log was durable when that was last written down; 0 when it never was. */
    long recoveryPointOf(TopicPartition name);

    /** Where the log starts for its readers, as it was last written down; 0 when it never was. */
    long startOffsetOf(TopicPartition name);

    /** Whether the log was closed cleanly and not touched since. */
    boolean wasClosedCleanly();

    /** Segments that one lane keeps open, of all its partitions together. */
    int segmentsOpenMax();

    /** What the disk keeps back for those who free space. */
    Reserve reserve();

    /** Whether what is written here ends topics, and so frees space. */
    boolean endsTopics(TopicPartition name);

    /** The topic's id as Kafka writes it, for {@code partition.metadata}. */
    String topicIdOf(TopicPartition name);
}

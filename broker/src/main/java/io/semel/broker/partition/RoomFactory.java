package io.semel.broker.partition;

import io.semel.log.LogConfig;
import io.semel.wire.topic.TopicPartition;

/** Says what stands on a partition and how its log is kept. Any lane. */
public interface RoomFactory {
    /** A new, empty room for this partition, or null when it holds only records. */
    Room roomFor(TopicPartition name);

    /** Null when there is no such partition. */
    LogConfig configFor(TopicPartition name);
}

package io.semel.broker;

import io.semel.wire.topic.TopicPartition;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the last life of this data directory left behind. Immutable.
 *
 * @param recoveryPoints up to where each log was known to be durable
 * @param logStarts      where logs started for their readers
 * @param cleanerPoints  up to where compacted logs were clean
 * @param clean          every log was closed and nothing has touched it since
 */
record LastLife(SortedMap<TopicPartition, Long> recoveryPoints, SortedMap<TopicPartition, Long> logStarts,
        SortedMap<TopicPartition, Long> cleanerPoints, boolean clean) {
    /** Nothing is known: for partitions that are made in this life. */
    static final LastLife UNKNOWN = new LastLife(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(),
            false);

    long recoveryPoint(TopicPartition name) {
        return recoveryPoints.getOrDefault(name, 0L);
    }
}

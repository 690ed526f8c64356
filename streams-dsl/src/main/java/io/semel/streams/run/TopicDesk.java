package io.semel.streams.run;

import io.semel.streams.topology.PartitionPlan.Missing;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * What is asked about topics: counts, creation, ends. May be called by every host thread. Throws
 * kafka-clients' own unchecked exceptions when the cluster does not answer.
 */
public interface TopicDesk extends AutoCloseable {
    /** The partition counts of those of {@code topics} that exist. */
    Map<String, Integer> partitionCounts(Set<String> topics);

    /** The ids of those of {@code topics} that exist and have one: a topic made anew has a new one. */
    Map<String, String> ids(Set<String> topics);

    /** Creates topics; one that exists by now is left as it is. */
    void create(List<Missing> topics);

    /** The ends of {@code partitions} including transactions that are not decided yet. */
    Map<TopicPartition, Long> highWatermarks(Collection<TopicPartition> partitions);

    /** The ends of {@code partitions} up to which every transaction is decided. */
    Map<TopicPartition, Long> stableEnds(Collection<TopicPartition> partitions);

    @Override
    void close();
}

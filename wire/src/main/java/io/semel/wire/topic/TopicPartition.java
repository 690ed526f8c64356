package io.semel.wire.topic;

/**
 * A partition's name. Ordered by topic, then partition, so that every iteration is the same in every run.
 * Immutable.
 */
public record TopicPartition(String topic, int partition) implements Comparable<TopicPartition> {
    @Override
    public int compareTo(TopicPartition other) {
        int byTopic = topic.compareTo(other.topic);
        return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }

    /** As a directory is named: {@code topic-partition}. */
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}

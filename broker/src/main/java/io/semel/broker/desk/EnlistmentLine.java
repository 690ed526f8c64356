package io.semel.broker.desk;

import io.semel.wire.topic.TopicPartition;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps a producer's batches for one partition in order while the first of them waits for its transaction to enlist the partition:
 * later ones stand in line behind it (I4). One per connection, owned by its home lane.
 */
final class EnlistmentLine {
    private record Key(long producerId, TopicPartition partition) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byProducer = Long.compare(producerId, other.producerId);
            return byProducer != 0 ? byProducer : partition.compareTo(other.partition);
        }
    }

    private final Map<Key, ArrayDeque<Runnable>> lines = new TreeMap<>();

    /** Stands in line when there is one. False when there is none: go ahead. */
    boolean standBehind(long producerId, TopicPartition partition, Runnable batch) {
        ArrayDeque<Runnable> line = lines.get(new Key(producerId, partition));
        if (line == null) return false;
        line.add(batch);
        return true;
    }

    /** Opens a line: the caller is its head and waits for enlistment. */
    void open(long producerId, TopicPartition partition) {
        lines.put(new Key(producerId, partition), new ArrayDeque<>());
    }

    /** The head has gone ahead or given up: the rest follow in order. */
    void close(long producerId, TopicPartition partition) {
        ArrayDeque<Runnable> line = lines.remove(new Key(producerId, partition));
        if (line != null) line.forEach(Runnable::run);
    }
}

package io.semel.streams.task;

import java.util.List;
import java.util.SortedMap;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What one turn gave: records to send in order, and the next input offset by topic. They go into the
 * transaction that is open; {@code leavesChanges} says that stores have changes which wait for its seal.
 * Immutable; handed from the task to its host.
 */
public record TaskTurn(int partition, List<ProducerRecord<byte[], byte[]>> outputs,
                       SortedMap<String, Long> nextOffsets, int recordsIn, boolean leavesChanges) {
    /** Whether nothing happened, so that there is nothing to commit. */
    public boolean isEmpty() {
        return recordsIn == 0 && outputs.isEmpty() && !leavesChanges;
    }
}

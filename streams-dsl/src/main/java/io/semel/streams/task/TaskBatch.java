package io.semel.streams.task;

import java.util.List;
import java.util.SortedMap;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What one turn asks for: records to send in order, changes by store, and the next input offset by topic. All
 * of it becomes true in one transaction, or none. Immutable; handed from the task to its host and back.
 */
public record TaskBatch(int partition, List<ProducerRecord<byte[], byte[]>> outputs, List<StoreBatch> stores,
                        SortedMap<String, Long> nextOffsets, int recordsIn, int skipped,
                        int deadLetters, StepCounts steps) {
    /** Whether nothing happened, so that there is nothing to commit. */
    public boolean isEmpty() {
        return recordsIn == 0 && outputs.isEmpty() && stores.isEmpty();
    }
}

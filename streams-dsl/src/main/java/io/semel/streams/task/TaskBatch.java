package io.semel.streams.task;

import java.util.List;
import java.util.SortedMap;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What a task did in one transaction: the last records to send in order, which were held back until then;
 * changes by store, the next input offset by topic, and how much it was. All of it becomes true with the
 * records its turns gave, or none. Immutable; handed from the task to its host and back.
 */
public record TaskBatch(int partition, List<ProducerRecord<byte[], byte[]>> outputs, List<StoreBatch> stores,
                        SortedMap<String, Long> nextOffsets, int recordsIn, int recordsOut, int skipped,
                        int deadLetters, StepCounts steps) {
}

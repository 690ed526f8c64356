package io.semel.streams.task;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What one transaction changed in one store: the newest value by key, in key order, and the topic and
 * partition that are the store's log. Immutable once sealed; {@code isTable} says that the inputs themselves
 * are that log, so that nothing is sent to it.
 */
public record StoreBatch(String store, String log, int partition, boolean isTable,
                         NavigableMap<byte[], StampedBytes> changes) {

    /** The records that carry this batch to its changelog: one per key. */
    public List<ProducerRecord<byte[], byte[]>> changelogRecords() {
        if (isTable) {
            return List.of();
        }
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(changes.size());
        changes.forEach((key, value) ->
                records.add(new ProducerRecord<>(log, partition, value.timestampMs(), key, value.value())));
        return records;
    }
}

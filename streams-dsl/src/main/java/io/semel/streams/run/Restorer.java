package io.semel.streams.run;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;

/**
 * Replays the missing tails of the stores of all tasks of a host, read committed, a poll at a time, so that
 * the host stays in its group meanwhile. Owned by the host's thread.
 */
final class Restorer {
    private final Consumer<byte[], byte[]> reader;
    private Set<TopicPartition> reading = Set.of();

    Restorer(Consumer<byte[], byte[]> reader) {
        this.reader = reader;
    }

    /** Replays some more of what {@code folds} still need; returns the number of records applied. */
    int turn(Collection<StoreFold> folds, Duration wait) {
        Map<TopicPartition, StoreFold> open = new LinkedHashMap<>();
        folds.stream().filter(fold -> !fold.isDone()).forEach(fold -> open.put(fold.log(), fold));
        if (open.isEmpty()) {
            rest();
            return 0;
        }
        follow(open);
        ConsumerRecords<byte[], byte[]> records;
        try {
            records = reader.poll(wait);
        } catch (InvalidOffsetException gone) {
            gone.partitions().forEach(log -> open.get(log).begin());
            reader.seekToBeginning(gone.partitions());
            return 0;
        }
        int applied = 0;
        for (StoreFold fold : open.values()) {
            applied += fold.take(records.records(fold.log()), reader.position(fold.log()));
        }
        return applied;
    }

    /** Stops reading; the next turn begins at the stores' positions again. */
    void rest() {
        if (!reading.isEmpty()) {
            reading = Set.of();
            reader.assign(reading);
        }
    }

    void close() {
        reader.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }

    private void follow(Map<TopicPartition, StoreFold> open) {
        if (!reading.equals(open.keySet())) {
            reading = new LinkedHashSet<>(open.keySet());
            reader.assign(reading);
            open.forEach((log, fold) -> reader.seek(log, fold.position()));
        }
    }
}

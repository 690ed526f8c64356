package io.semel.streams.run;

import io.semel.streams.run.Metrics.Lag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;

/**
 * Counts what is left of inputs by reading it: offsets alone would count markers, aborted records and what
 * compaction has left out. Asks with clients of its own, in the thread of whoever asks. Stateless.
 */
final class Lags {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final long RECORDS_MAX = 100_000;

    private Lags() {
    }

    /** What is left behind {@code positions}; lets pass what kafka-clients throws. */
    static List<Lag> of(Clients clients, Map<TopicPartition, Long> positions, String clientId,
                        Duration patience) {
        if (positions.isEmpty()) {
            return List.of();
        }
        Map<TopicPartition, Long> stable = clients.topics().stableEnds(positions.keySet());
        Map<TopicPartition, Long> ends = clients.topics().highWatermarks(positions.keySet());
        Map<TopicPartition, Long> from = new LinkedHashMap<>();
        positions.forEach((input, position) -> {
            if (position < stable.get(input)) {
                from.put(input, position);
            }
        });
        Map<TopicPartition, Long> counts = new LinkedHashMap<>();
        Map<TopicPartition, Long> reached = new LinkedHashMap<>(positions);
        if (!from.isEmpty()) {
            Consumer<byte[], byte[]> reader = clients.reader(clientId);
            try {
                read(reader, from, stable, counts, reached, System.nanoTime() + patience.toNanos());
            } finally {
                reader.close(CloseOptions.timeout(Duration.ofSeconds(1)));
            }
        }
        List<Lag> lags = new ArrayList<>();
        positions.forEach((input, position) -> {
            long counted = counts.getOrDefault(input, 0L);
            long seen = reached.get(input) - from.getOrDefault(input, position);
            long left = Math.max(0, stable.get(input) - reached.get(input));
            long more = seen == 0 ? left : Math.round((double) counted * left / seen);
            lags.add(new Lag(input.topic(), input.partition(), counted + more, left == 0,
                    Math.max(0, ends.get(input) - stable.get(input))));
        });
        return lags;
    }

    private static void read(Consumer<byte[], byte[]> reader, Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> ends, Map<TopicPartition, Long> counts,
            Map<TopicPartition, Long> reached, long deadlineNs) {
        reader.assign(from.keySet());
        from.forEach(reader::seek);
        long total = 0;
        while (!reader.assignment().isEmpty() && total < RECORDS_MAX && System.nanoTime() < deadlineNs) {
            ConsumerRecords<byte[], byte[]> records;
            try {
                records = reader.poll(POLL);
            } catch (InvalidOffsetException gone) {
                reader.seekToBeginning(gone.partitions());
                gone.partitions().forEach(input -> from.put(input, reader.position(input)));
                continue;
            }
            for (TopicPartition input : reader.assignment()) {
                long end = ends.get(input);
                counts.merge(input, records.records(input).stream().filter(one -> one.offset() < end).count(),
                        Long::sum);
                reached.put(input, reader.position(input));
            }
            total += records.count();
            List<TopicPartition> open = reader.assignment().stream()
                    .filter(input -> reached.get(input) < ends.get(input)).toList();
            if (open.size() < reader.assignment().size()) {
                reader.assign(open);
            }
        }
    }
}

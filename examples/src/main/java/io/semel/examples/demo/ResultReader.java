package io.semel.examples.demo;

import io.semel.examples.flights.AirportDelays;
import io.semel.examples.flights.FlightDelays;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads every committed result from the first on, with isolation.level=read_committed. Owned by the round's
 * thread.
 */
final class ResultReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(20), ASK = Duration.ofSeconds(30);

    private final KafkaConsumer<String, AirportDelays> consumer;
    private final List<TopicPartition> partitions;
    private final Results results = new Results();

    ResultReader(Map<String, Object> client, int partitionCount) {
        Map<String, Object> config = new TreeMap<>(client);
        config.put("isolation.level", "read_committed");
        consumer = new KafkaConsumer<>(config,
            FlightDelays.DELAYS.keySerde().deserializer(), FlightDelays.DELAYS.valueSerde().deserializer());
        partitions = IntStream.range(0, partitionCount)
            .mapToObj(partition -> new TopicPartition(FlightDelays.DELAYS.name(), partition)).toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads what has come, waiting a moment if nothing has. */
    Results poll() {
        consumer.poll(POLL).forEach(record -> results.accept(record.key(), record.value()));
        return results;
    }

    /** Reads all that is committed by now. */
    Results drain() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ASK);
        long deadlineNs = System.nanoTime() + ASK.toNanos();
        while (!isPast(ends)) {
            if (System.nanoTime() > deadlineNs) throw new DemoFailure("the results do not end");
            poll();
        }
        return results;
    }

    private boolean isPast(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
            .allMatch(end -> consumer.position(end.getKey(), ASK) >= end.getValue());
    }

    @Override
    public void close() {
        consumer.close();
    }
}

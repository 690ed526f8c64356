package io.semel.streams.task;

import io.semel.streams.Topic;
import io.semel.streams.dsl.Sources;
import io.semel.streams.dsl.Topology;
import io.semel.streams.topology.Graph;
import io.semel.streams.topology.SubTopology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Drives the real cycles of a topology of one partition, carrying repartition records from one to the next.
 */
final class CycleDriver {
    private final Graph graph;
    private final List<TaskCycle> cycles = new ArrayList<>();
    private final Map<String, Long> ends = new TreeMap<>();
    private final List<ProducerRecord<byte[], byte[]>> outputs = new ArrayList<>();
    private final List<TaskBatch> batches = new ArrayList<>();

    CycleDriver(Consumer<Sources> description) {
        this.graph = Topology.of("app", description).graph();
        for (SubTopology sub : graph.subTopologies()) {
            cycles.add(new TaskCycle("app", sub, 0, spec -> new MemoryBase()));
        }
    }

    /** Runs one record through everything and commits it. */
    <K, V> CycleDriver pipe(Topic<K, V> topic, K key, V value, long timestampMs) {
        return transaction(record(topic, key, value, timestampMs));
    }

    /** Runs records through everything, a turn each, and commits them in one transaction. */
    @SafeVarargs
    final CycleDriver transaction(ConsumerRecord<byte[], byte[]>... records) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            all.add(record);
        }
        return transaction(all);
    }

    CycleDriver transaction(List<ConsumerRecord<byte[], byte[]>> records) {
        TaskCycle cycle = cycles.get(graph.readerOf(records.get(0).topic()).index());
        List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            sent.addAll(cycle.turn(List.of(List.of(record)), record.timestamp()).outputs());
        }
        TaskBatch batch = cycle.seal();
        sent.addAll(batch.outputs());
        Map<String, Long> positions = new LinkedHashMap<>();
        batch.stores().forEach(store -> positions.put(store.store(),
                cycle.base(store.store()).position() + store.changelogRecords().size()));
        cycle.apply(batch, positions);
        batches.add(batch);
        for (ProducerRecord<byte[], byte[]> output : sent) {
            outputs.add(output);
            if (graph.sourceTopics().contains(output.topic())) {
                transaction(record(output.topic(), output.key(), output.value(), output.timestamp(),
                        output.headers()));
            }
        }
        return this;
    }

    <K, V> List<String> read(Topic<K, V> topic) {
        return outputs.stream().filter(record -> record.topic().equals(topic.name()))
                .map(record -> topic.keySerde().deserializer().deserialize(topic.name(), record.key()) + "="
                        + topic.valueSerde().deserializer().deserialize(topic.name(), record.value()) + "@"
                        + record.timestamp()).toList();
    }

    /** Every record that was sent, in order. */
    List<ProducerRecord<byte[], byte[]>> outputs() {
        return outputs;
    }

    List<TaskBatch> batches() {
        return batches;
    }

    TaskCycle cycle(int index) {
        return cycles.get(index);
    }

    <K, V> ConsumerRecord<byte[], byte[]> record(Topic<K, V> topic, K key, V value, long timestampMs) {
        return record(topic.name(), topic.keySerde().serializer().serialize(topic.name(), key),
                topic.valueSerde().serializer().serialize(topic.name(), value), timestampMs,
                new RecordHeaders());
    }

    private ConsumerRecord<byte[], byte[]> record(String topic, byte[] key, byte[] value, long timestampMs,
                                                  Headers headers) {
        long offset = ends.merge(topic, 1L, Long::sum) - 1;
        return new ConsumerRecord<>(topic, 0, offset, timestampMs, TimestampType.CREATE_TIME, 0, 0, key,
                value, new RecordHeaders(headers), Optional.empty());
    }
}

package io.semel.streams.rival;

import io.semel.streams.Serdes;
import io.semel.streams.dsl.Topology;
import io.semel.streams.task.MemoryBase;
import io.semel.streams.task.TaskBatch;
import io.semel.streams.task.TaskCycle;
import io.semel.streams.task.TaskTurn;
import io.semel.streams.topology.Graph;
import io.semel.streams.topology.StoreSpec;
import io.semel.streams.topology.SubTopology;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Runs the real cycles of a topology of one partition, a record a turn, and carries repartition records on,
 * the oldest first, as the rival's test driver does.
 */
final class OurSide {
    private static final byte[] CLOCK = {0};
    private final Graph graph;
    private final Map<Integer, TaskCycle> cycles = new TreeMap<>();
    private final Map<String, Deque<ConsumerRecord<byte[], byte[]>>> queues = new TreeMap<>();
    private final Map<String, Long> ends = new TreeMap<>();
    private final Map<String, Function<byte[], String>> keyReaders;
    private final Set<String> tableTopics;
    private final Outcome outcome = new Outcome();
    private final Map<String, MemoryBase> bases = new TreeMap<>();
    private SplittableRandom shaker;

    OurSide(Topology topology, Map<String, Function<byte[], String>> keyReaders, Set<String> tableTopics) {
        this.tableTopics = tableTopics;
        this.graph = topology.graph();
        this.keyReaders = keyReaders;
        for (SubTopology sub : graph.subTopologies()) {
            cycles.put(sub.index(), cycle(sub));
        }
    }

    /**
     * From now on records are processed in batches of any size, and some batches, or part of them, are
     * dropped and done again, also by a task built anew over what was committed.
     */
    OurSide shaken(SplittableRandom random) {
        shaker = random;
        return this;
    }

    private TaskCycle cycle(SubTopology sub) {
        return new TaskCycle(graph.name(), sub, 0,
                spec -> bases.computeIfAbsent(spec.name(), name -> new MemoryBase()));
    }

    /** Several records of one topic, for batches. */
    void pipe(List<Input> inputs) {
        inputs.forEach(input -> enqueue(input.topic(), bytes(input.key()), bytes(input.value()),
                input.timestampMs(), new RecordHeaders()));
        drain();
    }

    /** Several records in one transaction, a turn each; nothing of it goes through a repartition topic. */
    void transaction(List<Input> inputs) {
        Set<Integer> touched = new TreeSet<>();
        for (Input input : inputs) {
            enqueue(input.topic(), bytes(input.key()), bytes(input.value()), input.timestampMs(),
                    new RecordHeaders());
            int index = graph.readerOf(input.topic()).index();
            touched.add(index);
            cycles.get(index).turn(List.of(List.of(queues.get(input.topic()).poll())), 0).outputs()
                    .forEach(this::tell);
        }
        touched.forEach(index -> commit(cycles.get(index)).forEach(this::tell));
    }

    private List<ProducerRecord<byte[], byte[]>> commit(TaskCycle cycle) {
        TaskBatch batch = cycle.seal();
        Map<String, Long> positions = new LinkedHashMap<>();
        batch.stores().forEach(store -> positions.put(store.store(),
                cycle.base(store.store()).position() + store.changelogRecords().size()));
        cycle.apply(batch, positions);
        return batch.outputs();
    }

    void pipe(Input input) {
        enqueue(input.topic(), bytes(input.key()), bytes(input.value()), input.timestampMs(),
                new RecordHeaders());
        drain();
    }

    private void drain() {
        for (String topic = oldest(); topic != null; topic = oldest()) {
            Deque<ConsumerRecord<byte[], byte[]>> queue = queues.get(topic);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            int count = shaker == null ? 1 : 1 + shaker.nextInt(queue.size());
            while (records.size() < count) {
                records.add(queue.poll());
            }
            process(records);
        }
    }

    /** Some part of the batch is done and never committed; perhaps the process dies of it. */
    private void stumble(int index, List<ConsumerRecord<byte[], byte[]>> records) {
        while (shaker != null && shaker.nextInt(3) == 0) {
            cycles.get(index).turn(List.of(records.subList(0, 1 + shaker.nextInt(records.size()))), 0);
            if (shaker.nextBoolean()) {
                cycles.get(index).drop();
            } else {
                cycles.put(index, cycle(graph.subTopologies().get(index)));
            }
        }
    }

    private String oldest() {
        String oldest = null;
        for (String topic : queues.keySet()) {
            ConsumerRecord<byte[], byte[]> head = queues.get(topic).peek();
            if (head != null
                    && (oldest == null || head.timestamp() < queues.get(oldest).peek().timestamp())) {
                oldest = topic;
            }
        }
        return oldest;
    }

    private void process(List<ConsumerRecord<byte[], byte[]>> records) {
        int index = graph.readerOf(records.get(0).topic()).index();
        stumble(index, records);
        TaskCycle cycle = cycles.get(index);
        TaskTurn turn = cycle.turn(List.of(records), 0);
        commit(cycle);
        for (ProducerRecord<byte[], byte[]> output : turn.outputs()) {
            if (graph.sourceTopics().contains(output.topic())) {
                enqueue(output.topic(), output.key(), output.value(), output.timestamp(),
                        (RecordHeaders) output.headers());
            } else {
                tell(output);
            }
        }
    }

    private void tell(ProducerRecord<byte[], byte[]> output) {
        String key = keyReaders.get(output.topic()).apply(output.key());
        if (tableTopics.contains(output.topic())) {
            outcome.addOfTable(output.topic(), key, text(output.value()), output.timestamp());
        } else {
            outcome.add(output.topic(), key, text(output.value()), output.timestamp());
        }
    }

    private void enqueue(String topic, byte[] key, byte[] value, long timestampMs, RecordHeaders headers) {
        long offset = ends.merge(topic, 1L, Long::sum) - 1;
        queues.computeIfAbsent(topic, name -> new ArrayDeque<>()).add(new ConsumerRecord<>(topic, 0, offset,
                timestampMs, TimestampType.CREATE_TIME, 0, 0, key, value, headers, Optional.empty()));
    }

    /** Takes down the rows of the stores that both sides have; returns the stream time each has seen. */
    Map<String, Long> rows(Set<String> stores) {
        Map<String, Long> clocks = new TreeMap<>();
        cycles.values().forEach(cycle -> cycle.sub().stores().stream()
                .filter(spec -> stores.contains(spec.name()))
                        .forEach(spec -> clocks.put(spec.name(), rows(cycle, spec))));
        return clocks;
    }

    /** Every row of every store, as bytes. */
    String dump() {
        StringBuilder rows = new StringBuilder();
        bases.forEach((store, base) -> base.scan(null, null, (key, row) -> {
            rows.append(store).append(' ').append(HexFormat.of().formatHex(key)).append(" = ")
                    .append(HexFormat.of().formatHex(row.value())).append(" @ ").append(row.timestampMs())
                    .append('\n');
            return true;
        }));
        return rows.toString();
    }

    /** What came out. */
    Outcome outcome() {
        return outcome;
    }

    private long rows(TaskCycle cycle, StoreSpec spec) {
        long[] clock = {0};
        cycle.base(spec.name()).scan(null, null, (key, row) -> {
            clock[0] = Arrays.equals(key, CLOCK) ? row.timestampMs() : clock[0];
            switch (spec.layout()) {
                case KEYED -> outcome.row(spec.name(), text(key), text(row.value()));
                case WINDOWED -> window(spec, key, row.value());
                case SESSIONS -> session(spec, key, row.value(), clock[0]);
                case JOINED, SEEN, TIMERS, EXPIRING -> { }
            }
            return true;
        });
        return clock[0];
    }

    private void window(StoreSpec spec, byte[] key, byte[] value) {
        if (key[0] == 1) {
            String at = text(Arrays.copyOfRange(key, 9, key.length)) + "@" + ByteBuffer.wrap(key).getLong(1);
            outcome.row(spec.name(), at, text(Arrays.copyOfRange(value, 1, value.length)));
        }
    }

    /** Sessions are forgotten by the bucket; one that is over by the clock may still lie there. */
    private void session(StoreSpec spec, byte[] key, byte[] value, long clock) {
        if (key[0] == 1) {
            ByteBuffer row = ByteBuffer.wrap(key);
            long end = row.getLong(key.length - 16);
            if (end > clock - Generator.SESSION_GAP_MS - Generator.SESSION_GRACE_MS) {
                String name = text(Arrays.copyOfRange(key, 13, 13 + row.getInt(9)));
                outcome.row(spec.name(), name + "@" + row.getLong(key.length - 8) + ".." + end,
                        text(Arrays.copyOfRange(value, 1, value.length)));
            }
        }
    }

    static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return bytes == null ? null : Serdes.string().deserializer().deserialize("", bytes);
    }
}

package io.semel.streams.run;

import io.semel.streams.task.ChosenTopics;
import io.semel.streams.task.StoreBase;
import io.semel.streams.task.StoreBatch;
import io.semel.streams.task.TaskBatch;
import io.semel.streams.task.TaskCycle;
import io.semel.streams.task.TaskTurn;
import io.semel.streams.topology.Graph;
import io.semel.streams.topology.PartitionPlan;
import io.semel.streams.topology.StoreSpec;
import io.semel.streams.topology.SubTopology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * A task with what it needs of the cluster: its input partitions, where each of its stores is folded from and
 * how far. Owned by the host's thread. Phases:
 *
 * <ul>
 * <li>ASKING: its input offsets are not known; inputs are paused; only base stores hold anything.</li>
 * <li>FOLDING: inputs stand at the committed offsets, paused; base stores are being brought up to them.</li>
 * <li>FILLING: base stores equal the committed offsets; tables are read to the end they had, streams are
 * paused.</li>
 * <li>PROCESSING: all inputs flow.</li>
 * </ul>
 */
final class HostedTask {
    enum Phase { ASKING, FOLDING, FILLING, PROCESSING }

    private final String name;
    private final TaskCycle cycle;
    private final List<TopicPartition> tables = new ArrayList<>();
    private final List<TopicPartition> streams = new ArrayList<>();
    private final Set<TopicPartition> inputs = new LinkedHashSet<>();
    private final Map<TopicPartition, StoreFold> folds = new LinkedHashMap<>();
    private final Map<TopicPartition, StoreBase> bases = new LinkedHashMap<>();
    private final StoreViews views;
    private final TaskMeter meter;
    private Map<TopicPartition, Long> tableEnds = Map.of();
    private Phase phase = Phase.ASKING;
    private boolean anyCommitted;

    HostedTask(Graph graph, PartitionPlan plan, Snapshots snapshots, Broadcasts broadcasts,
               ChosenTopics chosen, TaskMeter meter) {
        SubTopology sub = meter.sub();
        int partition = meter.partition();
        this.meter = meter;
        this.views = snapshots.views();
        this.name = graph.name() + " task " + sub.index() + "_" + partition;
        this.cycle = new TaskCycle(graph.name(), sub, partition,
                spec -> spec.isBroadcast() ? broadcasts.base(spec)
                        : snapshots.base(new TopicPartition(spec.logTopic(graph.name()), partition)));
        Set<String> tableTopics = sub.tableTopics();
        for (String topic : sub.sourceTopics()) {
            if (partition < plan.count(topic)) {
                (tableTopics.contains(topic) ? tables : streams).add(new TopicPartition(topic, partition));
            }
        }
        inputs.addAll(tables);
        inputs.addAll(streams);
        for (StoreSpec spec : sub.stores()) {
            TopicPartition log = new TopicPartition(spec.logTopic(graph.name()), partition);
            if (partition < plan.count(log.topic())) {
                folds.put(log, new StoreFold(log, spec.isTable(), cycle.base(spec.name()),
                        snapshots.of(log), row -> !spec.isTable() || cycle.takes(spec, row)));
                bases.put(log, cycle.base(spec.name()));
            }
        }
    }

    /** Those of {@code tasks} that are in {@code phase}. */
    static List<HostedTask> in(Phase phase, Collection<HostedTask> tasks) {
        return tasks.stream().filter(task -> task.phase == phase).toList();
    }

    Phase phase() {
        return phase;
    }

    String name() {
        return name;
    }

    /** Every input partition, tables first. */
    Set<TopicPartition> inputs() {
        return inputs;
    }

    List<TopicPartition> tables() {
        return tables;
    }

    /** The folds that are not at their target yet, by log partition. */
    Map<TopicPartition, StoreFold> folds() {
        return folds;
    }

    /** The logs whose end has to be asked for: changelogs; a table's target is its committed offset. */
    List<TopicPartition> changelogs() {
        return folds.values().stream().filter(fold -> !fold.isTable()).map(StoreFold::log).toList();
    }

    /** Drops what is not committed. */
    void drop() {
        cycle.drop();
    }

    /** Begins again by asking where the committed inputs end. */
    void foldAgain() {
        phase = Phase.ASKING;
        meter.is(phase);
    }

    /**
     * ASKING to FOLDING: {@code committed} has the group's offsets, {@code ends} the changelogs' high
     * watermarks.
     */
    void fold(Map<TopicPartition, Long> committed, Map<TopicPartition, Long> ends) {
        anyCommitted = !committed.isEmpty();
        folds.values().forEach(fold -> fold.aim(fold.isTable() ? committed.getOrDefault(fold.log(), 0L)
                : ends.get(fold.log())));
        phase = Phase.FOLDING;
        inputs().forEach(input -> meter.standsAt(input.topic(), committed.getOrDefault(input, 0L)));
        tell();
    }

    /** Lets metrics see how far it has come. */
    void tell() {
        folds.values().forEach(meter::store);
        meter.is(phase);
    }

    boolean isFolded() {
        return folds.values().stream().allMatch(StoreFold::isDone);
    }

    /**
     * Whether it found state though the group had no offsets: an answer that was overtaken, or offsets lost.
     */
    boolean isStateWithoutOffsets() {
        return !anyCommitted && folds.values().stream().anyMatch(fold -> !fold.isTable() && fold.size() > 0);
    }

    /** FOLDING to FILLING or PROCESSING; {@code ends} are the stable ends of its tables. */
    void folded(Map<TopicPartition, Long> ends) {
        tableEnds = ends;
        phase = needsFilling() ? Phase.FILLING : Phase.PROCESSING;
        tell();
        show();
    }

    /** Lets readers from outside see what is committed. */
    private void show() {
        bases.forEach((log, base) -> views.show(log, base.view()));
    }

    /** Whether streams have to wait for tables. */
    boolean needsFilling() {
        return !tables.isEmpty() && !streams.isEmpty();
    }

    long tableEnd(TopicPartition table) {
        return tableEnds.getOrDefault(table, 0L);
    }

    /** FILLING to PROCESSING. */
    void filled() {
        phase = Phase.PROCESSING;
        tell();
    }

    /** Processes what was polled for this task and what is due by time; null if there is nothing. */
    TaskTurn turn(ConsumerRecords<byte[], byte[]> polled, long wallMs) {
        List<List<ConsumerRecord<byte[], byte[]>>> lists = new ArrayList<>();
        for (TopicPartition input : inputs) {
            List<ConsumerRecord<byte[], byte[]>> records = polled.records(input);
            if (!records.isEmpty()) {
                lists.add(records);
            }
        }
        if (lists.isEmpty() && !(cycle.isTimed() && phase == Phase.PROCESSING)) {
            return null;
        }
        TaskTurn turn = cycle.turn(lists, wallMs);
        return turn.isEmpty() ? null : turn;
    }

    /** What its turns have done since the last time, which belongs to one transaction. */
    TaskBatch seal() {
        return cycle.seal();
    }

    /**
     * The offsets that go into the transaction of {@code turn}; the poll knows those behind markers, too. A
     * turn of time alone carries where its inputs stand, because it is by its offsets that a
     * transaction shows that its member still owns the task (KIP-447).
     */
    Map<TopicPartition, OffsetAndMetadata> offsets(TaskTurn turn, ConsumerRecords<byte[], byte[]> polled,
                                                   ToLongFunction<TopicPartition> position) {
        if (turn.nextOffsets().isEmpty()) {
            TopicPartition input = inputs().iterator().next();
            return Map.of(input, new OffsetAndMetadata(position.applyAsLong(input)));
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
        turn.nextOffsets().forEach((topic, next) -> {
            TopicPartition input = new TopicPartition(topic, turn.partition());
            OffsetAndMetadata seen = polled.nextOffsets().get(input);
            offsets.put(input, seen != null && seen.offset() >= next ? seen : new OffsetAndMetadata(next));
        });
        return offsets;
    }

    /**
     * The batch is committed: base stores take it, with the changelog positions the acknowledgements told.
     */
    void apply(TaskBatch batch, Map<String, Long> changelogPositions) {
        Map<String, Long> positions = new LinkedHashMap<>(changelogPositions);
        for (TopicPartition table : tables) {
            Long next = batch.nextOffsets().get(table.topic());
            if (next != null) {
                positions.put(table.topic(), next);
            }
        }
        Map<TopicPartition, Long> before = new LinkedHashMap<>();
        folds.forEach((log, fold) -> before.put(log, fold.position()));
        cycle.apply(batch, positions);
        for (StoreBatch changed : batch.stores()) {
            TopicPartition log = new TopicPartition(changed.log(), changed.partition());
            StoreFold fold = folds.get(log);
            if (fold != null) {
                fold.took(before.get(log), changed.changes());
                meter.store(fold);
            }
        }
        meter.committed(batch);
        show();
    }

    /** Lets the snapshots of its stores go on. */
    void snapshot() {
        folds.values().forEach(StoreFold::snapshot);
    }

    /** The task goes elsewhere, or the instance ends; its bases are not needed here any more. */
    void letGo() {
        meter.isElsewhere();
        bases.keySet().forEach(views::hide);
        folds.values().forEach(StoreFold::letGo);
        bases.values().forEach(StoreBase::close);
    }
}

package io.semel.streams.run;

import io.semel.streams.run.Metrics.StoreMetrics;
import io.semel.streams.run.Metrics.TaskMetrics;
import io.semel.streams.task.StepCounts;
import io.semel.streams.task.TaskBatch;
import io.semel.streams.topology.StoreSpec;
import io.semel.streams.topology.SubTopology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.common.TopicPartition;

/**
 * What one task has done on this instance since its start, also while it was elsewhere meanwhile. Written by
 * the host's thread, once for each committed batch and each poll of a restore; read by any. Each number is
 * right; numbers read together may be a commit apart.
 */
final class TaskMeter {
    private static final int IN = 0;
    private static final int OUT = 1;
    private static final int DEAD = 2;
    private static final int SKIPPED = 3;
    private static final int COMMITS = 4;
    private static final int PHASE = 5;
    private static final int ELSEWHERE = -1;
    private static final int STEP_WIDTH = 3;
    private static final int POSITION = 0;
    private static final int TARGET = 1;
    private static final int ROWS = 2;
    private static final int REPLAYED = 3;
    private static final int STORE_WIDTH = 4;

    private final SubTopology sub;
    private final int partition;
    private final AtomicLongArray task = new AtomicLongArray(PHASE + 1);
    private final AtomicLongArray steps;
    private final List<StoreSpec> stores;
    private final List<String> logs;
    private final AtomicLongArray storeNumbers;
    private final List<String> sources;
    private final AtomicLongArray next;

    TaskMeter(String app, SubTopology sub, int partition) {
        this.sub = sub;
        this.partition = partition;
        this.steps = new AtomicLongArray(sub.nodes().size() * STEP_WIDTH);
        this.stores = List.copyOf(sub.stores());
        this.logs = stores.stream().map(spec -> spec.logTopic(app)).toList();
        this.storeNumbers = new AtomicLongArray(stores.size() * STORE_WIDTH);
        this.sources = List.copyOf(sub.sourceTopics());
        this.next = new AtomicLongArray(sources.size());
        task.setRelease(PHASE, ELSEWHERE);
    }

    SubTopology sub() {
        return sub;
    }

    int partition() {
        return partition;
    }

    String name() {
        return sub.index() + "_" + partition;
    }

    /** The batch is committed. */
    void committed(TaskBatch batch) {
        add(task, IN, batch.recordsIn());
        add(task, OUT, batch.recordsOut());
        add(task, DEAD, batch.deadLetters());
        add(task, SKIPPED, batch.skipped());
        add(task, COMMITS, 1);
        StepCounts counts = batch.steps();
        for (int step = 0; step < counts.in().length; step++) {
            add(steps, step * STEP_WIDTH + IN, counts.in()[step]);
            add(steps, step * STEP_WIDTH + OUT, counts.out()[step]);
            add(steps, step * STEP_WIDTH + DEAD, counts.deadLetters()[step]);
        }
        batch.nextOffsets().forEach(this::standsAt);
    }

    void is(HostedTask.Phase phase) {
        task.setRelease(PHASE, phase.ordinal());
    }

    void isElsewhere() {
        task.setRelease(PHASE, ELSEWHERE);
    }

    /** Where the next record of an input is read. */
    void standsAt(String topic, long offset) {
        next.setRelease(sources.indexOf(topic), offset);
    }

    /** Where a store stands. */
    void store(StoreFold fold) {
        int at = logs.indexOf(fold.log().topic()) * STORE_WIDTH;
        storeNumbers.setRelease(at + POSITION, fold.position());
        storeNumbers.setRelease(at + TARGET, Math.max(fold.target(), fold.position()));
        storeNumbers.setRelease(at + ROWS, fold.size());
        storeNumbers.setRelease(at + REPLAYED, fold.replayed());
    }

    boolean isHere() {
        return task.getAcquire(PHASE) != ELSEWHERE;
    }

    /** The committed position in each input. */
    Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new LinkedHashMap<>();
        for (int source = 0; source < sources.size(); source++) {
            positions.put(new TopicPartition(sources.get(source), partition), next.getAcquire(source));
        }
        return positions;
    }

    /** Adds what the steps did to {@code sums}, three numbers for each step: in, out, dead letters. */
    void addTo(long[] sums) {
        for (int at = 0; at < sums.length; at++) {
            sums[at] += steps.getAcquire(at);
        }
    }

    TaskMetrics read() {
        List<StoreMetrics> told = new ArrayList<>();
        for (int store = 0; store < stores.size(); store++) {
            int at = store * STORE_WIDTH;
            told.add(new StoreMetrics(stores.get(store).name(), storeNumbers.getAcquire(at + ROWS),
                    storeNumbers.getAcquire(at + POSITION), storeNumbers.getAcquire(at + TARGET),
                    storeNumbers.getAcquire(at + REPLAYED)));
        }
        boolean flows = task.getAcquire(PHASE) == HostedTask.Phase.PROCESSING.ordinal();
        return new TaskMetrics(name(), flows, task.getAcquire(IN), task.getAcquire(OUT),
                task.getAcquire(SKIPPED), task.getAcquire(DEAD), task.getAcquire(COMMITS), told);
    }

    /** One writer: no need to add atomically. */
    private static void add(AtomicLongArray numbers, int at, long more) {
        numbers.setRelease(at, numbers.getPlain(at) + more);
    }
}

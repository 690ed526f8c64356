package io.semel.streams.task;

import io.semel.streams.StreamsError;
import io.semel.streams.StreamsError.PoisonRecord;
import io.semel.streams.topology.Node;
import io.semel.streams.topology.StoreSpec;
import io.semel.streams.topology.SubTopology;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A sub-topology at work on one partition number. {@link #turn} takes records in and gives records out, which
 * may be sent at once; what the stores change meanwhile stays open, over as many turns as a transaction has,
 * until {@link #seal} lets go what steps have held back and makes a batch of it, one change by key. {@link
 * #apply} lets the batch sink into the stores once it is committed, {@link #drop} forgets what is not. Pure:
 * no client, clock or thread; owned by one thread. Throws {@link PoisonRecord} when a step or serde refuses a
 * record, after which only {@link #drop} is allowed.
 */
public final class TaskCycle {
    private final String app;
    private final SubTopology sub;
    private final int partition;
    private final Map<String, LayeredState<?, ?>> states = new LinkedHashMap<>();
    private final Map<String, LayeredState<?, ?>> shared = new TreeMap<>();
    private final Map<String, Seat> sources = new TreeMap<>();
    /** By the ids of their nodes, parents before children. */
    private final Map<Integer, Seat> seats = new TreeMap<>();
    private List<ProducerRecord<byte[], byte[]>> outputs = new ArrayList<>();
    private final List<Seat> timed = new ArrayList<>();
    private final Undo undo;
    private final ChosenTopics chosen;
    private final Map<Integer, Integer> places = new TreeMap<>();
    private final boolean recovers;
    private final BorrowedHeaders headers = new BorrowedHeaders();
    private StepCounts counts;
    /** The places of the steps whose records went to dead letter topics. */
    private final List<Integer> buried = new ArrayList<>();
    private SortedMap<String, Long> nextOffsets = new TreeMap<>();
    private int recordsIn;
    private int recordsOut;
    private int skipped;
    private long streamMs = -1;
    private long wallMs;

    /** A cycle that may choose any topic to send to. */
    public TaskCycle(String app, SubTopology sub, int partition, Function<StoreSpec, StoreBase> bases) {
        this(app, sub, partition, bases, ChosenTopics.ANY);
    }

    /** Builds the cycle over {@code bases}, one per store of {@code sub} and one per broadcast. */
    public TaskCycle(String app, SubTopology sub, int partition, Function<StoreSpec, StoreBase> bases,
                     ChosenTopics chosen) {
        this.chosen = chosen;
        this.sub = sub;
        this.partition = partition;
        this.app = app;
        this.recovers = sub.nodes().stream().anyMatch(node -> node.recovery().isPresent());
        this.undo = new Undo(recovers);
        for (StoreSpec spec : sub.stores()) {
            states.put(spec.name(), new LayeredState<>(spec, spec.logTopic(app), partition,
                    bases.apply(spec), undo));
        }
        for (StoreSpec spec : sub.broadcasts()) {
            shared.put(spec.name(),
                    new LayeredState<>(spec, spec.logTopic(app), partition, bases.apply(spec)));
        }
        for (Node node : sub.nodes()) {
            Seat seat = new Seat(node, this, seats.size());
            places.put(node.id(), seats.size());
            seats.put(node.id(), seat);
            node.parents().forEach(parent -> seats.get(parent).feeds(seat));
            if (seat.isTimed()) {
                timed.add(seat);
            }
            if (node.kind().isSource()) {
                sources.put(node.topicName(), seat);
            }
        }
        this.counts = StepCounts.of(seats.size());
    }

    /**
     * Processes what was read at once, given by partition, none without a record; tables first, so that they
     * win ties of event time. Then lets steps do what is due by time; {@code wallMs} is the clock.
     */
    public TaskTurn turn(List<List<ConsumerRecord<byte[], byte[]>>> inputs, long wallMs) {
        this.wallMs = wallMs;
        SortedMap<String, Long> next = new TreeMap<>();
        int taken = 0;
        for (ConsumerRecord<byte[], byte[]> input : TimeOrder.merge(inputs)) {
            feed(input);
            streamMs = Math.max(streamMs, input.timestamp());
        }
        for (List<ConsumerRecord<byte[], byte[]>> records : inputs) {
            ConsumerRecord<byte[], byte[]> last = records.get(records.size() - 1);
            next.put(last.topic(), last.offset() + 1);
            taken += records.size();
        }
        tick(wallMs);
        List<ProducerRecord<byte[], byte[]>> made = outputs;
        outputs = new ArrayList<>();
        nextOffsets.putAll(next);
        recordsIn += taken;
        recordsOut += made.size();
        return new TaskTurn(partition, Collections.unmodifiableList(made),
                Collections.unmodifiableSortedMap(next), taken,
                states.values().stream().anyMatch(LayeredState::isChanged)
                        || seats.values().stream().anyMatch(Seat::isHolding));
    }

    /** Closes what the turns since the last time have changed: it belongs to one transaction. */
    public TaskBatch seal() {
        release();
        recordsOut += outputs.size();
        buried.forEach(place -> counts.deadLetters()[place]++);
        List<StoreBatch> changed = new ArrayList<>();
        states.values().forEach(state -> changed.add(state.seal()));
        TaskBatch batch = new TaskBatch(partition, Collections.unmodifiableList(outputs),
                List.copyOf(changed),
                Collections.unmodifiableSortedMap(nextOffsets), recordsIn, recordsOut, skipped, buried.size(),
                counts);
        begin();
        return batch;
    }

    /** Parents first: what they let go may be held back again further down, with what is there. */
    private void release() {
        for (Seat seat : seats.values()) {
            try {
                seat.release();
                undo.keep();
            } catch (StepFailure failure) {
                throw new StreamsError.Defect("step '" + failure.step()
                        + "' refused a change that was held back: " + failure.getCause(),
                        failure.getCause());
            }
        }
    }

    private void begin() {
        outputs = new ArrayList<>();
        nextOffsets = new TreeMap<>();
        recordsIn = 0;
        recordsOut = 0;
        skipped = 0;
        buried.clear();
        counts = StepCounts.of(places.size());
    }

    /**
     * Lets a committed batch sink into the base stores, with the log position each store has thereby reached;
     * a store that is absent from {@code positions} keeps its position.
     */
    public void apply(TaskBatch batch, Map<String, Long> positions) {
        for (StoreBatch changed : batch.stores()) {
            LayeredState<?, ?> state = states.get(changed.store());
            state.apply(changed, positions.getOrDefault(changed.store(), state.base().position()));
        }
    }

    /** Forgets every change that is not committed, and stream time; the base stores stay. */
    public void drop() {
        streamMs = -1;
        states.values().forEach(LayeredState::drop);
        seats.values().forEach(Seat::drop);
        undo.keep();
        begin();
    }

    public SubTopology sub() {
        return sub;
    }

    public int partition() {
        return partition;
    }

    /** The committed state of a store of this task. */
    public StoreBase base(String store) {
        return states.get(store).base();
    }

    /** Whether a step wants to be called as time goes by, also when there are no records. */
    public boolean isTimed() {
        return !timed.isEmpty();
    }

    private void tick(long wallMs) {
        for (Seat seat : timed) {
            try {
                seat.tick(streamMs, wallMs);
                undo.keep();
            } catch (StepFailure failure) {
                throw new StreamsError.Defect("step '" + failure.step() + "' failed by time: "
                        + failure.getCause(), failure.getCause());
            }
        }
    }

    private void feed(ConsumerRecord<byte[], byte[]> input) {
        Seat source = sources.get(input.topic());
        if (source == null || input.partition() != partition) {
            throw new StreamsError.Defect("task " + sub.index() + "_" + partition + " was given a record of "
                    + input.topic() + "-" + input.partition(), null);
        }
        try {
            if (recovers) {
                guarded(() -> source.accept(input), (failure, attempts) -> {
                    outputs.add(DeadLetter.of(app, input, failure, attempts));
                    source.keep(input);
                });
            } else {
                source.accept(input);
            }
        } catch (StepFailure failure) {
            throw new PoisonRecord(input.topic(), input.partition(), input.offset(), failure.step(),
                    failure.getCause());
        }
        undo.keep();
    }

    /**
     * Whether a record of a table's topic belongs in its store when that is folded again: not if its bytes
     * were refused and the table recovers from that.
     */
    public boolean takes(StoreSpec table, ConsumerRecord<byte[], byte[]> row) {
        Seat source = sources.get(table.logTopic(app));
        return source == null || !source.recovers() || source.canRead(row);
    }

    /** Does what time is the cause of; recovers on its own, within whatever is being done. */
    void apart(Runnable work) {
        guarded(work,
                (failure, attempts) -> outputs.add(DeadLetter.ofTime(app, streamMs, failure, attempts)));
    }

    /**
     * Does {@code work} whole or not at all: if a step refuses it and recovers, everything it has done is
     * taken back, then it is tried again, at last {@code bury} writes a dead letter.
     */
    private void guarded(Runnable work, BiConsumer<StepFailure, Integer> bury) {
        int changed = undo.mark();
        int sent = outputs.size();
        int skippedBefore = skipped;
        int buriedBefore = buried.size();
        for (int attempt = 1;; attempt++) {
            try {
                work.run();
                return;
            } catch (StepFailure failure) {
                if (failure.recovery().isEmpty()) {
                    throw failure;
                }
                undo.back(changed);
                outputs.subList(sent, outputs.size()).clear();
                skipped = skippedBefore;
                buried.subList(buriedBefore, buried.size()).clear();
                if (attempt > failure.recovery().get().retries()) {
                    bury.accept(failure, attempt);
                    buried.add(places.get(failure.nodeId()));
                    return;
                }
            }
        }
    }

    long wallMs() {
        return wallMs;
    }

    LayeredState<?, ?> state(String store) {
        LayeredState<?, ?> own = states.get(store);
        return own != null ? own : shared.get(store);
    }

    Seat seat(int id) {
        return seats.get(id);
    }

    BorrowedHeaders headers() {
        return headers;
    }

    Undo undo() {
        return undo;
    }

    void output(ProducerRecord<byte[], byte[]> record) {
        outputs.add(record);
    }

    ChosenTopics chosen() {
        return chosen;
    }

    void skip() {
        skipped++;
    }

    void took(int place) {
        counts.in()[place]++;
    }

    void gave(int place) {
        counts.out()[place]++;
    }
}

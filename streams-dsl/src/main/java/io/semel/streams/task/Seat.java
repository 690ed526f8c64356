package io.semel.streams.task;

import io.semel.streams.Store;
import io.semel.streams.StreamsError;
import io.semel.streams.Topic;
import io.semel.streams.topology.KeyedState;
import io.semel.streams.topology.Node;
import io.semel.streams.topology.Out;
import io.semel.streams.topology.Rec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;

/** One node of one task: runs its step and hands on what comes out. Owned by the task's thread. */
final class Seat implements Out {
    /** Header of a change on its way through a repartition topic: the value it takes the place of. */
    private static final String OLD = "semel.old";

    private final Node node;
    private final TaskCycle cycle;
    private final int place;
    private final Map<String, LayeredState<?, ?>> states = new TreeMap<>();
    private final List<Seat> below = new ArrayList<>();
    private final Held held;

    /** @param place where its node stands in the sub-topology */
    Seat(Node node, TaskCycle cycle, int place) {
        this.node = node;
        this.cycle = cycle;
        this.place = place;
        this.held = new Held(cycle.undo());
        node.stores().forEach(spec -> states.put(spec.name(), cycle.state(spec.name())));
    }

    void feeds(Seat child) {
        below.add(child);
    }

    void accept(ConsumerRecord<byte[], byte[]> input) {
        Topic<?, ?> topic = node.topic().orElseThrow();
        Rec rec;
        try {
            rec = new Rec(read(topic.keySerde(), topic, input.headers(), input.key()),
                    read(topic.valueSerde(), topic, input.headers(), input.value()),
                    Math.max(0, input.timestamp()), input.headers());
            rec = node.kind() == Node.Kind.VIA_SOURCE ? withOld(rec, topic) : rec;
        } catch (RuntimeException refused) {
            throw new StepFailure(node, refused);
        }
        run(rec);
    }

    boolean recovers() {
        return node.recovery().isPresent();
    }

    boolean canRead(ConsumerRecord<byte[], byte[]> input) {
        Topic<?, ?> topic = node.topic().orElseThrow();
        try {
            read(topic.keySerde(), topic, input.headers(), input.key());
            read(topic.valueSerde(), topic, input.headers(), input.value());
            return true;
        } catch (RuntimeException refused) {
            return false;
        }
    }

    /**
     * A table's row stays in its store though a step below has refused it: the topic is the store's log, so
     * that it would be there again after a restart.
     */
    @SuppressWarnings("unchecked")
    void keep(ConsumerRecord<byte[], byte[]> input) {
        if (node.kind() == Node.Kind.TABLE && input.key() != null && canRead(input)) {
            Topic<?, ?> topic = node.topic().orElseThrow();
            LayeredState<Object, Object> state = (LayeredState<Object, Object>) states.values().iterator()
                    .next();
            state.put(read(topic.keySerde(), topic, input.headers(), input.key()),
                    read(topic.valueSerde(), topic, input.headers(), input.value()),
                    Math.max(0, input.timestamp()));
        }
    }

    private void run(Rec rec) {
        cycle.took(place);
        try {
            node.step().on(rec, this);
        } catch (StepFailure | StreamsError | ChosenTopics.Unanswered known) {
            throw known;
        } catch (RuntimeException refused) {
            throw new StepFailure(node, refused);
        }
    }

    boolean isTimed() {
        return node.step().isTimed();
    }

    void tick(long streamMs, long wallMs) {
        try {
            node.step().tick(streamMs, wallMs, this);
        } catch (StepFailure | StreamsError | ChosenTopics.Unanswered known) {
            throw known;
        } catch (RuntimeException refused) {
            throw new StepFailure(node, refused);
        }
    }

    @Override
    public void forward(Rec rec) {
        cycle.gave(place);
        for (int i = 0; i < below.size(); i++) {
            below.get(i).run(rec);
        }
    }

    @Override
    public void send(Topic<?, ?> topic, Rec rec) {
        if (node.topic().isEmpty()) {
            requireChosen(topic);
        }
        BorrowedHeaders headers = cycle.headers().of(rec.headers());
        byte[] key = write(topic.keySerde(), topic, headers, rec.key());
        byte[] value = write(topic.valueSerde(), topic, headers, rec.value());
        cycle.gave(place);
        cycle.output(
                new ProducerRecord<>(topic.name(), null, rec.timestampMs(), key, value, headers.now()));
    }

    private void requireChosen(Topic<?, ?> topic) {
        if (topic == null) {
            throw new IllegalArgumentException("the function given to to(...) chose no topic but null");
        }
        cycle.chosen().require(topic.name());
    }

    @Override
    public void sendChange(Topic<?, ?> topic, Rec rec) {
        Headers headers = new RecordHeaders(rec.headers());
        if (rec.hasOld()) {
            headers.add(OLD, write(topic.valueSerde(), topic, headers, rec.old()));
        }
        send(topic, rec.withHeaders(headers));
    }

    private static Rec withOld(Rec rec, Topic<?, ?> topic) {
        Header old = rec.headers().lastHeader(OLD);
        if (old == null) {
            return rec;
        }
        Headers others = new RecordHeaders(rec.headers()).remove(OLD);
        return rec.change(read(topic.valueSerde(), topic, others, old.value()), rec.value())
                .withHeaders(others);
    }

    @Override
    public void emit(Rec rec) {
        apart(() -> forward(rec));
    }

    @Override
    public void apart(Runnable work) {
        cycle.apart(() -> {
            try {
                work.run();
            } catch (StepFailure | StreamsError | ChosenTopics.Unanswered known) {
                throw known;
            } catch (RuntimeException refused) {
                throw new StepFailure(node, refused);
            }
        });
    }

    @Override
    public void hold(Rec rec) {
        held.put(rec);
    }

    @Override
    public Rec held(int id, Object key) {
        return cycle.seat(id).held.of(key);
    }

    boolean isHolding() {
        return !held.isEmpty();
    }

    /** Lets go on what it holds back. A change that goes on is not held any more: steps below look there. */
    void release() {
        for (Rec rec = held.poll(); rec != null; rec = held.poll()) {
            emit(rec);
        }
    }

    void drop() {
        held.clear();
    }

    @Override
    public long wallMs() {
        return cycle.wallMs();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <K, V> KeyedState<K, V> store(Store<K, V> store) {
        LayeredState<?, ?> state = states.get(store.name());
        if (state == null) {
            throw new StreamsError.Defect("step " + node.name() + " touches store " + store + " unannounced",
                    null);
        }
        return (KeyedState<K, V>) state;
    }

    @Override
    public void skip() {
        cycle.skip();
    }

    private static Object read(Serde<?> serde, Topic<?, ?> topic, Headers headers, byte[] bytes) {
        return bytes == null ? null : serde.deserializer().deserialize(topic.name(), headers, bytes);
    }

    @SuppressWarnings("unchecked")
    private static byte[] write(Serde<?> serde, Topic<?, ?> topic, Headers headers, Object value) {
        return value == null ? null : ((Serde<Object>) serde).serializer()
                .serialize(topic.name(), headers, value);
    }
}

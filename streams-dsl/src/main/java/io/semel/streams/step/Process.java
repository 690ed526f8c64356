package io.semel.streams.step;

import io.semel.streams.Emit;
import io.semel.streams.Event;
import io.semel.streams.State;
import io.semel.streams.Store;
import io.semel.streams.Timers;
import io.semel.streams.topology.KeyedState;
import io.semel.streams.topology.Out;
import io.semel.streams.topology.Rec;
import io.semel.streams.topology.Stamped;
import io.semel.streams.topology.Step;
import io.semel.streams.topology.StoreSpec;
import io.semel.streams.topology.StoreSpec.Layout;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A step of the user's own: called with each record, and with each timer that goes off. Event timers go off
 * behind the record that moves stream time past them, earliest first; wall timers between batches. A timer
 * set for a time that has passed goes off at the next occasion. Immutable.
 */
public final class Process<K, V, R> implements Step {
    private final Optional<Rows<K>> timers;
    private final OnEvent<K, V, R> onEvent;
    private final OnDue<K, R> onDue;

    /** What to do with a record. */
    @FunctionalInterface
    public interface OnEvent<K, V, R> {
        void on(Event<K, V> event, Call<K, R> call);
    }

    /** What to do when a timer goes off. */
    @FunctionalInterface
    public interface OnDue<K, R> {
        void on(Timers.Due<K> due, Call<K, R> call);
    }

    public Process(OnEvent<K, V, R> onEvent) {
        this.timers = Optional.empty();
        this.onEvent = onEvent;
        this.onDue = (due, call) -> { };
    }

    public Process(Timers<K> timers, OnEvent<K, V, R> onEvent, OnDue<K, R> onDue) {
        this.timers = Optional.of(new Rows<>(declared(timers)));
        this.onEvent = onEvent;
        this.onDue = onDue;
    }

    /** What {@code timers} are in the graph. */
    public static StoreSpec spec(Timers<?> timers) {
        Store<?, ?> declared = declared(timers);
        return new StoreSpec(new Rows<>(declared).store(), Optional.empty(), Layout.TIMERS, declared);
    }

    private static <K> Store<K, Void> declared(Timers<K> timers) {
        return Store.keys(timers.name(), timers.keySerde());
    }

    @Override
    public void on(Rec rec, Out out) {
        if (timers.isEmpty()) {
            onEvent.on(event(rec), new Call<>(rec, out, null, null));
            return;
        }
        if (!rec.hasKey()) {
            out.skip();
            return;
        }
        KeyedState<byte[], Object> state = out.store(timers.get().store());
        long before = Rows.clock(state);
        if (rec.timestampMs() > before) {
            Rows.advance(state, rec.timestampMs());
        }
        onEvent.on(event(rec), new Call<>(rec, out, timers.get(), state));
        goOff(Timers.Time.EVENT, Math.max(before, rec.timestampMs()), rec.headers(), out, state);
    }

    @Override
    public boolean isTimed() {
        return timers.isPresent();
    }

    @Override
    public void tick(long streamMs, long wallMs, Out out) {
        KeyedState<byte[], Object> state = out.store(timers.orElseThrow().store());
        goOff(Timers.Time.WALL, wallMs, new RecordHeaders(), out, state);
    }

    private void goOff(Timers.Time time, long nowMs, Headers headers, Out out,
            KeyedState<byte[], Object> state) {
        byte kind = kind(time);
        Rows.forget(state, Rows.bound(kind, 0), Rows.bound(kind, nowMs + 1), row -> {
            K key = timers.orElseThrow().read(Rows.keyByTime(row.key()));
            long eventMs = time == Timers.Time.EVENT ? row.timestampMs() : Math.max(0, Rows.clock(state));
            Rec rec = new Rec(key, null, eventMs, headers);
            out.apart(() -> onDue.on(new Timers.Due<>(key, time, Rows.timeOf(row.key())),
                    new Call<>(rec, out, timers.orElseThrow(), state)));
        });
    }

    private static byte kind(Timers.Time time) {
        return switch (time) {
            case EVENT -> Rows.DATA;
            case WALL -> Rows.INDEX;
        };
    }

    private static <K, V> Event<K, V> event(Rec rec) {
        return new Event<>(rec.key(), rec.value(), rec.timestampMs(), rec.headers());
    }

    /** One call of the user's function: its stores, its timers, its output. Valid during the call. */
    public static final class Call<K, R> implements Emit<R>, Timers.Setting {
        private final Rec rec;
        private final Out out;
        private final Rows<K> rows;
        private final KeyedState<byte[], Object> timers;

        private Call(Rec rec, Out out, Rows<K> rows, KeyedState<byte[], Object> timers) {
            this.rec = rec;
            this.out = out;
            this.rows = rows;
            this.timers = timers;
        }

        /** The store of this task, stamped with the time of the record at hand. */
        public <SK, SV> State<SK, SV> state(Store<SK, SV> store) {
            return new View<>(Kept.open(out, store), rec.timestampMs());
        }

        @Override
        public void emit(R value) {
            out.forward(rec.withValue(value));
        }

        @Override
        public void emit(R value, long timestampMs) {
            out.forward(rec.withValue(value).at(timestampMs));
        }

        @Override
        public void set(Timers.Time time, long timeMs) {
            timers.put(row(time, timeMs), Mark.MARK, Math.max(0, timeMs));
        }

        @Override
        public void cancel(Timers.Time time, long timeMs) {
            byte[] row = row(time, timeMs);
            if (timers.find(row) != null) {
                timers.put(row, null, Math.max(0, timeMs));
            }
        }

        @Override
        public long nowMs(Timers.Time time) {
            return time == Timers.Time.WALL ? out.wallMs() : Rows.clock(timers);
        }

        private byte[] row(Timers.Time time, long timeMs) {
            return Rows.byTime(kind(time), Math.max(0, timeMs), rows.write(rec.key()));
        }
    }

    private record View<K, V>(KeyedState<K, V> state, long nowMs) implements State<K, V> {
        @Override
        public V get(K key) {
            Stamped<V> found = state.find(key);
            return found == null ? null : found.value();
        }

        @Override
        public long timestampMs(K key) {
            Stamped<V> found = state.find(key);
            return found == null ? -1 : found.timestampMs();
        }

        @Override
        public void put(K key, V value) {
            state.put(key, value, nowMs);
        }

        @Override
        public void range(K from, K to, BiPredicate<K, V> visit) {
            state.scan(from, to, (key, found) -> visit.test(key, found.value()));
        }
    }
}

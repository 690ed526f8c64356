package io.semel.streams.step;

import io.semel.streams.SessionWindows;
import io.semel.streams.Store;
import io.semel.streams.Windowed;
import io.semel.streams.topology.KeyedState;
import io.semel.streams.topology.Out;
import io.semel.streams.topology.Rec;
import io.semel.streams.topology.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

/**
 * Folds the records of a key by session: a record joins, and thereby may merge, the sessions within the gap.
 * A session whose end lies a gap and the grace behind stream time is over; a record that would only make such
 * one is skipped. Immutable; as Kafka Streams does it. Rows are kept by bucket of the session's end; when
 * only the last state of a session is told, a second row by its end finds those that are over.
 */
public final class SessionFold<K, V, A> implements Step {
    private final Rows<K> rows;
    private final SessionWindows windows;
    private final boolean finalOnly;
    private final Supplier<? extends A> zero;
    private final BiFunction<? super A, ? super V, ? extends A> fold;
    private final BinaryOperator<A> merge;
    private final long bucketMs;

    public SessionFold(Store<K, A> declared, SessionWindows windows, boolean finalOnly,
                       Supplier<? extends A> zero, BiFunction<? super A, ? super V, ? extends A> fold,
                       BinaryOperator<A> merge) {
        this.rows = new Rows<>(declared);
        this.windows = windows;
        this.finalOnly = finalOnly;
        this.zero = zero;
        this.fold = fold;
        this.merge = merge;
        this.bucketMs = windows.gapMs() + windows.graceMs();
    }

    public Rows<K> rows() {
        return rows;
    }

    /** The newest time at whose end a session is over. */
    private long closeMs(long clock) {
        return clock - windows.gapMs() - windows.graceMs();
    }

    @Override
    public void on(Rec rec, Out out) {
        if (!rec.hasKey()) {
            out.skip();
            return;
        }
        KeyedState<byte[], Object> state = out.store(rows.store());
        long before = Rows.clock(state);
        long now = Math.max(before, rec.timestampMs());
        foldInto(state, before, now, rec, out);
        if (now > before) {
            Rows.advance(state, now);
            close(state, before, now, rec, out);
        }
    }

    @SuppressWarnings("unchecked")
    private void foldInto(KeyedState<byte[], Object> state, long before, long now, Rec rec, Out out) {
        long time = rec.timestampMs();
        byte[] key = rows.write(rec.key());
        long start = time;
        long end = time;
        A made = zero.get();
        List<Rows.Row> near = near(state, key, time, before);
        for (Rows.Row row : near) {
            made = merge.apply(made, (A) row.value());
            start = Math.min(start, Rows.secondOf(row.key()));
            end = Math.max(end, Rows.firstOf(row.key()));
        }
        if (end < closeMs(now)) {
            out.skip();
            return;
        }
        if (start != time || end != time) {
            near.forEach(row -> remove(state, key, row, rec, out));
        }
        made = fold.apply(made, rec.value());
        put(state, key, new Windowed<>(rec.key(), start, end), made);
        if (!finalOnly) {
            Object old = start == time && end == time && !near.isEmpty() ? near.get(0).value() : null;
            out.forward(rec.with(new Windowed<>(rec.key(), start, end), null).change(old, made).at(end));
        }
    }

    /**
     * The earliest end of a session that may grow. Without final results a session whose time is just up is
     * passed over, as in Kafka Streams, whose store has forgotten it then.
     */
    private long firstEndMs(long clock) {
        return clock < 0 ? 0 : closeMs(clock) + (finalOnly ? 0 : 1);
    }

    /** The sessions of a key that a record at {@code time} belongs to, by their ends. */
    private List<Rows.Row> near(KeyedState<byte[], Object> state, byte[] key, long time, long clock) {
        long endMin = Math.max(0, Math.max(time - windows.gapMs(), firstEndMs(clock)));
        long endMax = Math.max(clock, time);
        List<Rows.Row> near = new ArrayList<>();
        for (long bucket = endMin / bucketMs; bucket <= endMax / bucketMs; bucket++) {
            byte[] prefix = Rows.prefix(Rows.DATA, bucket, key);
            state.scan(prefix, Rows.behind(prefix), (row, stored) -> {
                if (Rows.firstOf(row) >= endMin && Rows.secondOf(row) <= time + windows.gapMs()) {
                    near.add(new Rows.Row(row, stored.value(), stored.timestampMs()));
                }
                return true;
            });
        }
        return near;
    }

    private void put(KeyedState<byte[], Object> state, byte[] key, Windowed<K> session, A made) {
        long end = session.endMs();
        state.put(Rows.byBucket(Rows.DATA, end / bucketMs, key, end, session.startMs()), made, end);
        if (finalOnly) {
            state.put(index(key, end, session.startMs()), Mark.MARK, end);
        }
    }

    private void remove(KeyedState<byte[], Object> state, byte[] key, Rows.Row row, Rec rec, Out out) {
        long end = Rows.firstOf(row.key());
        long start = Rows.secondOf(row.key());
        state.put(row.key(), null, end);
        if (finalOnly) {
            state.put(index(key, end, start), null, end);
        } else {
            out.forward(rec.with(new Windowed<>(rec.key(), start, end), null).change(row.value(), null)
                    .at(end));
        }
    }

    private void close(KeyedState<byte[], Object> state, long before, long now, Rec rec, Out out) {
        long close = closeMs(now);
        if (!finalOnly) {
            Rows.forgetBuckets(state, bucketMs, closeMs(before), close);
            return;
        }
        if (close <= 0) {
            return;
        }
        Rows.forget(state, Rows.bound(Rows.INDEX, 0), Rows.bound(Rows.INDEX, close), row -> {
            long end = Rows.timeOf(row.key());
            byte[] startAndKey = Rows.keyByTime(row.key());
            long start = java.nio.ByteBuffer.wrap(startAndKey).getLong();
            byte[] key = java.util.Arrays.copyOfRange(startAndKey, 8, startAndKey.length);
            byte[] data = Rows.byBucket(Rows.DATA, end / bucketMs, key, end, start);
            Object value = state.find(data).value();
            state.put(data, null, end);
            out.emit(rec.with(new Windowed<>(rows.read(key), start, end), value).at(end));
        });
    }

    private static byte[] index(byte[] key, long end, long start) {
        byte[] startAndKey = java.nio.ByteBuffer.allocate(8 + key.length).putLong(start).put(key).array();
        return Rows.byTime(Rows.INDEX, end, startAndKey);
    }
}

package io.semel.streams.step;

import io.semel.streams.Store;
import io.semel.streams.TimeWindows;
import io.semel.streams.Windowed;
import io.semel.streams.topology.KeyedState;
import io.semel.streams.topology.Out;
import io.semel.streams.topology.Rec;
import io.semel.streams.topology.Stamped;
import io.semel.streams.topology.Step;
import java.util.function.BiFunction;

/**
 * Folds the records of a key by window, a row for each window that is open. A window is open while stream
 * time has not passed its end and grace; a record that finds all its windows closed is skipped. Tells every
 * change, or only the last of each window when it closes. Immutable; as Kafka Streams does it (KIP-825 for
 * the last).
 */
public final class WindowFold<K, V, A> implements Step {
    private final Rows<K> rows;
    private final TimeWindows windows;
    private final boolean finalOnly;
    private final BiFunction<A, V, A> fold;

    /** @param fold takes the aggregate so far, null in a new window, and the value */
    public WindowFold(Store<K, A> declared, TimeWindows windows, boolean finalOnly,
            BiFunction<A, V, A> fold) {
        this.rows = new Rows<>(declared);
        this.windows = windows;
        this.finalOnly = finalOnly;
        this.fold = fold;
    }

    public Rows<K> rows() {
        return rows;
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
        byte[] key = rows.write(rec.key());
        boolean late = true;
        for (long start = windows.firstStartMs(rec.timestampMs()); start <= rec.timestampMs();
                start += windows.advanceMs()) {
            if (start + windows.sizeMs() > now - windows.graceMs()) {
                foldInto(state, start, key, rec, out);
                late = false;
            }
        }
        if (late) {
            out.skip();
        }
        if (now > before) {
            Rows.advance(state, now);
            close(state, before, now, rec, out);
        }
    }

    @SuppressWarnings("unchecked")
    private void foldInto(KeyedState<byte[], Object> state, long start, byte[] key, Rec rec, Out out) {
        byte[] row = Rows.byTime(Rows.DATA, start, key);
        Stamped<Object> stored = state.find(row);
        A old = stored == null ? null : (A) stored.value();
        A made = fold.apply(old, rec.value());
        long timestampMs = old == null ? rec.timestampMs()
                : Math.max(rec.timestampMs(), stored.timestampMs());
        state.put(row, made, timestampMs);
        if (!finalOnly) {
            out.forward(rec.with(window(rec.key(), start), null).change(old, made).at(timestampMs));
        }
    }

    /** Forgets the windows that are over; rows are sorted by the start of their window. */
    private void close(KeyedState<byte[], Object> state, long before, long now, Rec rec, Out out) {
        long lastStart = now - windows.graceMs() - windows.sizeMs();
        long lastBefore = before - windows.graceMs() - windows.sizeMs();
        boolean any = lastStart >= 0 && (before < 0 || lastBefore < 0
                || lastStart / windows.advanceMs() != lastBefore / windows.advanceMs());
        if (!any) {
            return;
        }
        Rows.forget(state, Rows.bound(Rows.DATA, 0), Rows.bound(Rows.DATA, lastStart + 1), row -> {
            if (finalOnly) {
                K key = rows.read(Rows.keyByTime(row.key()));
                out.emit(rec.with(window(key, Rows.timeOf(row.key())), row.value()).at(row.timestampMs()));
            }
        });
    }

    private Windowed<K> window(K key, long start) {
        return new Windowed<>(key, start, start + windows.sizeMs());
    }
}

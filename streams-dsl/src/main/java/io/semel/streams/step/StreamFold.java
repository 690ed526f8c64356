package io.semel.streams.step;

import io.semel.streams.Store;
import io.semel.streams.topology.KeyedState;
import io.semel.streams.topology.Out;
import io.semel.streams.topology.Rec;
import io.semel.streams.topology.Stamped;
import io.semel.streams.topology.Step;
import java.util.function.BiFunction;

/**
 * Folds the values of a key for ever; records without key or value are skipped. Immutable; as Kafka Streams
 * does it.
 */
public final class StreamFold<K, V, A> implements Step {
    private final Store<K, A> store;
    private final BiFunction<A, V, ? extends A> fold;

    /** @param fold takes the aggregate so far, null for a new key, and the value; a null result removes it */
    public StreamFold(Store<K, A> store, BiFunction<A, V, ? extends A> fold) {
        this.store = store;
        this.fold = fold;
    }

    @Override
    public void on(Rec rec, Out out) {
        if (!rec.hasKey() || !rec.hasValue()) {
            out.skip();
            return;
        }
        KeyedState.Row<A> row = Kept.open(out, store).row(rec.key());
        Stamped<A> stored = row.found();
        A before = stored == null ? null : stored.value();
        A made = fold.apply(before, rec.value());
        long timestampMs = stored == null ? rec.timestampMs()
                : Math.max(stored.timestampMs(), rec.timestampMs());
        row.put(made, timestampMs);
        out.forward(rec.change(before, made).at(timestampMs));
    }
}

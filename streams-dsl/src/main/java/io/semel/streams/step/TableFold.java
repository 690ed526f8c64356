package io.semel.streams.step;

import io.semel.streams.Store;
import io.semel.streams.topology.KeyedState;
import io.semel.streams.topology.Out;
import io.semel.streams.topology.Rec;
import io.semel.streams.topology.Stamped;
import io.semel.streams.topology.Step;
import java.util.function.BiFunction;

/**
 * Folds the rows of a table by another key: what a row was is taken out of its aggregate, what it is now is
 * put in. Immutable; as Kafka Streams does it, one change out for one change in (KIP-904).
 */
public final class TableFold<K, V, A> implements Step {
    private final Store<K, A> store;
    private final BiFunction<A, V, A> add;
    private final BiFunction<A, V, A> subtract;

    /** @param add takes null for an aggregate that is empty */
    public TableFold(Store<K, A> store, BiFunction<A, V, A> add, BiFunction<A, V, A> subtract) {
        this.store = store;
        this.add = add;
        this.subtract = subtract;
    }

    @Override
    public void on(Rec rec, Out out) {
        if (!rec.hasKey() || !rec.hasValue() && !rec.hasOld()) {
            out.skip();
            return;
        }
        KeyedState.Row<A> row = Kept.open(out, store).row(rec.key());
        Stamped<A> stored = row.found();
        A before = stored == null ? null : stored.value();
        A made = before;
        if (rec.hasOld() && before != null) {
            made = subtract.apply(before, rec.old());
        }
        if (rec.hasValue()) {
            made = add.apply(made, rec.value());
        }
        long timestampMs = stored == null ? rec.timestampMs()
                : Math.max(rec.timestampMs(), stored.timestampMs());
        row.put(made, timestampMs);
        if (before != null || made != null) {
            out.forward(rec.change(before, made).at(timestampMs));
        }
    }
}

package io.semel.streams.dsl;

import io.semel.streams.Store;
import io.semel.streams.TimeWindows;
import io.semel.streams.step.WindowFold;
import io.semel.streams.topology.GraphBuilder;
import io.semel.streams.topology.StoreSpec;
import io.semel.streams.topology.StoreSpec.Layout;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

/**
 * A stream cut into windows by event time, waiting to be told how to fold them. Same rules as {@link Stream}.
 */
public final class TimeWindowed<K, V> {
    private final GraphBuilder builder;
    private final int node;
    private final TimeWindows windows;
    private final boolean finalOnly;

    TimeWindowed(GraphBuilder builder, int node, TimeWindows windows, boolean finalOnly) {
        this.builder = builder;
        this.node = node;
        this.windows = windows;
        this.finalOnly = finalOnly;
    }

    /** Tells a window once, when it has closed, instead of every change of it. */
    public TimeWindowed<K, V> emitFinal() {
        return new TimeWindowed<>(builder, node, windows, true);
    }

    /** Counts records by key and window. */
    public WindowedTable<K, Long> count(Store<K, Long> store) {
        return folding("count", store, (count, value) -> count == null ? 1L : count + 1);
    }

    /** Folds the values of a key and window into one of the same type; the first is taken as it is. */
    public WindowedTable<K, V> reduce(Store<K, V> store, BinaryOperator<V> fold) {
        return folding("reduce", store, (all, value) -> all == null ? value : fold.apply(all, value));
    }

    /** Folds the values of a key and window into an aggregate, starting with {@code zero}. */
    public <A> WindowedTable<K, A> aggregate(Store<K, A> store, Supplier<? extends A> zero,
                                             BiFunction<? super A, ? super V, ? extends A> fold) {
        return folding("aggregate", store, (all, value) -> fold.apply(all == null ? zero.get() : all, value));
    }

    private <A> WindowedTable<K, A> folding(String what, Store<K, A> store, BiFunction<A, V, A> fold) {
        WindowFold<K, V, A> step = new WindowFold<>(store, windows, finalOnly, fold);
        StoreSpec spec = builder.store(
                new StoreSpec(step.rows().store(), Optional.empty(), Layout.WINDOWED, store,
                        "size=" + windows.sizeMs() + "ms advance=" + windows.advanceMs() + "ms grace="
                                + windows.graceMs() + "ms"));
        String name = what + "(" + store.name() + (finalOnly ? ", windows, final)" : ", windows)");
        return new WindowedTable<>(builder, builder.step(name, List.of(node), step, List.of(spec)).id());
    }
}

package io.semel.streams.dsl;

import io.semel.streams.SessionWindows;
import io.semel.streams.Store;
import io.semel.streams.step.SessionFold;
import io.semel.streams.topology.GraphBuilder;
import io.semel.streams.topology.StoreSpec;
import io.semel.streams.topology.StoreSpec.Layout;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

/** A stream cut into sessions, waiting to be told how to fold them. Same rules as {@link Stream}. */
public final class SessionWindowed<K, V> {
    private final GraphBuilder builder;
    private final int node;
    private final SessionWindows windows;
    private final boolean finalOnly;

    SessionWindowed(GraphBuilder builder, int node, SessionWindows windows, boolean finalOnly) {
        this.builder = builder;
        this.node = node;
        this.windows = windows;
        this.finalOnly = finalOnly;
    }

    /** Tells a session once, when it is over, instead of every change and merging of it. */
    public SessionWindowed<K, V> emitFinal() {
        return new SessionWindowed<>(builder, node, windows, true);
    }

    /** Counts records by key and session. */
    public WindowedTable<K, Long> count(Store<K, Long> store) {
        return folding("count", store, () -> 0L, (count, value) -> count + 1, Long::sum);
    }

    /** Folds the values of a key and session into one of the same type; the first is taken as it is. */
    public WindowedTable<K, V> reduce(Store<K, V> store, BinaryOperator<V> fold) {
        BinaryOperator<V> both = (a, b) -> a == null ? b : b == null ? a : fold.apply(a, b);
        return folding("reduce", store, () -> null, (all, value) -> all == null ? value
                : fold.apply(all, value),
                both);
    }

    /**
     * Folds the values of a key and session into an aggregate, starting with {@code zero}; {@code merge}
     * makes one of two when a record closes the gap between two sessions.
     */
    public <A> WindowedTable<K, A> aggregate(Store<K, A> store, Supplier<? extends A> zero,
                                             BiFunction<? super A, ? super V, ? extends A> fold,
                                             BinaryOperator<A> merge) {
        return folding("aggregate", store, zero, fold, merge);
    }

    private <A> WindowedTable<K, A> folding(String what, Store<K, A> store, Supplier<? extends A> zero,
                                            BiFunction<? super A, ? super V, ? extends A> fold,
                                            BinaryOperator<A> merge) {
        SessionFold<K, V, A> step = new SessionFold<>(store, windows, finalOnly, zero, fold, merge);
        StoreSpec spec = builder.store(
                new StoreSpec(step.rows().store(), Optional.empty(), Layout.SESSIONS, store,
                        "gap=" + windows.gapMs() + "ms grace=" + windows.graceMs() + "ms"));
        String name = what + "(" + store.name() + (finalOnly ? ", sessions, final)" : ", sessions)");
        return new WindowedTable<>(builder, builder.step(name, List.of(node), step, List.of(spec)).id());
    }
}

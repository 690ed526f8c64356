package io.semel.streams.dsl;

import io.semel.streams.Store;
import io.semel.streams.step.Kept;
import io.semel.streams.step.Lookup;
import io.semel.streams.step.TableFold;
import io.semel.streams.topology.GraphBuilder;
import io.semel.streams.topology.StoreSpec;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

/** The rows of a table by another key, waiting to be told how to fold them. Same rules as {@link Table}. */
public final class Regrouped<K, V> {
    private final GraphBuilder builder;
    private final int node;

    Regrouped(GraphBuilder builder, int node) {
        this.builder = builder;
        this.node = node;
    }

    /** Counts rows by key. */
    public Table<K, Long> count(Store<K, Long> store) {
        return folding("count", store, (count, row) -> count == null ? 1L : count + 1,
                (count, row) -> count - 1);
    }

    /** Folds rows into one of the same type; the first is taken as it is. */
    public Table<K, V> reduce(Store<K, V> store, BinaryOperator<V> adder, BinaryOperator<V> subtractor) {
        return folding("reduce", store, (all, row) -> all == null ? row : adder.apply(all, row),
                subtractor::apply);
    }

    /** Folds rows into an aggregate, starting with {@code zero}: a row is added, and taken out again. */
    public <A> Table<K, A> aggregate(Store<K, A> store, Supplier<? extends A> zero,
                                     BiFunction<? super A, ? super V, ? extends A> adder,
                                     BiFunction<? super A, ? super V, ? extends A> subtractor) {
        return folding("aggregate", store, (all, row) -> adder.apply(all == null ? zero.get() : all, row),
                subtractor::apply);
    }

    private <A> Table<K, A> folding(String what, Store<K, A> store, BiFunction<A, V, A> add,
                                    BiFunction<A, V, A> subtract) {
        StoreSpec spec = builder.store(Kept.spec(store));
        int folded = builder.step(what + "(" + store.name() + ")", List.of(node),
                new TableFold<>(store, add, subtract), List.of(spec)).id();
        return new Table<>(builder, folded, List.of(spec), Lookup.stored(store), () -> { });
    }
}

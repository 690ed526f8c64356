package io.semel.streams.dsl;

import io.semel.streams.Store;
import io.semel.streams.topology.GraphBuilder;
import io.semel.streams.topology.KeyedState;
import io.semel.streams.topology.Stamped;
import io.semel.streams.topology.StoreSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A stream that is partitioned by its key: all records of a key meet in one task, so that stores and joins
 * are possible. Verbs that keep the key keep the kind; the others give a {@link Stream}. Same rules of use as
 * there.
 */
public final class Keyed<K, V> extends Stream<K, V> {
    Keyed(GraphBuilder builder, int node) {
        super(builder, node);
    }

    @Override
    public Keyed<K, V> filter(BiPredicate<? super K, ? super V> keep) {
        return new Keyed<>(builder, filtering(keep));
    }

    @Override
    public <V2> Keyed<K, V2> mapValues(Function<? super V, ? extends V2> fn) {
        return new Keyed<>(builder, valueMapping(fn));
    }

    @Override
    public <V2> Keyed<K, V2> flatMapValues(Function<? super V, ? extends Iterable<? extends V2>> fn) {
        return new Keyed<>(builder, valuesMapping(fn));
    }

    @Override
    public Keyed<K, V> peek(BiConsumer<? super K, ? super V> look) {
        return new Keyed<>(builder, peeking(look));
    }

    /**
     * The records of both; both are partitioned by the same key, which is checked at start by their counts.
     */
    public Keyed<K, V> merge(Keyed<K, V> other) {
        return new Keyed<>(builder, merging(other));
    }

    /** Counts records by key. Records without key or value are skipped. */
    public Table<K, Long> count(Store<K, Long> store) {
        return folding("count", store, (value, stored) -> stored == null ? 1L : stored + 1L);
    }

    /** Folds the values of a key into one of the same type; the first value is taken as it is. */
    public Table<K, V> reduce(Store<K, V> store, BinaryOperator<V> fold) {
        return folding("reduce", store,
                (value, stored) -> stored == null ? value : fold.apply(stored, value));
    }

    /**
     * Folds the values of a key into an aggregate, starting with {@code zero}; a null result removes the key.
     */
    public <A> Table<K, A> aggregate(Store<K, A> store, Supplier<? extends A> zero,
                                     BiFunction<? super A, ? super V, ? extends A> fold) {
        return folding("aggregate", store,
                (value, stored) -> fold.apply(stored == null ? zero.get() : stored, value));
    }

    /**
     * Joins each record with the table's value of its key as it is now; records without a match are dropped.
     */
    public <T, R> Keyed<K, R> join(Table<K, T> table, BiFunction<? super V, ? super T, ? extends R> fn) {
        return joining("join", table, fn, true);
    }

    /** Joins each record with the table's value of its key as it is now, or with null. */
    public <T, R> Keyed<K, R> leftJoin(Table<K, T> table, BiFunction<? super V, ? super T, ? extends R> fn) {
        return joining("leftJoin", table, fn, false);
    }

    private <A> Table<K, A> folding(String what, Store<K, A> store, BiFunction<V, A, ? extends A> fold) {
        StoreSpec spec = builder.store(store, Optional.empty());
        int folded = builder.step(what + "(" + store.name() + ")", List.of(node), (rec, out) -> {
            if (!rec.hasKey() || !rec.hasValue()) {
                out.skip();
                return;
            }
            KeyedState<K, A> state = out.store(store);
            Stamped<A> stored = state.find(rec.key());
            A made = fold.apply(rec.value(), stored == null ? null : stored.value());
            long timestampMs = stored == null ? rec.timestampMs()
                    : Math.max(stored.timestampMs(), rec.timestampMs());
            state.put(rec.key(), made, timestampMs);
            out.forward(rec.withValue(made).at(timestampMs));
        }, List.of(spec)).id();
        return Table.stored(builder, folded, spec, store);
    }

    private <T, R> Keyed<K, R> joining(String what, Table<K, T> table,
                                       BiFunction<? super V, ? super T, ? extends R> fn, boolean inner) {
        int joined = builder.step(what + "(" + table.storeName() + ")", List.of(node), (rec, out) -> {
            if (!rec.hasValue() || inner && !rec.hasKey()) {
                out.skip();
                return;
            }
            T match = rec.hasKey() ? table.find(out, rec.key()) : null;
            if (match != null || !inner) {
                out.forward(rec.withValue(fn.apply(rec.value(), match)));
            }
        }, List.of(table.spec())).id();
        return new Keyed<>(builder, joined);
    }
}

package io.semel.streams.dsl;

import io.semel.streams.SessionWindows;
import io.semel.streams.Store;
import io.semel.streams.TimeWindows;
import io.semel.streams.Timers;
import io.semel.streams.Within;
import io.semel.streams.step.Distinct;
import io.semel.streams.step.Kept;
import io.semel.streams.step.Lookup;
import io.semel.streams.step.Process;
import io.semel.streams.step.StreamFold;
import io.semel.streams.step.WindowJoin;
import io.semel.streams.step.WindowJoin.Kind;
import io.semel.streams.topology.GraphBuilder;
import io.semel.streams.topology.Step;
import io.semel.streams.topology.StoreSpec;
import io.semel.streams.topology.StoreSpec.Layout;
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

    @Override
    public Keyed<K, V> recover(Retry retry, Dlq dlq) {
        super.recover(retry, dlq);
        return this;
    }

    /**
     * The records of both; both are partitioned by the same key, which is checked at start by their counts.
     */
    public Keyed<K, V> merge(Keyed<K, V> other) {
        return new Keyed<>(builder, merging(other));
    }

    /** Sends each record down one of several branches; see {@link Split}. */
    public void splitKeyed(Function<Split<K, V, Keyed<K, V>>, Split.Complete> description) {
        description.apply(new Split<>(builder, node, id -> new Keyed<>(builder, id)));
    }

    /** Counts records by key. Records without key or value are skipped. */
    public Table<K, Long> count(Store<K, Long> store) {
        return folding("count", store, (stored, value) -> stored == null ? 1L : stored + 1L);
    }

    /** Folds the values of a key into one of the same type; the first value is taken as it is. */
    public Table<K, V> reduce(Store<K, V> store, BinaryOperator<V> fold) {
        return folding("reduce", store,
                (stored, value) -> stored == null ? value : fold.apply(stored, value));
    }

    /**
     * Folds the values of a key into an aggregate, starting with {@code zero}; a null result removes the key.
     */
    public <A> Table<K, A> aggregate(Store<K, A> store, Supplier<? extends A> zero,
                                     BiFunction<? super A, ? super V, ? extends A> fold) {
        return folding("aggregate", store,
                (stored, value) -> fold.apply(stored == null ? zero.get() : stored, value));
    }

    /** Cuts the stream into tumbling or hopping windows, to be folded by key and window. */
    public TimeWindowed<K, V> windowed(TimeWindows windows) {
        return new TimeWindowed<>(builder, node, windows, false);
    }

    /** Cuts the stream into sessions, to be folded by key and session. */
    public SessionWindowed<K, V> windowed(SessionWindows windows) {
        return new SessionWindowed<>(builder, node, windows, false);
    }

    /**
     * Lets a record pass unless one of its key passed that is {@code within} reach in time; records later
     * than the grace are skipped.
     */
    public Keyed<K, V> distinct(Store<K, Void> seen, Within within) {
        Distinct<K> step = new Distinct<>(seen, within);
        StoreSpec spec =
                builder.store(new StoreSpec(step.rows().store(), Optional.empty(), Layout.SEEN, seen,
                        shape(within)));
        return new Keyed<>(builder,
                builder.step("distinct(" + seen.name() + ")", List.of(node), step, List.of(spec)).id());
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

    @Override
    public <T, TV, R> Keyed<K, R> join(Broadcast<T, TV> table,
            BiFunction<? super K, ? super V, ? extends T> key,
                                       BiFunction<? super V, ? super TV, ? extends R> fn) {
        return new Keyed<>(builder, broadcastJoining(table, key, fn, true));
    }

    @Override
    public <T, TV, R> Keyed<K, R> leftJoin(Broadcast<T, TV> table,
                                           BiFunction<? super K, ? super V, ? extends T> key,
                                           BiFunction<? super V, ? super TV, ? extends R> fn) {
        return new Keyed<>(builder, broadcastJoining(table, key, fn, false));
    }

    /**
     * Joins records of the two streams that have the same key and lie {@code within} reach in time; each side
     * is kept in its store for as long as it may meet another.
     */
    public <T, R> Keyed<K, R> join(Keyed<K, T> other, Within within, Store<K, V> mine, Store<K, T> others,
                                   BiFunction<? super V, ? super T, ? extends R> fn) {
        return joining(Kind.INNER, other, within, mine, others, fn);
    }

    /** As {@code join}; a record of this stream that has met none is told with null when none can come. */
    public <T, R> Keyed<K, R> leftJoin(Keyed<K, T> other, Within within, Store<K, V> mine, Store<K, T> others,
                                       BiFunction<? super V, ? super T, ? extends R> fn) {
        return joining(Kind.LEFT, other, within, mine, others, fn);
    }

    /** As {@code join}; a record of either stream that has met none is told with null when none can come. */
    public <T, R> Keyed<K, R> outerJoin(Keyed<K, T> other, Within within, Store<K, V> mine,
            Store<K, T> others,
                                        BiFunction<? super V, ? super T, ? extends R> fn) {
        return joining(Kind.OUTER, other, within, mine, others, fn);
    }

    /** A step of your own over one store. */
    public <SK, SV, R> Keyed<K, R> process(Store<SK, SV> store, Processing.One<K, V, SK, SV, R> fn) {
        Process<K, V, R> step = new Process<>((event, call) -> fn.on(event, call.state(store), call));
        return processing(step, List.of(builder.store(Kept.spec(store))));
    }

    /** A step of your own over two stores. */
    public <AK, AV, BK, BV, R> Keyed<K, R> process(Store<AK, AV> first, Store<BK, BV> second,
                                                   Processing.Two<K, V, AK, AV, BK, BV, R> fn) {
        Process<K, V, R> step = new Process<>(
                (event, call) -> fn.on(event, call.state(first), call.state(second), call));
        return processing(step, List.of(builder.store(Kept.spec(first)), builder.store(Kept.spec(second))));
    }

    /** A step of your own over one store, with timers by key; records without key are skipped. */
    public <SK, SV, R> Keyed<K, R> process(Timers<K> timers, Store<SK, SV> store,
                                           Processing.TimedOne<K, V, SK, SV, R> fn,
                                           Processing.DueOne<K, SK, SV, R> due) {
        Process<K, V, R> step = new Process<>(timers,
                (event, call) -> fn.on(event, call.state(store), call, call),
                (timer, call) -> due.on(timer, call.state(store), call, call));
        return processing(step,
                List.of(builder.store(Process.spec(timers)), builder.store(Kept.spec(store))));
    }

    private <R> Keyed<K, R> processing(Step step, List<StoreSpec> stores) {
        String names = String.join(", ", stores.stream().map(StoreSpec::name).toList());
        return new Keyed<>(builder, builder.step("process(" + names + ")", List.of(node), step, stores).id());
    }

    private <A> Table<K, A> folding(String what, Store<K, A> store, BiFunction<A, V, ? extends A> fold) {
        StoreSpec spec = builder.store(Kept.spec(store));
        int folded = builder.step(what + "(" + store.name() + ")", List.of(node),
                new StreamFold<>(store, fold), List.of(spec)).id();
        return new Table<>(builder, folded, List.of(spec), Lookup.stored(store), () -> { });
    }

    private static String shape(Within within) {
        return "before=" + within.beforeMs() + "ms after=" + within.afterMs() + "ms grace=" + within.graceMs()
                + "ms";
    }

    private <T, R> Keyed<K, R> joining(Kind kind, Keyed<K, T> other, Within within, Store<K, V> mine,
                                       Store<K, T> others,
                                       BiFunction<? super V, ? super T, ? extends R> fn) {
        WindowJoin<K, V, T, R> join = new WindowJoin<>(kind, within, mine, others, fn);
        String what = kind == Kind.INNER ? "join" : kind == Kind.LEFT ? "leftJoin" : "outerJoin";
        StoreSpec left = builder.store(
                new StoreSpec(join.leftRows().store(), Optional.empty(), Layout.JOINED, mine, shape(within)));
        StoreSpec right = builder.store(
                new StoreSpec(join.rightRows().store(), Optional.empty(), Layout.JOINED, others,
                        shape(within)));
        List<StoreSpec> both = List.of(left, right);
        int a = builder.step(what + "(" + others.name() + ")", List.of(node), join.left(), both).id();
        int b = builder.step(what + "(" + mine.name() + ")", List.of(other.node), join.right(), both).id();
        return new Keyed<>(builder, builder.step("joined", List.of(a, b), Step.PASS, List.of()).id());
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
        }, table.stores()).id();
        return new Keyed<>(builder, joined);
    }
}

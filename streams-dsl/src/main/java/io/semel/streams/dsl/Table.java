package io.semel.streams.dsl;

import io.semel.streams.KeyValue;
import io.semel.streams.Topic;
import io.semel.streams.step.Lookup;
import io.semel.streams.step.TableJoin;
import io.semel.streams.step.TableJoin.Kind;
import io.semel.streams.topology.GraphBuilder;
import io.semel.streams.topology.Node;
import io.semel.streams.topology.Out;
import io.semel.streams.topology.Rec;
import io.semel.streams.topology.Step;
import io.semel.streams.topology.StoreSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * The newest value by key, kept in a store, and the stream of its changes. Used by the describing thread
 * only; the lookups made from it run in the task that owns the key.
 */
public final class Table<K, V> {
    private final GraphBuilder builder;
    private final int node;
    private final List<StoreSpec> stores;
    private final Lookup<K, V> lookup;
    private final Lookup<K, V> told;
    private final Runnable wantOld;

    /** @param wantOld asks the steps above to say what a change takes the place of */
    Table(GraphBuilder builder, int node, List<StoreSpec> stores, Lookup<K, V> lookup, Runnable wantOld) {
        this(builder, node, stores, lookup, lookup, wantOld);
    }

    /** @param told what the steps below were told, if some changes are held back */
    private Table(GraphBuilder builder, int node, List<StoreSpec> stores, Lookup<K, V> lookup,
                  Lookup<K, V> told, Runnable wantOld) {
        this.told = told;
        this.builder = builder;
        this.node = node;
        this.stores = List.copyOf(stores);
        this.lookup = lookup;
        this.wantOld = wantOld;
    }

    /** Every change of the table, in order; a removed key comes as a null value. */
    public Keyed<K, V> toStream() {
        return new Keyed<>(builder, node);
    }

    /** A table with each value replaced; computed when asked, stored nowhere. */
    public <V2> Table<K, V2> mapValues(Function<? super V, ? extends V2> fn) {
        return new Table<>(builder, builder.step("mapValues", List.of(node), Changes.map(fn), List.of()).id(),
                stores, lookup.map(fn), told.map(fn), wantOld);
    }

    /** The rows that pass; one that does no longer is removed. */
    public Table<K, V> filter(BiPredicate<? super K, ? super V> keep) {
        wantOld.run();
        return new Table<>(builder,
                builder.step("filter", List.of(node), Changes.filter(keep), List.of()).id(),
                stores, lookup.filter(keep), told.filter(keep), wantOld);
    }

    /**
     * The same table, which tells of the changes that a transaction makes to a key only the newest, when the
     * transaction is closed; a key that came and went in it is not mentioned. A transaction grows under load
     * by itself and has a single record when there is none, so that there is nothing to tune. Joins of
     * streams with it find what it has now, also what it has not told. Keys are one if they are equal.
     */
    public Table<K, V> latest() {
        wantOld.run();
        int held = builder.step("latest", List.of(node), Changes.latest(), List.of()).id();
        return new Table<>(builder, held, stores, lookup, told.told(held), wantOld);
    }

    /** Rows for the keys that both tables have. */
    public <T, R> Table<K, R> join(Table<K, T> other, BiFunction<? super V, ? super T, ? extends R> fn) {
        return joining(Kind.INNER, other, fn);
    }

    /** Rows for the keys that this table has, with null where the other has none. */
    public <T, R> Table<K, R> leftJoin(Table<K, T> other, BiFunction<? super V, ? super T, ? extends R> fn) {
        return joining(Kind.LEFT, other, fn);
    }

    /** Rows for the keys that either table has, with null where one has none. */
    public <T, R> Table<K, R> outerJoin(Table<K, T> other, BiFunction<? super V, ? super T, ? extends R> fn) {
        return joining(Kind.OUTER, other, fn);
    }

    /**
     * Gives each row another key and value, and sends it through {@code via}, to be folded by that key. A row
     * is taken out of its old aggregate when it changes; rows whose new key or value is null are left out.
     */
    public <K2, V2> Regrouped<K2, V2> rekey(
            BiFunction<? super K, ? super V, ? extends KeyValue<? extends K2, ? extends V2>> fn,
            Via<K2, V2> via) {
        wantOld.run();
        int changed = builder.step("rekey", List.of(node), regrouping(fn), List.of()).id();
        Topic<K2, V2> topic = via.topic();
        via.partitions().ifPresent(count -> builder.viaPartitions(topic.name(), count));
        builder.sink(Node.Kind.VIA_SINK, topic, changed, (rec, out) -> out.sendChange(topic, rec));
        return new Regrouped<>(builder,
                builder.source(Node.Kind.VIA_SOURCE, topic, Step.PASS, List.of()).id());
    }

    /**
     * What becomes of records that the step which makes this table refuses, and of bytes its serdes refuse.
     */
    public Table<K, V> recover(Retry retry, Dlq dlq) {
        builder.recover(node, Changes.recovery(retry, dlq));
        return this;
    }

    /** Writes every change to a topic: the same as {@code toStream().to(topic)}. */
    public void to(Topic<? super K, ? super V> topic) {
        toStream().to(topic);
    }

    V find(Out out, K key) {
        var found = lookup.find(out, key);
        return found == null ? null : found.value();
    }

    List<StoreSpec> stores() {
        return stores;
    }

    String storeName() {
        return String.join(" + ", stores.stream().map(StoreSpec::name).toList());
    }

    private <T, R> Table<K, R> joining(Kind kind, Table<K, T> other,
                                       BiFunction<? super V, ? super T, ? extends R> fn) {
        wantOld.run();
        other.wantOld.run();
        String what = kind == Kind.INNER ? "join" : kind == Kind.LEFT ? "leftJoin" : "outerJoin";
        List<StoreSpec> both = new ArrayList<>(stores);
        other.stores.stream().filter(spec -> !both.contains(spec)).forEach(both::add);
        int left = builder.step(what + "(" + other.storeName() + ")", List.of(node),
                TableJoin.left(kind, other.told, fn), both).id();
        int right = builder.step(what + "(" + storeName() + ")", List.of(other.node),
                TableJoin.right(kind, told, fn), both).id();
        int joined = builder.step("joined", List.of(left, right), Step.PASS, List.of()).id();
        return new Table<>(builder, joined, both, lookup.join(kind, other.lookup, fn),
                told.join(kind, other.told, fn), () -> { });
    }

    private static <K, V, K2, V2> Step regrouping(
            BiFunction<? super K, ? super V, ? extends KeyValue<? extends K2, ? extends V2>> fn) {
        return (rec, out) -> {
            KeyValue<? extends K2, ? extends V2> old = rec.hasOld() ? fn.apply(rec.key(), rec.old()) : null;
            KeyValue<? extends K2, ? extends V2> now = rec.hasValue() ? fn.apply(rec.key(), rec.value())
                    : null;
            boolean hasOld = old != null && old.key() != null && old.value() != null;
            boolean hasNow = now != null && now.key() != null && now.value() != null;
            if (hasOld && hasNow && old.key().equals(now.key())) {
                out.forward(change(rec, now.key(), old.value(), now.value()));
                return;
            }
            if (hasOld) {
                out.forward(change(rec, old.key(), old.value(), null));
            }
            if (hasNow) {
                out.forward(change(rec, now.key(), null, now.value()));
            }
        };
    }

    private static Rec change(Rec rec, Object key, Object old, Object now) {
        return rec.with(key, null).change(old, now);
    }
}

package io.semel.streams.dsl;

import io.semel.streams.KeyValue;
import io.semel.streams.Topic;
import io.semel.streams.topology.GraphBuilder;
import io.semel.streams.topology.Node;
import io.semel.streams.topology.Step;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * A stream whose key may have changed since it was last partitioned, hence without verbs that need a store:
 * those come back after {@link #rekey}. Used by the describing thread only; functions given to it run on task
 * threads and must be free to share. Timestamps and headers travel with a record.
 */
public sealed class Stream<K, V> permits Keyed {
    final GraphBuilder builder;
    final int node;

    Stream(GraphBuilder builder, int node) {
        this.builder = builder;
        this.node = node;
    }

    /** Keeps the records that pass. */
    public Stream<K, V> filter(BiPredicate<? super K, ? super V> keep) {
        return new Stream<>(builder, filtering(keep));
    }

    /** Replaces key and value. */
    public <K2, V2> Stream<K2, V2> map(
            BiFunction<? super K, ? super V, ? extends KeyValue<? extends K2, ? extends V2>> fn) {
        return new Stream<>(builder, step("map", (rec, out) -> {
            KeyValue<? extends K2, ? extends V2> made = fn.apply(rec.key(), rec.value());
            out.forward(rec.with(made.key(), made.value()));
        }));
    }

    /** Replaces a record by any number of records, in order. */
    public <K2, V2> Stream<K2, V2> flatMap(
            BiFunction<? super K, ? super V,
                    ? extends Iterable<? extends KeyValue<? extends K2, ? extends V2>>> fn) {
        return new Stream<>(builder, step("flatMap", (rec, out) -> {
            for (KeyValue<? extends K2, ? extends V2> made : fn.apply(rec.key(), rec.value())) {
                out.forward(rec.with(made.key(), made.value()));
            }
        }));
    }

    /** Replaces the value. */
    public <V2> Stream<K, V2> mapValues(Function<? super V, ? extends V2> fn) {
        return new Stream<>(builder, valueMapping(fn));
    }

    /** Replaces the value by any number of values, in order. */
    public <V2> Stream<K, V2> flatMapValues(Function<? super V, ? extends Iterable<? extends V2>> fn) {
        return new Stream<>(builder, valuesMapping(fn));
    }

    /** Looks at each record in passing; may run again for a record whose batch was not committed. */
    public Stream<K, V> peek(BiConsumer<? super K, ? super V> look) {
        return new Stream<>(builder, peeking(look));
    }

    /** The records of both, each stream in its own order. */
    public Stream<K, V> merge(Stream<K, V> other) {
        return new Stream<>(builder, merging(other));
    }

    /**
     * Gives each record a new key and sends it through {@code via}; records whose new key is null are
     * skipped.
     */
    public <K2> Keyed<K2, V> rekey(Function<? super V, ? extends K2> key, Via<K2, V> via) {
        return rekey((k, v) -> key.apply(v), via);
    }

    /** Gives each record a new key, made of key and value, and sends it through {@code via}. */
    public <K2> Keyed<K2, V> rekey(BiFunction<? super K, ? super V, ? extends K2> key, Via<K2, V> via) {
        int keyed = step("rekey", (rec, out) -> {
            K2 made = key.apply(rec.key(), rec.value());
            if (made == null) {
                out.skip();
            } else {
                out.forward(rec.with(made, rec.value()));
            }
        });
        Topic<K2, V> topic = via.topic();
        via.partitions().ifPresent(count -> builder.viaPartitions(topic.name(), count));
        builder.sink(Node.Kind.VIA_SINK, topic, keyed);
        return new Keyed<>(builder, builder.source(Node.Kind.VIA_SOURCE, topic, Step.PASS, List.of()).id());
    }

    /**
     * Joins each record with the broadcast table's value of the key that {@code key} makes; records without a
     * match are dropped.
     */
    public <T, TV, R> Stream<K, R> join(Broadcast<T, TV> table,
            BiFunction<? super K, ? super V, ? extends T> key,
                                        BiFunction<? super V, ? super TV, ? extends R> fn) {
        return new Stream<>(builder, broadcastJoining(table, key, fn, true));
    }

    /** Joins each record with the broadcast table's value of the key that {@code key} makes, or with null. */
    public <T, TV, R> Stream<K, R> leftJoin(Broadcast<T, TV> table,
                                            BiFunction<? super K, ? super V, ? extends T> key,
                                            BiFunction<? super V, ? super TV, ? extends R> fn) {
        return new Stream<>(builder, broadcastJoining(table, key, fn, false));
    }

    /**
     * Sends each record down the first branch that wants it, and the others where the description says; see
     * {@link Split}.
     */
    public void split(Function<Split<K, V, Stream<K, V>>, Split.Complete> description) {
        description.apply(new Split<>(builder, node, id -> new Stream<>(builder, id)));
    }

    /**
     * What becomes of records that the last step refuses, at once or after some more tries: the input they
     * come from has no effect in this task and is written to {@code dlq}, in the same transaction. Behind
     * {@code from} it is for bytes that the topic's serdes refuse.
     */
    public Stream<K, V> recover(Retry retry, Dlq dlq) {
        builder.recover(node, Changes.recovery(retry, dlq));
        return this;
    }

    /** Writes each record to a topic of its own choice; the topics must exist. */
    public void to(BiFunction<? super K, ? super V, ? extends Topic<? super K, ? super V>> choice) {
        builder.sink(node, (rec, out) -> out.send(choice.apply(rec.key(), rec.value()), rec));
    }

    /** Writes to a topic, partitioned by key as every Kafka client does it. */
    public void to(Topic<? super K, ? super V> topic) {
        builder.sink(Node.Kind.SINK, topic, node);
    }

    final int step(String what, Step step) {
        return builder.step(what, List.of(node), step, List.of()).id();
    }

    final int filtering(BiPredicate<? super K, ? super V> keep) {
        return step("filter", (rec, out) -> {
            if (keep.test(rec.key(), rec.value())) {
                out.forward(rec);
            }
        });
    }

    final <V2> int valueMapping(Function<? super V, ? extends V2> fn) {
        return step("mapValues", (rec, out) -> out.forward(rec.withValue(fn.apply(rec.value()))));
    }

    final <V2> int valuesMapping(Function<? super V, ? extends Iterable<? extends V2>> fn) {
        return step("flatMapValues", (rec, out) -> {
            for (V2 made : fn.apply(rec.value())) {
                out.forward(rec.withValue(made));
            }
        });
    }

    final int peeking(BiConsumer<? super K, ? super V> look) {
        return step("peek", (rec, out) -> {
            look.accept(rec.key(), rec.value());
            out.forward(rec);
        });
    }

    final int merging(Stream<K, V> other) {
        return builder.step("merge", List.of(node, other.node), Step.PASS, List.of()).id();
    }

    final <T, TV, R> int broadcastJoining(Broadcast<T, TV> table,
                                          BiFunction<? super K, ? super V, ? extends T> key,
                                          BiFunction<? super V, ? super TV, ? extends R> fn, boolean inner) {
        String what = (inner ? "join(" : "leftJoin(") + table.spec().name() + ")";
        return builder.step(what, List.of(node), (rec, out) -> {
            TV match = rec.hasValue() ? table.find(out, key.apply(rec.key(), rec.value())) : null;
            if (!rec.hasValue() || inner && match == null) {
                out.skip();
            } else {
                out.forward(rec.withValue(fn.apply(rec.value(), match)));
            }
        }, List.of(table.spec())).id();
    }
}

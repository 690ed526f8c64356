package io.semel.streams.dsl;

import io.semel.streams.Topic;
import io.semel.streams.Windowed;
import io.semel.streams.topology.GraphBuilder;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * The newest aggregate by key and window, and the stream of its changes. Partitioned by the key, not by key
 * and window, so that its stream has to be re-keyed before it meets anything. Same rules as {@link Table}.
 */
public final class WindowedTable<K, A> {
    private final GraphBuilder builder;
    private final int node;

    WindowedTable(GraphBuilder builder, int node) {
        this.builder = builder;
        this.node = node;
    }

    /** Every change, in order; a session that was merged into another comes as a null value. */
    public Stream<Windowed<K>, A> toStream() {
        return new Stream<>(builder, node);
    }

    /** A table with each value replaced; stored nowhere. */
    public <B> WindowedTable<K, B> mapValues(Function<? super A, ? extends B> fn) {
        return new WindowedTable<>(builder, builder.step("mapValues", List.of(node), Changes.map(fn),
                List.of()).id());
    }

    /** The rows that pass; one that does no longer comes as a null value. */
    public WindowedTable<K, A> filter(BiPredicate<? super Windowed<K>, ? super A> keep) {
        return new WindowedTable<>(builder, builder.step("filter", List.of(node), Changes.filter(keep),
                List.of()).id());
    }

    /** Tells the newest change of a key and window in a transaction, not all; see {@link Table#latest}. */
    public WindowedTable<K, A> latest() {
        return new WindowedTable<>(builder,
                builder.step("latest", List.of(node), Changes.latest(), List.of()).id());
    }

    /** What becomes of records that the fold refuses. */
    public WindowedTable<K, A> recover(Retry retry, Dlq dlq) {
        builder.recover(node, Changes.recovery(retry, dlq));
        return this;
    }

    /** Writes every change to a topic; {@code Serdes.windowed} and {@code Serdes.sessions} write its keys. */
    public void to(Topic<? super Windowed<K>, ? super A> topic) {
        toStream().to(topic);
    }
}

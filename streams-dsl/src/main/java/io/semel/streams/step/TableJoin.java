package io.semel.streams.step;

import io.semel.streams.topology.Out;
import io.semel.streams.topology.Rec;
import io.semel.streams.topology.Stamped;
import io.semel.streams.topology.Step;
import java.util.function.BiFunction;

/**
 * One side of a join of two tables: a change there, together with what the other side has, is a change of the
 * result. Immutable; as Kafka Streams does it.
 */
public final class TableJoin<K, V, T, R> implements Step {
    private final boolean needsOther;
    private final boolean needsThis;
    private final Lookup<K, T> other;
    private final BiFunction<? super V, ? super T, ? extends R> join;

    /** Which side must have a value for the result to have one. */
    public enum Kind { INNER, LEFT, OUTER }

    private TableJoin(boolean needsThis, boolean needsOther, Lookup<K, T> other,
                      BiFunction<? super V, ? super T, ? extends R> join) {
        this.needsThis = needsThis;
        this.needsOther = needsOther;
        this.other = other;
        this.join = join;
    }

    /** What a change on the left does. */
    public static <K, V, T, R> TableJoin<K, V, T, R> left(Kind kind, Lookup<K, T> right,
            BiFunction<? super V, ? super T, ? extends R> join) {
        return new TableJoin<>(kind != Kind.OUTER, kind == Kind.INNER, right, join);
    }

    /** What a change on the right does. */
    public static <K, V, T, R> TableJoin<K, T, V, R> right(Kind kind, Lookup<K, V> left,
            BiFunction<? super V, ? super T, ? extends R> join) {
        return new TableJoin<>(kind == Kind.INNER, kind != Kind.OUTER, left,
                (value, other) -> join.apply(other, value));
    }

    @Override
    public void on(Rec rec, Out out) {
        if (!rec.hasKey()) {
            out.skip();
            return;
        }
        Stamped<T> match = other.find(out, rec.key());
        if (match == null && (needsOther || !rec.hasValue() && !rec.hasOld())) {
            return;
        }
        T value = match == null ? null : match.value();
        R before = joined(rec.old(), value);
        R after = joined(rec.value(), value);
        if (before != null || after != null) {
            long timestampMs = match == null ? rec.timestampMs()
                    : Math.max(rec.timestampMs(), match.timestampMs());
            out.forward(rec.change(before, after).at(timestampMs));
        }
    }

    private R joined(V value, T match) {
        boolean has = (value != null || !needsThis) && (value != null || match != null);
        return has ? join.apply(value, match) : null;
    }
}

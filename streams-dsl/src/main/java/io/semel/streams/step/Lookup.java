package io.semel.streams.step;

import io.semel.streams.Store;
import io.semel.streams.topology.KeyedState;
import io.semel.streams.topology.Out;
import io.semel.streams.topology.Rec;
import io.semel.streams.topology.Stamped;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * The value a table has for a key now, found in the stores it is made from. Shared by the tasks of a step,
 * hence without state of its own.
 */
@FunctionalInterface
public interface Lookup<K, V> {
    /** Returns the value with its time, or null. */
    Stamped<V> find(Out out, K key);

    static <K, V> Lookup<K, V> stored(Store<K, V> store) {
        return (out, key) -> {
            KeyedState<K, V> state = Kept.open(out, store);
            return state.find(key);
        };
    }

    /**
     * What the steps below a table have been told of it, where node {@code id} holds changes back: a change
     * that is held back is not true yet for them.
     */
    default Lookup<K, V> told(int id) {
        return (out, key) -> {
            Rec held = out.held(id, key);
            if (held == null) {
                return find(out, key);
            }
            V old = held.old();
            return old == null ? null : new Stamped<>(old, held.timestampMs());
        };
    }

    default <R> Lookup<K, R> map(Function<? super V, ? extends R> fn) {
        return (out, key) -> {
            Stamped<V> found = find(out, key);
            R made = found == null ? null : fn.apply(found.value());
            return made == null ? null : new Stamped<>(made, found.timestampMs());
        };
    }

    default Lookup<K, V> filter(BiPredicate<? super K, ? super V> keep) {
        return (out, key) -> {
            Stamped<V> found = find(out, key);
            return found != null && keep.test(key, found.value()) ? found : null;
        };
    }

    /** What a join of two tables has for a key. */
    default <T, R> Lookup<K, R> join(TableJoin.Kind kind, Lookup<K, T> right,
                                     BiFunction<? super V, ? super T, ? extends R> fn) {
        return (out, key) -> {
            Stamped<V> a = find(out, key);
            if (a == null && kind != TableJoin.Kind.OUTER) {
                return null;
            }
            Stamped<T> b = right.find(out, key);
            if (b == null && (kind == TableJoin.Kind.INNER || a == null)) {
                return null;
            }
            R made = fn.apply(a == null ? null : a.value(), b == null ? null : b.value());
            long timestampMs = Math.max(a == null ? -1 : a.timestampMs(), b == null ? -1 : b.timestampMs());
            return made == null ? null : new Stamped<>(made, timestampMs);
        };
    }
}

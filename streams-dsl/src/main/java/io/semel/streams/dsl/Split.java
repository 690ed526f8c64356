package io.semel.streams.dsl;

import io.semel.streams.topology.GraphBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Sends each record down the first branch that wants it. What none wants has to be given a place, else the
 * program does not compile: only {@link #otherwise} and {@link #dropOthers} end the description. Used by the
 * describing thread, once.
 */
public final class Split<K, V, S extends Stream<K, V>> {
    private final GraphBuilder builder;
    private final int node;
    private final Function<Integer, S> stream;
    private final List<BiPredicate<? super K, ? super V>> wants = new ArrayList<>();
    private final List<Consumer<? super S>> branches = new ArrayList<>();

    /** A split that is described to its end. */
    public static final class Complete {
        private Complete() {
        }
    }

    Split(GraphBuilder builder, int node, Function<Integer, S> stream) {
        this.builder = builder;
        this.node = node;
        this.stream = stream;
    }

    /** The next branch: what it wants, and what becomes of it. */
    public Split<K, V, S> branch(BiPredicate<? super K, ? super V> wanted, Consumer<? super S> then) {
        wants.add(wanted);
        branches.add(then);
        return this;
    }

    /** What becomes of the records that no branch wants. */
    public Complete otherwise(Consumer<? super S> then) {
        wants.add((key, value) -> true);
        branches.add(then);
        return dropOthers();
    }

    /** The records that no branch wants are let go. */
    public Complete dropOthers() {
        for (int i = 0; i < branches.size(); i++) {
            branches.get(i).accept(stream.apply(branch(i)));
        }
        return new Complete();
    }

    private int branch(int number) {
        List<BiPredicate<? super K, ? super V>> all = List.copyOf(wants);
        return builder.step("branch", List.of(node), (rec, out) -> {
            if (first(all, rec.key(), rec.value()) == number) {
                out.forward(rec);
            }
        }, List.of()).id();
    }

    private static <K, V> int first(List<BiPredicate<? super K, ? super V>> wants, K key, V value) {
        for (int i = 0; i < wants.size(); i++) {
            if (wants.get(i).test(key, value)) {
                return i;
            }
        }
        return -1;
    }
}

package io.semel.streams.dsl;

import io.semel.streams.Emit;
import io.semel.streams.Event;
import io.semel.streams.State;
import io.semel.streams.Timers;

/**
 * The functions a {@code process} step is made of; the stores they use are their parameters, so that there is
 * none they cannot reach. They run on task threads and must be free to share: what they remember belongs in a
 * store. Throwing means that the record is refused.
 */
public final class Processing {
    private Processing() {
    }

    /** Takes a record, with one store. */
    @FunctionalInterface
    public interface One<K, V, SK, SV, R> {
        void on(Event<K, V> event, State<SK, SV> store, Emit<R> out);
    }

    /** Takes a record, with two stores. */
    @FunctionalInterface
    public interface Two<K, V, AK, AV, BK, BV, R> {
        void on(Event<K, V> event, State<AK, AV> first, State<BK, BV> second, Emit<R> out);
    }

    /** Takes a record, with one store and the timers of its key. */
    @FunctionalInterface
    public interface TimedOne<K, V, SK, SV, R> {
        void on(Event<K, V> event, State<SK, SV> store, Timers.Setting timers, Emit<R> out);
    }

    /** Takes a timer that went off, with one store and the timers of its key. */
    @FunctionalInterface
    public interface DueOne<K, SK, SV, R> {
        void on(Timers.Due<K> due, State<SK, SV> store, Timers.Setting timers, Emit<R> out);
    }
}

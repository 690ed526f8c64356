package io.semel.streams;

import java.util.Objects;
import org.apache.kafka.common.serialization.Serde;

/**
 * The timers of a {@code process} step, by key. They are state: set, cancelled and gone off in the
 * transaction of the record or timer that did it, and there again after a crash. Its name is persistent as a
 * store's is, and shares its names. An immutable value, free to share.
 */
public record Timers<K>(String name, Serde<K> keySerde) {
    public Timers {
        Names.check("timers", name);
        Objects.requireNonNull(keySerde, "keySerde");
    }

    public static <K> Timers<K> of(String name, Serde<K> keySerde) {
        return new Timers<>(name, keySerde);
    }

    /** Which time a timer goes by. */
    public enum Time {
        /** Stream time: the newest event time the step has seen in this task. */
        EVENT,
        /** The clock of the machine. */
        WALL
    }

    /** The timers of the key at hand. Valid during the call it is given to. */
    public interface Setting {
        /** Goes off when {@code time} reaches {@code timeMs}; a second one at the same time is the same. */
        void set(Time time, long timeMs);

        /** Takes a timer back; nothing happens if there is none. */
        void cancel(Time time, long timeMs);

        /** The time now: stream time, or the clock at the beginning of this batch. */
        long nowMs(Time time);
    }

    /** A timer that went off. */
    public record Due<K>(K key, Time time, long timeMs) {
    }
}

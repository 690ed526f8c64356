package io.semel.streams;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serde;

/**
 * The serdes a first program needs: Kafka's own for plain types, and two ways to write one's own in a line.
 * Stateless and free to share between threads; null always stands for a tombstone and reaches no function.
 */
public final class Serdes {
    private static final Serde<String> STRING = org.apache.kafka.common.serialization.Serdes.String();
    private static final Serde<Long> LONG = org.apache.kafka.common.serialization.Serdes.Long();
    private static final Serde<Integer> INTEGER = org.apache.kafka.common.serialization.Serdes.Integer();
    private static final Serde<Double> DOUBLE = org.apache.kafka.common.serialization.Serdes.Double();
    private static final Serde<byte[]> BYTES = org.apache.kafka.common.serialization.Serdes.ByteArray();

    private Serdes() {
    }

    /** UTF-8 text. */
    public static Serde<String> string() {
        return STRING;
    }

    /** Eight bytes, big-endian. */
    public static Serde<Long> int64() {
        return LONG;
    }

    /** Four bytes, big-endian. */
    public static Serde<Integer> int32() {
        return INTEGER;
    }

    /** Eight bytes, IEEE 754. */
    public static Serde<Double> float64() {
        return DOUBLE;
    }

    /** The bytes as they are. */
    public static Serde<byte[]> bytes() {
        return BYTES;
    }

    /** A serde from two functions. An exception of theirs is a poison record, reported with its position. */
    public static <T> Serde<T> of(Function<? super T, byte[]> write, Function<byte[], ? extends T> read) {
        return org.apache.kafka.common.serialization.Serdes.serdeFrom(
                (topic, value) -> value == null ? null : write.apply(value),
                (topic, bytes) -> bytes == null ? null : read.apply(bytes));
    }

    /** A serde from two functions to and from UTF-8 text. */
    public static <T> Serde<T> text(Function<? super T, String> write, Function<String, ? extends T> read) {
        return of(value -> write.apply(value).getBytes(StandardCharsets.UTF_8),
                bytes -> read.apply(new String(bytes, StandardCharsets.UTF_8)));
    }
}

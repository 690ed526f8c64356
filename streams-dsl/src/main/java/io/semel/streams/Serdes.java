package io.semel.streams;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

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

    /** The same serde with a name for {@code topology.lock}: change it when what it writes changes. */
    public static <T> Serde<T> named(String name, Serde<T> serde) {
        return new Named<>(Names.check("serde", name), serde);
    }

    /** What a lock calls a serde: its name, that of its class, or "unnamed" if it has none to rely on. */
    public static String nameOf(Serde<?> serde) {
        if (serde instanceof Named<?> named) {
            return named.name();
        }
        Map<Serde<?>, String> plain = Map.of(STRING, "string", LONG, "int64", INTEGER, "int32", DOUBLE,
                "float64",
                BYTES, "bytes");
        String known = plain.get(serde);
        boolean anonymous = serde.getClass() ==
                org.apache.kafka.common.serialization.Serdes.WrapperSerde.class
                || serde.getClass().isHidden() || serde.getClass().isAnonymousClass();
        return known != null ? known : anonymous ? "unnamed" : serde.getClass().getSimpleName();
    }

    private record Named<T>(String name, Serde<T> serde) implements Serde<T> {
        @Override
        public Serializer<T> serializer() {
            return serde.serializer();
        }

        @Override
        public Deserializer<T> deserializer() {
            return serde.deserializer();
        }
    }

    /**
     * Keys in windows of one size, as Kafka's own {@code TimeWindowedSerializer} writes them: the key, then
     * the start of its window in eight bytes.
     */
    public static <K> Serde<Windowed<K>> windowed(Serde<K> keys, Duration size) {
        return org.apache.kafka.common.serialization.Serdes.serdeFrom(
                (topic, at) -> at == null ? null
                        : join(keys.serializer().serialize(topic, at.key()), at.startMs()),
                (topic, bytes) -> bytes == null ? null : new Windowed<>(key(keys, topic, bytes, 8),
                        number(bytes, 8), number(bytes, 8) + size.toMillis()));
    }

    /**
     * Keys in sessions, as Kafka's own {@code SessionWindowedSerializer} writes them: the key, then end and
     * start of the session in eight bytes each.
     */
    public static <K> Serde<Windowed<K>> sessions(Serde<K> keys) {
        return org.apache.kafka.common.serialization.Serdes.serdeFrom(
                (topic, at) -> at == null ? null
                        : join(keys.serializer().serialize(topic, at.key()), at.endMs(), at.startMs()),
                (topic, bytes) -> bytes == null ? null : new Windowed<>(key(keys, topic, bytes, 16),
                        number(bytes, 8), number(bytes, 16)));
    }

    private static byte[] join(byte[] key, long... numbers) {
        ByteBuffer joined = ByteBuffer.allocate(key.length + 8 * numbers.length).put(key);
        for (long number : numbers) {
            joined.putLong(number);
        }
        return joined.array();
    }

    private static <K> K key(Serde<K> keys, String topic, byte[] bytes, int behind) {
        if (bytes.length < behind) {
            throw new IllegalArgumentException("a key in a window has at least " + behind
                    + " bytes, this one "
                    + bytes.length);
        }
        return keys.deserializer().deserialize(topic, Arrays.copyOf(bytes, bytes.length - behind));
    }

    private static long number(byte[] bytes, int fromEnd) {
        return ByteBuffer.wrap(bytes).getLong(bytes.length - fromEnd);
    }
}

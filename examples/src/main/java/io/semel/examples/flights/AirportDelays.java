package io.semel.examples.flights;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** The delay statistics of one airport under its name: the result of the program. An immutable value. */
public record AirportDelays(String name, DelayStats stats) {

    /** The name of an airport that the airports table does not know. */
    public static final String UNKNOWN = "(unknown airport)";

    /** The size of the name, the name in UTF-8, the statistics; null stands for null. */
    public static final Serde<AirportDelays> SERDE = Serdes.serdeFrom(
        (topic, delays) -> delays == null ? null : delays.bytes(),
        (topic, bytes) -> bytes == null ? null : ofBytes(ByteBuffer.wrap(bytes)));

    /** Joins statistics with their airport, which may be null. */
    public static AirportDelays of(DelayStats stats, Airport airport) {
        return new AirportDelays(airport == null ? UNKNOWN : airport.name(), stats);
    }

    private byte[] bytes() {
        byte[] text = name.getBytes(StandardCharsets.UTF_8), numbers = stats.bytes();
        ByteBuffer out = ByteBuffer.allocate(Varint.SIZE_MAX + text.length + numbers.length);
        Varint.put(out, text.length);
        out.put(text).put(numbers).flip();
        byte[] bytes = new byte[out.remaining()];
        out.get(bytes);
        return bytes;
    }

    private static AirportDelays ofBytes(ByteBuffer in) {
        int size = Varint.takeInt(in);
        if (size < 0 || size > in.remaining()) throw new IllegalArgumentException("name size " + size);
        byte[] text = new byte[size];
        in.get(text);
        return new AirportDelays(new String(text, StandardCharsets.UTF_8), DelayStats.ofBytes(in));
    }
}

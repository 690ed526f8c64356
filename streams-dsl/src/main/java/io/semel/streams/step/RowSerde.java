package io.semel.streams.step;

import java.util.Arrays;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Values of rows: nothing for a {@link Mark}, else one byte of version and the value as its own serde writes
 * it. As free to share as that serde.
 */
final class RowSerde implements Serde<Object> {
    private static final byte VERSION = 1;
    private static final byte[] MARK = {};

    private final Serde<Object> values;

    @SuppressWarnings("unchecked")
    RowSerde(Serde<?> values) {
        this.values = (Serde<Object>) values;
    }

    /** The serde of the values themselves. */
    Serde<Object> values() {
        return values;
    }

    @Override
    public Serializer<Object> serializer() {
        return new Serializer<>() {
            @Override
            public byte[] serialize(String topic, Object value) {
                if (value == null || value == Mark.MARK) {
                    return value == null ? null : MARK;
                }
                byte[] bytes = values.serializer().serialize(topic, value);
                byte[] row = new byte[bytes.length + 1];
                row[0] = VERSION;
                System.arraycopy(bytes, 0, row, 1, bytes.length);
                return row;
            }

            @Override
            public byte[] serialize(String topic, Headers headers, Object value) {
                return serialize(topic, value);
            }
        };
    }

    @Override
    public Deserializer<Object> deserializer() {
        return (topic, row) -> {
            if (row == null || row.length == 0) {
                return row == null ? null : Mark.MARK;
            }
            if (row[0] != VERSION) {
                throw new IllegalArgumentException("row of " + topic + " has version " + row[0]
                        + ", this program reads " + VERSION);
            }
            return values.deserializer().deserialize(topic, Arrays.copyOfRange(row, 1, row.length));
        };
    }
}

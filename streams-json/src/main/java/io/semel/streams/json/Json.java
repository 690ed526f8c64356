package io.semel.streams.json;

import io.semel.streams.Serdes;
import org.apache.kafka.common.serialization.Serde;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serdes that write a type as JSON. Fields that the type does not know are passed over, so that a newer
 * writer may add some. Stateless; its serdes are free to share. What cannot be written or read throws
 * Jackson's exception, which makes the record a poison record.
 */
public final class Json {
    private static final ObjectMapper PLAIN = JsonMapper.builder().build();

    private Json() {
    }

    /** A type as JSON, with Jackson as it comes. Called {@code json.<type>} in a topology lock. */
    public static <T> Serde<T> of(Class<T> type) {
        return of(PLAIN, type);
    }

    /** A type as JSON, with a mapper of your own. */
    public static <T> Serde<T> of(ObjectMapper mapper, Class<T> type) {
        ObjectWriter writer = mapper.writerFor(type);
        ObjectReader reader = mapper.readerFor(type);
        return Serdes.named("json." + type.getSimpleName(),
                Serdes.of(writer::writeValueAsBytes, bytes -> reader.<T>readValue(bytes)));
    }
}

package io.semel.examples.start;

import io.semel.streams.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;

/** One input record, as bytes. An immutable value. */
record Sample(String topic, byte[] key, byte[] value, long timestampMs) {
    /** The day on which all examples play. */
    private static final Instant MORNING = Instant.parse("2026-03-02T08:00:00Z");

    /** A record so many minutes after eight. */
    static <K, V> Sample at(int minutes, Topic<K, V> topic, K key, V value) {
        return new Sample(topic.name(), topic.keySerde().serializer().serialize(topic.name(), key),
            topic.valueSerde().serializer().serialize(topic.name(), value),
            MORNING.plusSeconds(60L * minutes).toEpochMilli());
    }

    /** A record with a value that no serde has written. */
    static Sample raw(int minutes, String topic, String key, String value) {
        return new Sample(topic, key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8),
            MORNING.plusSeconds(60L * minutes).toEpochMilli());
    }

    ProducerRecord<byte[], byte[]> record() {
        return new ProducerRecord<>(topic, null, timestampMs, key, value);
    }
}

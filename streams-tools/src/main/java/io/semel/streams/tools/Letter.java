package io.semel.streams.tools;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A dead letter: the record as it came in, and in its headers where from and why (names of KIP-1034, so that
 * those of Kafka Streams are read as well). An immutable view.
 */
record Letter(ConsumerRecord<byte[], byte[]> record) {
    private static final String PREFIX = "__streams.errors.";

    /** Where a letter lies: partition and offset in the dead letter topic. */
    String at() {
        return record.partition() + "@" + record.offset();
    }

    Instant time() {
        return Instant.ofEpochMilli(record.timestamp());
    }

    String step() {
        return header("step").orElse("?");
    }

    /** The exception and the first line of its message. */
    String why() {
        String exception = header("exception").orElse("?");
        return exception.substring(exception.lastIndexOf('.') + 1) + ": "
                + header("message").flatMap(text -> text.lines().findFirst()).orElse("");
    }

    /** The input it stands for, as topic-partition@offset; none if time, not an input, was the cause. */
    Optional<String> source() {
        return header("topic").map(topic -> topic + "-" + header("partition").orElse("?") + "@"
                + header("offset").orElse("?"));
    }

    Optional<String> header(String name) {
        Header header = record.headers().lastHeader(PREFIX + name);
        return header == null || header.value() == null ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    /** The input again, for its own topic and partition; none if it has no source that can be read. */
    Optional<ProducerRecord<byte[], byte[]>> input() {
        Optional<String> topic = header("topic");
        Optional<Integer> partition = header("partition").flatMap(Letter::number);
        if (topic.isEmpty() || partition.isEmpty()) {
            return Optional.empty();
        }
        Headers own = new RecordHeaders();
        for (Header header : record.headers()) {
            if (!header.key().startsWith(PREFIX)) {
                own.add(header);
            }
        }
        return Optional
                .of(new ProducerRecord<>(topic.get(), partition.get(), record.timestamp(), record.key(),
                record.value(), own));
    }

    private static Optional<Integer> number(String text) {
        try {
            return Optional.of(Integer.parseInt(text)).filter(number -> number >= 0);
        } catch (NumberFormatException bad) {
            return Optional.empty();
        }
    }

    /** Text if it is text, else the bytes in hexadecimal. */
    static String readable(byte[] bytes) {
        if (bytes == null) {
            return "null";
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            if (text.chars().noneMatch(c -> Character.isISOControl(c) && !Character.isWhitespace(c))) {
                return text;
            }
        } catch (CharacterCodingException binary) {
            return "0x" + HexFormat.of().formatHex(bytes);
        }
        return "0x" + HexFormat.of().formatHex(bytes);
    }
}

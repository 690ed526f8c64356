package io.semel.streams.task;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The record that stands for one a step has refused: key, value, headers and time of the input as they were,
 * and in further headers where it came from and why it is here. Names are those of KIP-1034, with three of
 * our own. Stateless.
 */
final class DeadLetter {
    private static final String PREFIX = "__streams.errors.";
    private static final int TRACE_CHARS_MAX = 4_000;
    private static final int MESSAGE_CHARS_MAX = 1_000;

    private DeadLetter() {
    }

    static ProducerRecord<byte[], byte[]> of(String app, ConsumerRecord<byte[], byte[]> input,
                                             StepFailure failure, int attempts) {
        Headers headers = new RecordHeaders(input.headers());
        add(headers, "topic", input.topic());
        add(headers, "partition", String.valueOf(input.partition()));
        add(headers, "offset", String.valueOf(input.offset()));
        explain(headers, app, failure, attempts);
        return new ProducerRecord<>(topic(failure), null, Math.max(0, input.timestamp()), input.key(),
                input.value(), headers);
    }

    /** One that no input is to blame for: a window that closed, a timer. It has no bytes to give back. */
    static ProducerRecord<byte[], byte[]> ofTime(String app, long streamMs, StepFailure failure,
            int attempts) {
        Headers headers = new RecordHeaders();
        explain(headers, app, failure, attempts);
        return new ProducerRecord<>(topic(failure), null, Math.max(0, streamMs), null, null, headers);
    }

    private static String topic(StepFailure failure) {
        return failure.recovery().orElseThrow().deadLetterTopic();
    }

    private static void explain(Headers headers, String app, StepFailure failure, int attempts) {
        Throwable cause = failure.getCause();
        StringWriter trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace));
        add(headers, "exception", cause.getClass().getName());
        add(headers, "message", cut(String.valueOf(cause.getMessage()), MESSAGE_CHARS_MAX));
        add(headers, "stacktrace", cut(trace.toString(), TRACE_CHARS_MAX));
        add(headers, "application", app);
        add(headers, "step", failure.step());
        add(headers, "attempts", String.valueOf(attempts));
    }

    private static String cut(String text, int chars) {
        return text.length() <= chars ? text : text.substring(0, chars) + "...";
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(PREFIX + name, value.getBytes(StandardCharsets.UTF_8));
    }
}

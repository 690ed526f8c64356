package io.semel.it.kit.history;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * Records what passes through a producer. Used as its process is; acknowledgements come on the client's own
 * thread.
 */
final class ProducerTape implements InvocationHandler {
    private final Tape tape;
    private final Producer<?, ?> real;
    private final String transactionalId;

    ProducerTape(Tape tape, Producer<?, ?> real, String transactionalId) {
        this.tape = tape;
        this.real = real;
        this.transactionalId = transactionalId;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "send" -> send(method, arguments);
            case "beginTransaction" -> begin(method);
            case "initTransactions" -> plain(Kind.INIT, method, arguments);
            case "sendOffsetsToTransaction" -> plain(Kind.SEND_OFFSETS, method, arguments);
            case "commitTransaction" -> ending(Kind.COMMIT, method, arguments);
            case "abortTransaction" -> ending(Kind.ABORT, method, arguments);
            default -> Answers.call(real, method, arguments);
        };
    }

    private Object begin(Method method) throws Throwable {
        Object answer = Answers.call(real, method, null);
        tape.begins();
        tape.recorder().end(tape.begin(operation(Kind.BEGIN)), Outcome.OK);
        return answer;
    }

    private Object ending(Kind kind, Method method, Object[] arguments) throws Throwable {
        Object answer = plain(kind, method, arguments);
        tape.ends();
        return answer;
    }

    private Object plain(Kind kind, Method method, Object[] arguments) throws Throwable {
        if (kind == Kind.INIT) tape.ends();
        Operation operation = operation(kind);
        if (kind == Kind.SEND_OFFSETS) offsets(operation, arguments);
        tape.begin(operation);
        try {
            Object answer = Answers.call(real, method, arguments);
            tape.recorder().end(operation, Outcome.OK);
            return answer;
        } catch (Throwable error) {
            tape.recorder().end(operation, Answers.of(error), error);
            throw error;
        }
    }

    @SuppressWarnings("unchecked")
    private static void offsets(Operation operation, Object[] arguments) {
        operation.offsets(places((Map<TopicPartition, OffsetAndMetadata>) arguments[0]));
        Object group = arguments[1];
        operation.group(group instanceof ConsumerGroupMetadata metadata ? metadata.groupId() : group
                .toString());
    }

    static Map<Place, Long> places(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<Place, Long> places = new TreeMap<>();
        offsets.forEach((partition, offset) -> places.put(place(partition), offset == null ? -1L : offset
                .offset()));
        return places;
    }

    static Place place(TopicPartition partition) {
        return new Place(partition.topic(), partition.partition());
    }

    private Object send(Method method, Object[] arguments) throws Throwable {
        ProducerRecord<?, ?> record = (ProducerRecord<?, ?>) arguments[0];
        Callback theirs = arguments.length > 1 ? (Callback) arguments[1] : null;
        Header from = record.headers().lastHeader(Source.HEADER);
        int partition = record.partition() == null ? Place.UNKNOWN : record.partition();
        Operation operation = operation(Kind.SEND).to(new Place(record.topic(), partition))
                .key(Tape.text(record.key())).value(Tape.text(record.value()))
                .from(from == null ? null : Source.parse(new String(from.value(), StandardCharsets.UTF_8)));
        tape.begin(operation);
        Callback ours = (metadata, error) -> {
            acknowledged(operation, metadata, error);
            if (theirs != null) theirs.onCompletion(metadata, error);
        };
        try {
            Method sending = Producer.class.getMethod("send", ProducerRecord.class, Callback.class);
            return Answers.call(real, sending, new Object[] {record, ours});
        } catch (Throwable error) {
            if (!operation.completed()) tape.recorder().end(operation, Outcome.FAILED, error);
            throw error;
        }
    }

    private void acknowledged(Operation operation, RecordMetadata metadata, Exception error) {
        if (operation.completed()) return;
        if (error != null) {
            tape.recorder().end(operation, Answers.of(error), error);
            return;
        }
        operation.to(new Place(metadata.topic(), metadata.partition()));
        if (metadata.hasOffset()) operation.at(metadata.offset());
        tape.recorder().end(operation, Outcome.OK);
    }

    private Operation operation(Kind kind) {
        return tape.operation(kind).under(transactionalId);
    }
}

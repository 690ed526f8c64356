package io.semel.it.kit.history;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/** Records what passes through a consumer. Used by the consumer's thread. */
final class ConsumerTape implements InvocationHandler {
    private final Tape tape;
    private final Consumer<?, ?> real;
    private final boolean readCommitted;

    ConsumerTape(Tape tape, Consumer<?, ?> real, boolean readCommitted) {
        this.tape = tape;
        this.real = real;
        this.readCommitted = readCommitted;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "poll" -> through(operation(Kind.POLL), method, arguments);
            case "assign" -> through(operation(Kind.ASSIGN).offsets(at(arguments[0], -1)), method, arguments);
            case "unsubscribe" -> through(operation(Kind.ASSIGN), method, arguments);
            case "subscribe" -> subscribe(method, arguments);
            case "seek" -> through(operation(Kind.SEEK).offsets(sought(arguments)), method, arguments);
            case "seekToBeginning" -> through(operation(Kind.SEEK).offsets(at(arguments[0], 0)), method,
                    arguments);
            case "seekToEnd" -> through(operation(Kind.SEEK).offsets(at(arguments[0], -1)), method,
                    arguments);
            case "commitSync", "commitAsync" -> commit(method, arguments);
            case "committed" -> through(operation(Kind.COMMITTED).group(group()), method, arguments);
            case "endOffsets" -> through(operation(Kind.ENDS), method, arguments);
            default -> Answers.call(real, method, arguments);
        };
    }

    private Object through(Operation operation, Method method, Object[] arguments) throws Throwable {
        tape.begin(operation);
        try {
            Object answer = Answers.call(real, method, arguments);
            answered(operation, answer);
            boolean later = method.getName().equals("commitAsync");
            tape.recorder().end(operation, later ? Outcome.UNKNOWN : Outcome.OK);
            return answer;
        } catch (Throwable error) {
            boolean stands = error instanceof WakeupException && operation.kind() == Kind.POLL;
            tape.recorder().end(operation, stands ? Outcome.FAILED : Answers.of(error), error);
            throw error;
        }
    }

    private static void answered(Operation operation, Object answer) {
        if (answer instanceof ConsumerRecords<?, ?> records) {
            List<Seen> seen = new ArrayList<>(records.count());
            for (ConsumerRecord<?, ?> record : records) {
                seen.add(new Seen(new Place(record.topic(), record.partition()), record.offset(),
                        String.valueOf(Tape.text(record.value()))));
            }
            operation.records(seen);
        } else if (operation.kind().answersOffsets() && answer instanceof Map<?, ?> offsets) {
            Map<Place, Long> answered = new TreeMap<>();
            offsets.forEach((partition, offset) -> answered.put(ProducerTape
                    .place((TopicPartition) partition),
                    offset instanceof OffsetAndMetadata committed ? (Long) committed.offset()
                            : offset == null ? (Long) (-1L) : (Long) offset));
            operation.offsets(answered);
        }
    }

    @SuppressWarnings("unchecked")
    private Object commit(Method method, Object[] arguments) throws Throwable {
        Operation operation = operation(Kind.COMMIT_OFFSETS).in(null).group(group());
        if (arguments != null && arguments.length > 0 && arguments[0] instanceof Map<?, ?> offsets) {
            operation.offsets(ProducerTape.places((Map<TopicPartition, OffsetAndMetadata>) offsets));
        }
        return through(operation, method, arguments);
    }

    /** Whatever way it subscribes, we hear of its rebalances. */
    private Object subscribe(Method method, Object[] arguments) throws Throwable {
        Object theirs = arguments.length > 1 ? arguments[1] : null;
        Method listening = Consumer.class.getMethod("subscribe", method.getParameterTypes()[0],
                ConsumerRebalanceListener.class);
        Listener ours = new Listener((ConsumerRebalanceListener) theirs);
        return through(operation(Kind.SUBSCRIBE), listening, new Object[] {arguments[0], ours});
    }

    private Map<Place, Long> sought(Object[] arguments) {
        long offset = arguments[1] instanceof OffsetAndMetadata to ? to.offset() : (Long) arguments[1];
        return Map.of(ProducerTape.place((TopicPartition) arguments[0]), offset);
    }

    @SuppressWarnings("unchecked")
    private Map<Place, Long> at(Object partitions, long offset) {
        Collection<TopicPartition> these = (Collection<TopicPartition>) partitions;
        if (these.isEmpty()) these = real.assignment();
        Map<Place, Long> offsets = new TreeMap<>();
        these.forEach(partition -> offsets.put(ProducerTape.place(partition), offset));
        return offsets;
    }

    private String group() {
        try {
            return real.groupMetadata().groupId();
        } catch (RuntimeException groupless) {
            return null;
        }
    }

    private Operation operation(Kind kind) {
        return tape.operation(kind).readCommitted(readCommitted);
    }

    /** Notes what the group gives and takes, then tells the user's own listener. */
    private final class Listener implements ConsumerRebalanceListener {
        private final ConsumerRebalanceListener theirs;

        private Listener(ConsumerRebalanceListener theirs) {
            this.theirs = theirs;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            note(partitions);
            if (theirs != null) theirs.onPartitionsRevoked(partitions);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            note(partitions);
            if (theirs != null) theirs.onPartitionsAssigned(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            note(partitions);
            if (theirs != null) theirs.onPartitionsLost(partitions);
        }

        private void note(Collection<TopicPartition> partitions) {
            if (partitions.isEmpty()) return;
            tape.recorder().end(tape.begin(operation(Kind.REBALANCE).offsets(at(partitions, -1))),
                    Outcome.OK);
        }
    }
}

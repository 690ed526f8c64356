package io.semel.it.kit.work;

import io.semel.it.kit.history.Place;
import io.semel.it.kit.history.Source;
import io.semel.it.kit.history.Tape;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Copies one topic to another, exactly once: offsets and output in one transaction. Used by one thread. */
final class Copier implements Session {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int ABORT_ONE_IN = 8;

    private final Producer<String, String> producer;
    private final Consumer<String, String> consumer;
    private final String output;
    private final SplittableRandom random;

    /** @param random null for one that never aborts */
    Copier(Desk desk, Tape tape, String id, String group, String input, String output,
            SplittableRandom random) {
        this.output = output;
        this.random = random;
        this.producer = desk.producer(tape, id);
        this.consumer = desk.consumer(tape, group, true);
        try {
            producer.initTransactions();
            consumer.subscribe(List.of(input));
        } catch (RuntimeException failed) {
            abandon();
            throw failed;
        }
    }

    @Override
    public void step() {
        ConsumerRecords<String, String> records = consumer.poll(POLL);
        if (records.isEmpty()) return;
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        producer.beginTransaction();
        for (ConsumerRecord<String, String> record : records) {
            producer.send(copy(record));
            offsets.put(new TopicPartition(record.topic(), record.partition()),
                    new OffsetAndMetadata(record.offset() + 1));
        }
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        if (random == null || random.nextInt(ABORT_ONE_IN) > 0) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
            goBack();
        }
    }

    private ProducerRecord<String, String> copy(ConsumerRecord<String, String> record) {
        ProducerRecord<String, String> copy = new ProducerRecord<>(output, record.partition(), record.key(),
                record.value());
        Source from = new Source(new Place(record.topic(), record.partition()), record.offset());
        copy.headers().add(Source.HEADER, from.toString().getBytes(StandardCharsets.UTF_8));
        return copy;
    }

    private void goBack() {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(consumer.assignment());
        for (TopicPartition partition : consumer.assignment()) {
            OffsetAndMetadata offset = committed.get(partition);
            if (offset == null) consumer.seekToBeginning(List.of(partition));
            else consumer.seek(partition, offset);
        }
    }

    /**
     * Copies until nothing is left.
     *
     * @throws TimeoutException not by then
     */
    void finish(List<TopicPartition> inputs, long deadlineNs) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(inputs);
        while (!isThrough(ends)) {
            if (System.nanoTime() > deadlineNs) throw new TimeoutException("records are left to copy: "
                    + ends);
            step();
        }
    }

    private boolean isThrough(Map<TopicPartition, Long> ends) {
        return consumer.assignment().equals(ends.keySet())
                && ends.keySet().stream().allMatch(input -> consumer.position(input) >= ends.get(input));
    }

    @Override
    public void abandon() {
        Closing.drop(producer);
        Closing.drop(consumer);
    }
}

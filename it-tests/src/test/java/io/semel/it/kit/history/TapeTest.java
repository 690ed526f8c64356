package io.semel.it.kit.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** What passes through the wrappers is recorded as it was, over kafka-clients' own doubles. */
class TapeTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final Recorder recorder = Recorder.inMemory();
    private final Tape tape = recorder.process("p");
    private final MockProducer<String, String> realProducer =
            new MockProducer<>(false, null, new StringSerializer(), new StringSerializer());
    private final Producer<String, String> producer = tape.producer(realProducer, "id");
    private final MockConsumer<String, String> realConsumer = new MockConsumer<>("earliest");
    private final Consumer<String, String> consumer = tape.consumer(realConsumer, true);

    private List<String> told() {
        return recorder.history().operations().stream().map(one -> one.kind().word() + " " + one.outcome()
                .word() + (one.transaction() == null ? "" : " in " + one.transaction())).toList();
    }

    private Operation last() {
        List<Operation> operations = recorder.history().operations();
        return operations.get(operations.size() - 1);
    }

    @Test
    void recordsATransaction() {
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("t", 0, "k", "v"));
        realProducer.completeNext();
        producer.sendOffsetsToTransaction(Map.of(PARTITION, new OffsetAndMetadata(5)),
                realConsumer.groupMetadata());
        producer.commitTransaction();
        producer.beginTransaction();
        producer.abortTransaction();

        assertEquals(List.of("init ok", "begin ok in p/1", "send ok in p/1", "send_offsets ok in p/1",
                "commit ok in p/1", "begin ok in p/2", "abort ok in p/2"), told());
        Operation send = recorder.history().operations().get(2);
        assertEquals("t/0@0 k v id", send.place() + "@" + send.offset() + " " + send.key() + " "
                + send.value() + " " + send.transactionalId());
        Operation offsets = recorder.history().operations().get(3);
        assertEquals(Map.of(new Place("t", 0), 5L), offsets.offsets());
        assertEquals(realConsumer.groupMetadata().groupId(), offsets.group());
    }

    @Test
    void tellsFailuresFromWhatNobodyKnows() {
        Producer<String, String> plain = tape.producer(new MockProducer<>(false, null, new StringSerializer(),
                new StringSerializer()) , null);
        Future<RecordMetadata> pending = plain.send(new ProducerRecord<>("t", 0, "k", "never answered"));
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("t", 0, "k", "late"));
        realProducer.errorNext(new TimeoutException("late"));
        producer.send(new ProducerRecord<>("t", 0, "k", "large"));
        realProducer.errorNext(new RecordTooLargeException("large"));
        realProducer.commitTransactionException = new ProducerFencedException("fenced");

        assertThrows(ProducerFencedException.class, producer::commitTransaction);

        assertEquals(List.of("send unknown", "init ok", "begin ok in p/1", "send unknown in p/1",
                "send failed in p/1", "commit unknown in p/1"), told());
        assertTrue(!pending.isDone());
        assertEquals("ProducerFencedException: fenced", last().error());
    }

    @Test
    void hidesNothingFromTheCaller() throws Exception {
        producer.initTransactions();
        producer.beginTransaction();
        boolean[] called = {false};
        Future<RecordMetadata> answer = producer.send(new ProducerRecord<>("t", 0, "k", "v"),
                (metadata, error) -> called[0] = error != null);
        realProducer.errorNext(new TimeoutException("late"));

        ExecutionException thrown = assertThrows(ExecutionException.class, answer::get);
        assertTrue(thrown.getCause() instanceof TimeoutException);
        assertTrue(called[0]);
        assertEquals(1, realProducer.uncommittedRecords().size());
    }

    @Test
    void recordsWhereAnOutputComesFrom() {
        ProducerRecord<String, String> record = new ProducerRecord<>("t", 0, "k", "v");
        record.headers().add(Source.HEADER, "in/2@41".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        producer.initTransactions();
        producer.beginTransaction();

        producer.send(record);

        assertEquals(new Source(new Place("in", 2), 41), last().from());
    }

    @Test
    void recordsPollsSeeksAndEnds() {
        consumer.assign(List.of(PARTITION));
        realConsumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        realConsumer.updateEndOffsets(Map.of(PARTITION, 9L));
        consumer.seekToBeginning(List.of(PARTITION));
        realConsumer.addRecord(new ConsumerRecord<>("t", 0, 3, "k", "v"));
        realConsumer.setMaxPollRecords(10);
        consumer.seek(PARTITION, 3);

        consumer.poll(Duration.ZERO);
        consumer.endOffsets(List.of(PARTITION));

        assertEquals(List.of("assign ok", "seek ok", "seek ok", "poll ok", "ends ok"), told());
        Operation poll = recorder.history().operations().get(3);
        assertEquals(List.of(new Seen(new Place("t", 0), 3, "v")), poll.records());
        assertEquals(Map.of(new Place("t", 0), 9L), last().offsets());
    }

    @Test
    void hearsOfRebalancesWithoutBeingAsked() {
        consumer.subscribe(List.of("t"));

        realConsumer.rebalance(List.of(PARTITION));

        assertEquals(List.of("subscribe ok", "rebalance ok"), told());
        assertEquals(Map.of(new Place("t", 0), -1L), last().offsets());
    }

    @Test
    void aPollThatIsWokenReadNothing() {
        consumer.assign(List.of(PARTITION));
        realConsumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.wakeup();

        assertThrows(WakeupException.class, () -> consumer.poll(Duration.ZERO));

        assertEquals(Outcome.FAILED, last().outcome());
    }
}

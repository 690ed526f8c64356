package io.semel.it.tools;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** The directed cases of transactions that a client's API reaches without help from outside. One thread. */
final class DirectedCases extends Play {
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");

    private DirectedCases(String bootstrap, String name, Admin admin) {
        super(bootstrap, name, admin);
    }

    /** Arguments: address, a name of its own. */
    public static void main(String[] arguments) {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", arguments[0]))) {
            new DirectedCases(arguments[0], arguments[1], admin).playAll();
        }
        System.out.println("THROUGH");
    }

    private void playAll() {
        play("C2", this::takenOverInEveryState);
        play("C4", this::abortedBeforeItWasEnlisted);
        play("C10", this::aTimeOutAboveTheMaximum);
        play("C11", this::offsetsAreUnstableWhileTheyPend);
        play("C12", this::staleMembersAreFenced);
        play("C13", this::manyPartitionsNothingOffsetsOnlyAndOneRecord);
        play("C14", this::readsThatBeginAnywhere);
        play("C15", this::abortedOnesOfEveryCodec);
        play("C17", this::recordsAreDeletedUnderAnOpenTransaction);
        play("C18", this::theTopicIsDeletedUnderAnOpenTransaction);
        play("C23", this::recordsThatAreTooLargeOrHaveNoKey);
    }

    private void takenOverInEveryState(String topic) throws Exception {
        create(topic, 1, Map.of());
        for (String state : List.of("empty", "ongoing", "committed", "aborted")) {
            KafkaProducer<String, String> old = transactional(topic + state);
            if (!state.equals("empty")) old.beginTransaction();
            if (!state.equals("empty")) old.send(record(topic, "old " + state)).get();
            if (state.equals("committed")) old.commitTransaction();
            if (state.equals("aborted")) old.abortTransaction();
            try (KafkaProducer<String, String> heir = transactional(topic + state)) {
                commit(heir, record(topic, "heir " + state));
                refused(FENCED, () -> {
                    if (!state.equals("ongoing")) old.beginTransaction();
                    old.send(record(topic, "late " + state)).get();
                    old.commitTransaction();
                });
                commit(heir, record(topic, "still heir " + state));
            }
            old.close(Duration.ZERO);
        }
        same(List.of("heir empty", "still heir empty", "heir ongoing", "still heir ongoing", "old committed",
                "heir committed", "still heir committed", "heir aborted", "still heir aborted"),
                values(topic, COMMITTED));
    }

    private void abortedBeforeItWasEnlisted(String topic) throws Exception {
        create(topic, 1, Map.of());
        try (KafkaProducer<String, String> producer = transactional(topic)) {
            for (int number = 0; number < 10; number++) {
                producer.beginTransaction();
                producer.send(record(topic, "aborted " + number));
                producer.abortTransaction();
                commit(producer, record(topic, "committed " + number));
            }
        }
        same(numbered("committed ", 10), values(topic, COMMITTED));
    }

    private void aTimeOutAboveTheMaximum(String topic) throws Exception {
        try (KafkaProducer<String, String> producer = producer("transactional.id", topic,
                "transaction.timeout.ms", "900001")) {
            try {
                producer.initTransactions();
            } catch (KafkaException refused) {
                same(true, refused.getMessage().contains("timeout is larger than the maximum"));
                return;
            }
            throw new AssertionError("was taken");
        }
    }

    private void offsetsAreUnstableWhileTheyPend(String topic) throws Exception {
        create(topic, 1, Map.of());
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaProducer<String, String> producer = transactional(topic);
                KafkaConsumer<String, String> consumer = consumer(COMMITTED, "group.id", topic)) {
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(7, "kept")),
                    consumer.groupMetadata());
            refused(List.of("TimeoutException"),
                    () -> consumer.committed(Set.of(partition), Duration.ofSeconds(1)));
            producer.commitTransaction();
            OffsetAndMetadata found = consumer.committed(Set.of(partition), PATIENCE).get(partition);
            same("7 kept", found.offset() + " " + found.metadata());
        }
    }

    @SuppressWarnings("removal")
    private void staleMembersAreFenced(String topic) throws Exception {
        create(topic, 1, Map.of());
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaProducer<String, String> producer = transactional(topic);
                KafkaConsumer<String, String> consumer = consumer(COMMITTED, "group.id", topic)) {
            consumer.subscribe(List.of(topic));
            long giveUpNs = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.assignment().isEmpty() && System.nanoTime() < giveUpNs) {
                consumer.poll(Duration.ofMillis(100));
            }
            // or the answer to what its poll asked, "none yet", is what it tells of below
            consumer.position(partition, PATIENCE);
            ConsumerGroupMetadata member = consumer.groupMetadata();
            for (ConsumerGroupMetadata stale : List.of(
                    new ConsumerGroupMetadata(topic, member.generationId() + 3, member.memberId(),
                            Optional.empty()),
                    new ConsumerGroupMetadata(topic, member.generationId(), "nobody", Optional.empty()))) {
                producer.beginTransaction();
                refused(List.of("CommitFailedException"), () -> producer.sendOffsetsToTransaction(
                        Map.of(partition, new OffsetAndMetadata(1)), stale));
                producer.abortTransaction();
            }
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(5)), member);
            producer.commitTransaction();
            same(5L, consumer.committed(Set.of(partition), PATIENCE).get(partition).offset());
        }
    }

    private void manyPartitionsNothingOffsetsOnlyAndOneRecord(String topic) throws Exception {
        int partitions = 100;
        create(topic, partitions, Map.of());
        try (KafkaProducer<String, String> producer = transactional(topic);
                KafkaConsumer<String, String> consumer = consumer(COMMITTED, "group.id", topic)) {
            producer.beginTransaction();
            for (int number = 0; number < partitions; number++) {
                producer.send(new ProducerRecord<>(topic, number, null, "wide"));
            }
            producer.commitTransaction();
            for (boolean commits : new boolean[] {true, false}) {
                producer.beginTransaction();
                if (commits) producer.commitTransaction();
                else producer.abortTransaction();
            }
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(new TopicPartition(topic, 3), new OffsetAndMetadata(2)),
                    consumer.groupMetadata());
            producer.commitTransaction();
            for (int number = 0; number < 50; number++) commit(producer, record(topic, "one " + number));
        }
        List<String> first = new ArrayList<>(List.of("wide"));
        first.addAll(numbered("one ", 50));
        same(first, values(topic, COMMITTED));
        same(List.of("wide"), values(new TopicPartition(topic, partitions - 1), COMMITTED, 0));
    }

    private void readsThatBeginAnywhere(String topic) throws Exception {
        List<String> committed = interleaved(topic, "none");
        same(committed, values(topic, COMMITTED));
        Map<Long, List<String>> from = new HashMap<>();
        List<ConsumerRecord<String, String>> all = records(new TopicPartition(topic, 0), COMMITTED, 0);
        for (long offset = 0; offset <= all.get(all.size() - 1).offset(); offset++) {
            List<String> left = new ArrayList<>();
            for (ConsumerRecord<String, String> record : all) {
                if (record.offset() >= offset) left.add(record.value());
            }
            from.put(offset, left);
        }
        for (Map.Entry<Long, List<String>> one : from.entrySet()) {
            same(one.getValue(), values(new TopicPartition(topic, 0), COMMITTED, one.getKey()));
        }
    }

    private void abortedOnesOfEveryCodec(String topic) throws Exception {
        for (String codec : CODECS) {
            List<String> committed = interleaved(topic + codec, codec);
            same(committed, values(topic + codec, COMMITTED));
            same(24, values(topic + codec, UNCOMMITTED).size());
        }
    }

    /** Two producers side by side, some of whose transactions are aborted; what is committed, by offset. */
    private List<String> interleaved(String topic, String codec) throws Exception {
        create(topic, 1, Map.of());
        List<String> committed = new ArrayList<>();
        try (KafkaProducer<String, String> one = transactional(topic + "-1", "compression.type", codec);
                KafkaProducer<String, String> two = transactional(topic + "-2", "compression.type", codec)) {
            for (int round = 0; round < 6; round++) {
                one.beginTransaction();
                two.beginTransaction();
                for (int number = 0; number < 2; number++) {
                    one.send(record(topic, "one " + round + " " + number));
                    one.flush();
                    two.send(record(topic, "two " + round + " " + number));
                    two.flush();
                }
                if (round % 2 == 0) one.abortTransaction();
                else one.commitTransaction();
                if (round % 3 == 0) two.abortTransaction();
                else two.commitTransaction();
                for (int number = 0; number < 2; number++) {
                    if (round % 2 != 0) committed.add("one " + round + " " + number);
                    if (round % 3 != 0) committed.add("two " + round + " " + number);
                }
            }
        }
        return committed;
    }

    private void recordsAreDeletedUnderAnOpenTransaction(String topic) throws Exception {
        create(topic, 1, Map.of());
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaProducer<String, String> producer = transactional(topic)) {
            commit(producer, record(topic, "gone"));
            producer.beginTransaction();
            for (int number = 0; number < 3; number++) producer.send(record(topic, "open " + number)).get();
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(3))).all().get();
            producer.send(record(topic, "open 3")).get();
            producer.commitTransaction();
            commit(producer, record(topic, "next"));
        }
        same(List.of("open 1", "open 2", "open 3", "next"), values(topic, COMMITTED));
    }

    /** Whatever becomes of the transaction, its id goes on. */
    private void theTopicIsDeletedUnderAnOpenTransaction(String topic) throws Exception {
        create(topic, 1, Map.of());
        create(topic + "-other", 1, Map.of());
        KafkaProducer<String, String> producer = transactional(topic);
        producer.beginTransaction();
        producer.send(record(topic, "lost")).get();
        admin.deleteTopics(List.of(topic)).all().get();
        try {
            producer.commitTransaction();
        } catch (KafkaException lost) {
            // may be said, need not be
        }
        producer.close(Duration.ZERO);
        try (KafkaProducer<String, String> heir = transactional(topic)) {
            commit(heir, record(topic + "-other", "goes on"));
        }
        same(List.of("goes on"), values(topic + "-other", COMMITTED));
    }

    private void recordsThatAreTooLargeOrHaveNoKey(String topic) throws Exception {
        create(topic, 1, Map.of("max.message.bytes", "1000", "cleanup.policy", "compact"));
        try (KafkaProducer<String, String> producer = producer("enable.idempotence", "false")) {
            refused(List.of("RecordTooLargeException"), () ->
                    producer.send(new ProducerRecord<>(topic, "k", "x".repeat(2_000))).get());
            refused(List.of("InvalidRecordException"), () -> producer.send(record(topic, "no key")).get());
            producer.send(new ProducerRecord<>(topic, "k", "kept")).get();
        }
        same(List.of("kept"), values(topic, COMMITTED));
    }
}

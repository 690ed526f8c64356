package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Transactions as a user of KafkaProducer and KafkaConsumer sees them (FEATURES rows 16 to 46). */
@Tag("against-kafka")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransactionsStoryTest {
    private static final String COMMITTED = "read_committed";
    private static final String UNCOMMITTED = "read_uncommitted";

    private EngineUnderTest engine;
    private Clients clients;

    @BeforeAll
    void start() {
        engine = EngineUnderTest.inProcess();
        clients = new Clients(engine.bootstrap());
    }

    @AfterAll
    void stop() {
        engine.close();
    }

    @Test
    void commitsOverSeveralPartitionsAtOnce() {
        clients.createTopic("atomic", 3);
        try (KafkaProducer<String, String> producer = clients.transactional("atomic-writer")) {
            producer.beginTransaction();
            for (int partition = 0; partition < 3; partition++) {
                producer.send(new ProducerRecord<>("atomic", partition, null, "value " + partition));
            }
            producer.flush();

            assertTrue(clients.records("atomic", List.of(0, 1, 2), COMMITTED).isEmpty());
            producer.commitTransaction();

            assertEquals(3, clients.records("atomic", List.of(0, 1, 2), COMMITTED).size());
        }
    }

    @Test
    void hidesAbortedRecordsFromReadCommittedOnly() {
        clients.createTopic("aborted", 1);
        try (KafkaProducer<String, String> producer = clients.transactional("aborting-writer")) {
            for (int round = 0; round < 20; round++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("aborted", 0, null,
                        (round % 3 == 0 ? "aborted " : "committed ") + round));
                if (round % 3 == 0) {
                    producer.flush();
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }

        List<String> committed = clients.values("aborted", 0, COMMITTED);
        List<String> all = clients.values("aborted", 0, UNCOMMITTED);

        assertEquals(13, committed.size());
        assertTrue(committed.stream().allMatch(value -> value.startsWith("committed")), committed::toString);
        assertEquals(20, all.size());
    }

    @Test
    @DisabledIfSystemProperty(named = "semel.against", matches = "kafka",
            disabledReason = "answers an end before its markers are written")
    void everyCommitThatReturnedIsVisible() {
        clients.createTopic("visible", 1);
        TopicPartition partition = new TopicPartition("visible", 0);
        try (KafkaProducer<String, String> producer = clients.transactional("visible-writer");
             KafkaConsumer<String, String> consumer = clients.consumer(Map.of("isolation.level",
                     COMMITTED))) {
            consumer.assign(List.of(partition));
            for (int round = 0; round < 200; round++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("visible", 0, null, "round " + round));
                producer.commitTransaction();

                assertEquals(2L * (round + 1), consumer.endOffsets(List.of(partition)).get(partition),
                        "stable offset after commit " + round);
            }
        }
    }

    @Test
    @DisabledIfSystemProperty(named = "semel.against", matches = "kafka",
            disabledReason = "answers an end before its markers are written")
    void endOffsetsStopAtTheOpenTransactionUnderReadCommitted() {
        clients.createTopic("open", 1);
        TopicPartition partition = new TopicPartition("open", 0);
        try (KafkaProducer<String, String> producer = clients.transactional("open-writer");
             KafkaConsumer<String, String> stable = clients.consumer(Map.of("isolation.level", COMMITTED));
             KafkaConsumer<String, String> latest = clients.consumer(Map.of("isolation.level",
                     UNCOMMITTED))) {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("open", 0, null, "undecided"));
            producer.flush();

            assertEquals(0L, stable.endOffsets(List.of(partition)).get(partition));
            assertEquals(1L, latest.endOffsets(List.of(partition)).get(partition));
            producer.abortTransaction();
            assertEquals(2L, stable.endOffsets(List.of(partition)).get(partition));
        }
    }

    @Test
    void fencesTheOldProducerWhenANewOneInitialises() {
        clients.createTopic("fenced", 1);
        KafkaProducer<String, String> zombie = clients.transactional("fenced-writer");
        zombie.beginTransaction();
        zombie.send(new ProducerRecord<>("fenced", 0, null, "from the zombie"));
        zombie.flush();

        try (KafkaProducer<String, String> successor = clients.transactional("fenced-writer")) {
            successor.beginTransaction();
            successor.send(new ProducerRecord<>("fenced", 0, null, "from the successor"));
            successor.commitTransaction();
        }

        assertThrows(ProducerFencedException.class, zombie::commitTransaction);
        zombie.close(Duration.ZERO);
        assertEquals(List.of("from the successor"), clients.values("fenced", 0, COMMITTED));
    }

    @Test
    void abortsATransactionThatTakesTooLong() throws Exception {
        clients.createTopic("slow", 1);
        TopicPartition partition = new TopicPartition("slow", 0);
        try (KafkaProducer<String, String> producer = clients.producer(Map.of("transactional.id",
                "slow-writer",
                "transaction.timeout.ms", "1000"));
             KafkaConsumer<String, String> consumer = clients.consumer(Map.of("isolation.level",
                     COMMITTED))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("slow", 0, null, "too late")).get();

            org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(20))
                    .until(() -> consumer.endOffsets(List.of(partition)).get(partition) == 2L);

            assertThrows(RuntimeException.class, () -> {
                producer.send(new ProducerRecord<>("slow", 0, null, "after the end"));
                producer.commitTransaction();
            });
        }
        assertEquals(List.of(), clients.values("slow", 0, COMMITTED));
    }

    @Test
    void movesOffsetsAndOutputTogether() {
        clients.createTopic("input", 2);
        clients.createTopic("output", 2);
        try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            for (int index = 0; index < 100; index++) producer.send(new ProducerRecord<>("input", index % 2,
                    null, "value " + index));
        }

        copy("copiers", "copier", 40, true);
        copy("copiers", "copier", 60, false);

        List<ConsumerRecord<String, String>> output = clients.records("output", List.of(0, 1), COMMITTED);
        assertEquals(100, output.stream().map(ConsumerRecord::value).distinct().count());
        assertEquals(100, output.size());
    }

    /**
     * Copies until {@code enough} records are committed; with {@code abortFirst} the first batch is aborted
     * and read again.
     */
    private void copy(String group, String transactionalId, int enough, boolean abortFirst) {
        boolean abort = abortFirst;
        int copied = 0;
        try (KafkaProducer<String, String> producer = clients.transactional(transactionalId);
             KafkaConsumer<String, String> consumer = clients.consumer(Map.of("isolation.level", COMMITTED,
                     "group.id", group,
                     "enable.auto.commit", "false", "max.poll.records", "10"))) {
            consumer.subscribe(List.of("input"));
            while (copied < enough) {
                List<ConsumerRecord<String, String>> batch = new ArrayList<>();
                consumer.poll(Duration.ofMillis(500)).forEach(batch::add);
                if (batch.isEmpty()) continue;
                Map<TopicPartition, OffsetAndMetadata> offsets = new java.util.HashMap<>();
                producer.beginTransaction();
                for (ConsumerRecord<String, String> record : batch) {
                    producer.send(new ProducerRecord<>("output", record.partition(), record.key(),
                            record.value()));
                    offsets.put(new TopicPartition("input", record.partition()),
                            new OffsetAndMetadata(record.offset() + 1, "at " + record.offset()));
                }
                ConsumerGroupMetadata metadata = consumer.groupMetadata();
                producer.sendOffsetsToTransaction(offsets, metadata);
                if (abort) {
                    abort = false;
                    producer.abortTransaction();
                    offsets.keySet().forEach(partition -> assertNull(consumer.committed(Set.of(partition))
                            .get(partition)));
                    consumer.seekToBeginning(offsets.keySet());
                } else {
                    producer.commitTransaction();
                    offsets.forEach((partition, offset) -> assertEquals(offset,
                            consumer.committed(Set.of(partition)).get(partition)));
                    copied += batch.size();
                }
            }
        }
    }

    @Test
    void showsItsTransactionsToAdministrators() throws Exception {
        clients.createTopic("shown", 1);
        try (KafkaProducer<String, String> producer = clients.transactional("shown-writer");
             Admin admin = clients.admin()) {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("shown", 0, null, "open"));
            producer.flush();

            TransactionListing listing = admin.listTransactions().all().get().stream()
                    .filter(one -> one.transactionalId().equals("shown-writer")).findFirst().orElseThrow();
            assertEquals("Ongoing", listing.state().toString());
            TopicPartition partition = new TopicPartition("shown", 0);
            TransactionDescription described = admin.describeTransactions(List.of("shown-writer"))
                    .description("shown-writer").get();
            assertEquals(TransactionState.ONGOING, described.state());
            assertEquals(Set.of(partition), described.topicPartitions());
            List<ProducerState> active = admin.describeProducers(List.of(partition))
                    .partitionResult(partition).get().activeProducers();
            assertEquals(1, active.size());
            assertEquals(described.producerId(), active.get(0).producerId());
            assertEquals(OptionalLong.of(0), active.get(0).currentTransactionStartOffset());

            admin.fenceProducers(List.of("shown-writer")).all().get();

            assertThrows(RuntimeException.class, producer::commitTransaction);
        }
        assertEquals(List.of(), clients.values("shown", 0, COMMITTED));
    }

    @Test @DisplayName("FEATURES 55: lists by state, producer, age and pattern")
    void listsTransactionsByEveryFilter() throws Exception {
        clients.createTopic("listed", 1);
        clients.transactional("listed-idle").close();
        try (KafkaProducer<String, String> open = clients.transactional("listed-open");
             Admin admin = clients.admin()) {
            open.beginTransaction();
            open.send(new ProducerRecord<>("listed", 0, null, "open")).get();
            ListTransactionsOptions mine = new ListTransactionsOptions()
                    .filterOnTransactionalIdPattern("listed-.*");
            Map<String, Long> producers = new java.util.TreeMap<>();
            admin.listTransactions(mine).all().get()
                    .forEach(one -> producers.put(one.transactionalId(), one.producerId()));

            assertEquals(Set.of("listed-open", "listed-idle"), producers.keySet());
            assertEquals(Set.of("listed-open"), listed(admin, mine.filterStates(
                    Set.of(TransactionState.ONGOING))));
            assertEquals(Set.of("listed-idle"), listed(admin, mine.filterStates(
                    Set.of(TransactionState.EMPTY))));
            mine.filterStates(Set.of());
            assertEquals(Set.of("listed-idle"), listed(admin, mine.filterProducerIds(
                    Set.of(producers.get("listed-idle")))));
            mine.filterProducerIds(Set.of());
            assertEquals(Set.of("listed-idle"), listed(admin, mine.filterOnDuration(600_000)),
                    "what has begun nothing counts as begun in 1970");
            org.awaitility.Awaitility.await().until(() -> listed(admin, mine.filterOnDuration(1))
                    .equals(Set.of("listed-open", "listed-idle")));
            assertEquals(Set.of(), listed(admin, new ListTransactionsOptions()
                    .filterOnTransactionalIdPattern("isted-.*")), "the whole name has to match");
            open.abortTransaction();
        }
    }

    private static Set<String> listed(Admin admin, ListTransactionsOptions options) throws Exception {
        return admin.listTransactions(options).all().get().stream().map(TransactionListing::transactionalId)
                .collect(java.util.stream.Collectors.toSet());
    }

    @Test @DisplayName("FEATURES 18: who initialises while an end is being completed comes through")
    void aSuccessorComesThroughWhileAnEndIsCompleted() {
        clients.createTopic("succeeded", 20);
        for (int round = 0; round < 5; round++) {
            try (KafkaProducer<String, String> producer = clients.transactional("succeeding")) {
                producer.beginTransaction();
                for (int partition = 0; partition < 20; partition++) {
                    producer.send(new ProducerRecord<>("succeeded", partition, null, "round " + round));
                }
                producer.commitTransaction();
            }
        }
        clients.transactional("succeeding").close();
        for (int partition = 0; partition < 20; partition++) {
            assertEquals(5, clients.values("succeeded", partition, COMMITTED).size());
        }
    }

    @Test
    void refusesATimeOutAboveTheMaximum() {
        try (KafkaProducer<String, String> producer = clients.producer(Map.of("transactional.id", "patient",
                "transaction.timeout.ms", "900001"))) {
            RuntimeException refused = assertThrows(RuntimeException.class, producer::initTransactions);

            assertTrue(refused.getMessage().contains("timeout is larger than the maximum"),
                    refused::toString);
        }
    }

    @Test
    void keepsZombiesOutEvenWhenTheyOnlySend() {
        clients.createTopic("zombies", 1);
        KafkaProducer<String, String> zombie = clients.transactional("zombie");
        zombie.beginTransaction();
        try (KafkaProducer<String, String> successor = clients.transactional("zombie")) {
            Exception failure = assertThrows(Exception.class, () ->
                    zombie.send(new ProducerRecord<>("zombies", 0, null, "late")).get());
            Throwable cause = failure.getCause();
            assertTrue(cause instanceof InvalidProducerEpochException
                    || cause instanceof ProducerFencedException, () -> "was " + cause);
            successor.beginTransaction();
            successor.send(new ProducerRecord<>("zombies", 0, null, "in time"));
            successor.commitTransaction();
        }
        zombie.close(Duration.ZERO);
        assertEquals(List.of("in time"), clients.values("zombies", 0, UNCOMMITTED));
    }

    @SuppressWarnings("removal")
    @Test @DisplayName("FEATURES 49: a member epoch that is not the member's fences its commit (KIP-848)")
    void fencesCommitsByTheMemberEpochOfTheConsumerProtocol() {
        clients.createTopic("modern", 1);
        TopicPartition partition = new TopicPartition("modern", 0);
        try (KafkaProducer<String, String> producer = clients.transactional("modern-copier");
             KafkaConsumer<String, String> consumer = clients.consumer(Map.of("group.id", "modern-group",
                     "group.protocol", "consumer"))) {
            consumer.subscribe(List.of("modern"));
            org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                consumer.poll(Duration.ofMillis(100));
                return consumer.assignment().size() == 1;
            });
            ConsumerGroupMetadata member = consumer.groupMetadata();
            for (int epoch : new int[] {0, member.generationId() + 7}) {
                ConsumerGroupMetadata other = new ConsumerGroupMetadata("modern-group", epoch,
                        member.memberId(), Optional.empty());
                producer.beginTransaction();
                assertThrows(CommitFailedException.class, () -> producer.sendOffsetsToTransaction(
                        Map.of(partition, new OffsetAndMetadata(5)), other), "epoch " + epoch);
                producer.abortTransaction();
            }
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(5)), member);
            producer.commitTransaction();

            assertEquals(5, consumer.committed(Set.of(partition)).get(partition).offset());
        }
    }
}

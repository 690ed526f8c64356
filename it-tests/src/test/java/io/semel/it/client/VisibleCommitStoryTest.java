package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A commit that returned is visible at once, unless somebody else's earlier transaction is open on the
 * partition; and that other one never delays the answer. Default clients.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VisibleCommitStoryTest {
    private static final boolean SOAK = Integer.getInteger("semel.scale", 1) > 1;
    private static final int TRANSACTIONS = SOAK ? 100_000 : 400;
    private static final int PARTITIONS = SOAK ? 1_000 : 100;
    private static final int ROUNDS = SOAK ? 5_000 : 60;

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

    @Test @DisplayName("FEATURES 20: commit returned = visible, transaction after transaction")
    void isVisibleWhenItReturns() {
        clients.createTopic("seen", 1);
        TopicPartition partition = new TopicPartition("seen", 0);
        try (KafkaProducer<String, String> producer = clients.transactional("seen-writer");
                KafkaConsumer<String, String> reader = reader()) {
            reader.assign(List.of(partition));
            for (int number = 0; number < TRANSACTIONS; number++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("seen", 0, null, "value " + number));
                producer.flush();
                producer.commitTransaction();

                assertEquals(2L * (number + 1), end(reader, partition), "after commit " + number);
            }
        }
    }

    @Test @DisplayName("FEATURES 40: somebody's earlier transaction hides a commit, and does not delay it")
    void waitsForNobodyAndIsSeenWhenTheEarlierOneEnds() {
        clients.createTopic("shared", 1);
        TopicPartition partition = new TopicPartition("shared", 0);
        try (KafkaProducer<String, String> earlier = clients.transactional("shared-earlier");
                KafkaProducer<String, String> later = clients.transactional("shared-later");
                KafkaConsumer<String, String> reader = reader()) {
            reader.assign(List.of(partition));
            begin(earlier, "shared", "of the earlier");
            begin(later, "shared", "of the later");

            later.commitTransaction();
            assertEquals(0, end(reader, partition), "hidden behind the earlier one");
            earlier.abortTransaction();
            assertEquals(4, end(reader, partition), "both are decided");
        }
        assertEquals(List.of("of the later"), clients.values("shared", 0, "read_committed"));
    }

    @Test @DisplayName("FEATURES 40: two producers on one thread whose transactions overlap")
    void overlappingTransactionsOfOneThreadNeverWaitForEachOther() {
        clients.createTopic("braided", 1);
        TopicPartition partition = new TopicPartition("braided", 0);
        Random random = new Random(7);
        List<String> committed = new ArrayList<>();
        try (KafkaProducer<String, String> first = clients.transactional("braid-1");
                KafkaProducer<String, String> second = clients.transactional("braid-2");
                KafkaConsumer<String, String> reader = reader()) {
            reader.assign(List.of(partition));
            for (int round = 0; round < ROUNDS; round++) {
                boolean swapped = random.nextBoolean();
                KafkaProducer<String, String> opens = swapped ? second : first;
                KafkaProducer<String, String> follows = swapped ? first : second;
                begin(opens, "braided", "a" + round);
                begin(follows, "braided", "b" + round);
                boolean commits = random.nextInt(4) > 0;
                end(follows, true);
                end(opens, commits);
                if (commits) committed.add("a" + round);
                committed.add("b" + round);

                assertEquals(4L * (round + 1), end(reader, partition), "after round " + round);
            }
        }
        assertEquals(committed, clients.values("braided", 0, "read_committed"));
    }

    @Test @DisplayName("FEATURES 20, 22, 46: many partitions, nothing at all, offsets and nothing else")
    void coversManyPartitionsNothingAndOffsetsOnly() {
        clients.createTopic("wide", PARTITIONS);
        TopicPartition input = new TopicPartition("wide", 0);
        try (KafkaProducer<String, String> producer = clients.transactional("wide-writer");
                KafkaConsumer<String, String> reader = clients.consumer(Map.of("group.id", "wide-group",
                        "isolation.level", "read_committed"))) {
            producer.beginTransaction();
            producer.commitTransaction();
            producer.beginTransaction();
            producer.abortTransaction();
            producer.beginTransaction();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                producer.send(new ProducerRecord<>("wide", partition, null, "value"));
            }
            producer.flush();
            producer.commitTransaction();
            List<TopicPartition> all = IntStream.range(0, PARTITIONS)
                    .mapToObj(index -> new TopicPartition("wide", index)).toList();
            reader.endOffsets(all).forEach((partition, end) -> assertEquals(2, end, partition::toString));

            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(input, new OffsetAndMetadata(1)),
                    reader.groupMetadata());
            producer.commitTransaction();
            assertEquals(1, reader.committed(Set.of(input)).get(input).offset());
        }
    }

    private static void begin(KafkaProducer<String, String> producer, String topic, String value) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, 0, null, value));
        producer.flush();
    }

    private static void end(KafkaProducer<String, String> producer, boolean commit) {
        if (commit) producer.commitTransaction();
        else producer.abortTransaction();
    }

    private static long end(KafkaConsumer<String, String> reader, TopicPartition partition) {
        return reader.endOffsets(List.of(partition)).get(partition);
    }

    private KafkaConsumer<String, String> reader() {
        return clients.consumer(Map.of("isolation.level", "read_committed"));
    }
}

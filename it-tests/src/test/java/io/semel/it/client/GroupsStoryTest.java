package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consumer groups of the classic protocol as KafkaConsumer uses them (FEATURES G1, G2, G4). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GroupsStoryTest {
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

    private KafkaConsumer<String, String> member(String group, String assignor) {
        return clients.consumer(Map.of("group.id", group, "enable.auto.commit", "false",
                "partition.assignment.strategy", "org.apache.kafka.clients.consumer." + assignor,
                        "heartbeat.interval.ms", "200",
                "session.timeout.ms", "6000"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RangeAssignor", "RoundRobinAssignor", "StickyAssignor",
            "CooperativeStickyAssignor"})
    void sharesPartitionsAmongMembers(String assignor) {
        String topic = "shared-" + assignor;
        clients.createTopic(topic, 4);
        try (KafkaConsumer<String, String> first = member("group-" + assignor, assignor)) {
            first.subscribe(List.of(topic));
            pollUntil(first, () -> first.assignment().size() == 4);
            try (KafkaConsumer<String, String> second = member("group-" + assignor, assignor)) {
                second.subscribe(List.of(topic));
                pollUntil(List.of(first, second), () -> first.assignment().size() == 2
                        && second.assignment().size() == 2);

                Set<TopicPartition> all = new java.util.HashSet<>(first.assignment());
                all.addAll(second.assignment());
                assertEquals(4, all.size());
            }
            pollUntil(first, () -> first.assignment().size() == 4);
        }
    }

    @Test
    void goesOnWhereTheGroupLeftOff() {
        clients.createTopic("resumed", 1);
        try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            for (int index = 0; index < 10; index++) producer.send(new ProducerRecord<>("resumed", "value "
                    + index));
        }
        TopicPartition partition = new TopicPartition("resumed", 0);

        try (KafkaConsumer<String, String> consumer = member("resuming", "RangeAssignor")) {
            consumer.subscribe(List.of("resumed"));
            List<String> read = read(consumer, 10);
            assertEquals("value 9", read.get(9));
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(4, "half way")));
        }
        try (KafkaConsumer<String, String> consumer = member("resuming", "RangeAssignor")) {
            assertEquals("half way", consumer.committed(Set.of(partition)).get(partition).metadata());
            consumer.subscribe(List.of("resumed"));

            assertEquals("value 4", read(consumer, 6).get(0));
        }
    }

    @Test
    void staticMembersComeBackWithoutRebalance() {
        clients.createTopic("static", 2);
        Map<String, String> settings = Map.of("group.id", "statics", "group.instance.id", "one",
                "enable.auto.commit", "false");
        String firstId;
        try (KafkaConsumer<String, String> consumer = clients.consumer(settings)) {
            consumer.subscribe(List.of("static"));
            pollUntil(consumer, () -> consumer.assignment().size() == 2);
            firstId = consumer.groupMetadata().memberId();
            int generation = consumer.groupMetadata().generationId();
            assertEquals(1, generation);
        }
        try (KafkaConsumer<String, String> consumer = clients.consumer(settings)) {
            consumer.subscribe(List.of("static"));
            pollUntil(consumer, () -> consumer.assignment().size() == 2);

            assertEquals(1, consumer.groupMetadata().generationId());
            assertTrue(!consumer.groupMetadata().memberId().equals(firstId));
        }
    }

    @Test
    void showsAndDeletesGroupsForAdministrators() throws Exception {
        clients.createTopic("administered", 1);
        TopicPartition partition = new TopicPartition("administered", 0);
        try (Admin admin = clients.admin()) {
            try (KafkaConsumer<String, String> consumer = member("administered-group", "RangeAssignor")) {
                consumer.subscribe(List.of("administered"));
                pollUntil(consumer, () -> consumer.assignment().size() == 1);
                consumer.commitSync(Map.of(partition, new OffsetAndMetadata(0)));

                ConsumerGroupDescription described = admin
                        .describeConsumerGroups(List.of("administered-group"))
                        .describedGroups().get("administered-group").get();
                assertEquals(1, described.members().size());
                assertEquals(Set.of(partition), described.members().iterator().next().assignment()
                        .topicPartitions());
            }
            assertTrue(admin.listGroups().all().get().stream()
                    .anyMatch(group -> group.groupId().equals("administered-group")));
            assertEquals(0L, admin.listConsumerGroupOffsets("administered-group")
                    .partitionsToOffsetAndMetadata().get().get(partition).offset());

            admin.alterConsumerGroupOffsets("administered-group",
                    Map.of(partition, new OffsetAndMetadata(7))).all().get();
            assertEquals(7L, admin.listConsumerGroupOffsets("administered-group")
                    .partitionsToOffsetAndMetadata().get().get(partition).offset());
            admin.deleteConsumerGroups(List.of("administered-group")).all().get();

            assertTrue(admin.listGroups().all().get().stream()
                    .noneMatch(group -> group.groupId().equals("administered-group")));
        }
    }

    @Test
    void commitsByItselfWhenAskedTo() {
        clients.createTopic("automatic", 1);
        TopicPartition partition = new TopicPartition("automatic", 0);
        try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            producer.send(new ProducerRecord<>("automatic", "one"));
        }
        try (KafkaConsumer<String, String> consumer = clients.consumer(Map.of("group.id", "automatics",
                "auto.commit.interval.ms", "50"))) {
            consumer.subscribe(List.of("automatic"));
            read(consumer, 1);
        }
        try (KafkaConsumer<String, String> consumer = member("automatics", "RangeAssignor")) {
            assertEquals(1L, consumer.committed(Set.of(partition)).get(partition).offset());
        }
    }

    @Test
    void seeksPausesAndWakes() {
        clients.createTopic("sought", 1);
        TopicPartition partition = new TopicPartition("sought", 0);
        try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            for (int index = 0; index < 5; index++) producer.send(new ProducerRecord<>("sought", 0,
                    1_000L * index, null, "value " + index));
        }
        try (KafkaConsumer<String, String> consumer = clients.consumer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 3);
            assertEquals(List.of("value 3", "value 4"), read(consumer, 2));

            consumer.seekToBeginning(List.of(partition));
            consumer.pause(List.of(partition));
            assertTrue(consumer.poll(Duration.ofMillis(100)).isEmpty());
            consumer.resume(List.of(partition));
            assertEquals("value 0", read(consumer, 1).get(0));

            assertEquals(2L, consumer.offsetsForTimes(Map.of(partition, 1_500L)).get(partition).offset());
            consumer.wakeup();
            assertThrows(WakeupException.class,
                    () -> consumer.poll(Duration.ofSeconds(10)));
        }
    }

    private static List<String> read(KafkaConsumer<String, String> consumer, int count) {
        List<String> values = new ArrayList<>();
        pollUntil(consumer, values, count);
        return values;
    }

    private static void pollUntil(KafkaConsumer<String, String> consumer, List<String> into, int count) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (into.size() < count) {
            if (System.nanoTime() > deadline) throw new AssertionError("read " + into.size() + " of "
                    + count + " in 30 s");
            for (ConsumerRecord<String, String> record
                    : consumer.poll(Duration.ofMillis(100))) into.add(record.value());
        }
    }

    private static void pollUntil(KafkaConsumer<String, String> consumer,
            java.util.function.BooleanSupplier done) {
        pollUntil(List.of(consumer), done);
    }

    private static void pollUntil(List<KafkaConsumer<String, String>> consumers,
            java.util.function.BooleanSupplier done) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                Set<String> assignments = new TreeSet<>();
                consumers.forEach(consumer -> assignments.add(consumer.assignment().toString()));
                throw new AssertionError("not assigned in 30 s: " + assignments);
            }
            for (KafkaConsumer<String, String> consumer : consumers) consumer.poll(Duration.ofMillis(50));
        }
    }
}

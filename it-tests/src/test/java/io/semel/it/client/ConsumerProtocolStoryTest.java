package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Groups of the consumer protocol as KafkaConsumer uses them (KIP-848, row G3; row 49). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsumerProtocolStoryTest {
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

    private KafkaConsumer<String, String> member(String group, Map<String, String> more) {
        java.util.HashMap<String, String> settings = new java.util.HashMap<>(Map.of("group.id", group,
                "enable.auto.commit", "false", "group.protocol", "consumer"));
        settings.putAll(more);
        return clients.consumer(settings);
    }

    private KafkaConsumer<String, String> member(String group) {
        return member(group, Map.of());
    }

    private KafkaConsumer<String, String> classicMember(String group) {
        return clients.consumer(Map.of("group.id", group, "enable.auto.commit", "false",
                "heartbeat.interval.ms", "200", "session.timeout.ms", "6000"));
    }

    @Test
    void sharesPartitionsAmongMembersAndFollowsTheTopic() throws Exception {
        clients.createTopic("shared", 4);
        try (KafkaConsumer<String, String> first = member("sharing"); Admin admin = clients.admin()) {
            first.subscribe(List.of("shared"));
            pollUntil(List.of(first), () -> first.assignment().size() == 4);
            try (KafkaConsumer<String, String> second = member("sharing",
                    Map.of("group.remote.assignor", "range"))) {
                second.subscribe(List.of("shared"));
                pollUntil(List.of(first, second), () -> first.assignment().size() == 2
                        && second.assignment().size() == 2);
                assertEquals(4, union(first, second).size());

                ConsumerGroupDescription described = describe(admin, "sharing");
                assertEquals(GroupType.CONSUMER, described.type());
                assertEquals(GroupState.STABLE, described.groupState());
                assertEquals(2, described.members().size());
                assertEquals(first.assignment(), described.members().stream()
                        .filter(one -> one.consumerId().equals(first.groupMetadata().memberId()))
                        .findFirst().orElseThrow().assignment().topicPartitions());

                admin.createPartitions(Map.of("shared", NewPartitions.increaseTo(6))).all().get();
                pollUntil(List.of(first, second), () -> union(first, second).size() == 6
                        && first.assignment().size() == 3);
            }
            pollUntil(List.of(first), () -> first.assignment().size() == 6);
            assertEquals(1, describe(admin, "sharing").members().size());
        }
    }

    @Test
    void goesOnWhereTheGroupLeftOffAndFencesByEpoch() {
        clients.createTopic("resumed", 1);
        send("resumed", 10);
        TopicPartition partition = new TopicPartition("resumed", 0);
        try (KafkaConsumer<String, String> consumer = member("resuming")) {
            consumer.subscribe(List.of("resumed"));
            assertEquals("value 9", read(consumer, 10).get(9));
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(4, "half way")));
            consumer.pause(Set.of(partition));
            consumer.seek(partition, 0);
            assertTrue(consumer.poll(Duration.ofMillis(100)).isEmpty());
            consumer.resume(Set.of(partition));
            assertEquals("value 0", read(consumer, 1).get(0));
            consumer.wakeup();
            assertThrows(WakeupException.class, () -> consumer.poll(Duration.ofSeconds(10)));
        }
        engine.restart();
        clients = new Clients(engine.bootstrap());
        try (KafkaConsumer<String, String> consumer = member("resuming",
                Map.of("enable.auto.commit", "true"))) {
            assertEquals("half way", consumer.committed(Set.of(partition)).get(partition).metadata());
            consumer.subscribe(List.of("resumed"));
            assertEquals("value 4", read(consumer, 6).get(0));
        }
        try (KafkaConsumer<String, String> consumer = member("resuming")) {
            assertEquals(10, consumer.committed(Set.of(partition)).get(partition).offset());
        }
    }

    @Test
    void staticMembersComeBackToWhatTheyHad() {
        clients.createTopic("static", 4);
        Map<String, String> one = Map.of("group.instance.id", "one");
        try (KafkaConsumer<String, String> other = member("statics", Map.of("group.instance.id", "two"))) {
            Set<TopicPartition> had;
            int epoch;
            other.subscribe(List.of("static"));
            try (KafkaConsumer<String, String> consumer = member("statics", one)) {
                consumer.subscribe(List.of("static"));
                pollUntil(List.of(consumer, other), () -> consumer.assignment().size() == 2
                        && other.assignment().size() == 2);
                had = consumer.assignment();
                epoch = consumer.groupMetadata().generationId();
            }
            try (KafkaConsumer<String, String> consumer = member("statics", one)) {
                consumer.subscribe(List.of("static"));
                pollUntil(List.of(consumer, other), () -> consumer.assignment().size() == 2);

                assertEquals(had, consumer.assignment());
                assertEquals(epoch, consumer.groupMetadata().generationId());
                assertEquals(2, other.assignment().size());
            }
        }
    }

    @Test
    void subscribesByExpression() {
        clients.createTopic("match-1", 1);
        try (KafkaConsumer<String, String> consumer = member("matching")) {
            consumer.subscribe(new SubscriptionPattern("match-[0-9]+"));
            pollUntil(List.of(consumer), () -> consumer.assignment().size() == 1);
            clients.createTopic("match-2", 2);
            clients.createTopic("mismatch", 1);
            pollUntil(List.of(consumer), () -> consumer.assignment().size() == 3);
        }
        try (KafkaConsumer<String, String> consumer = member("mismatching")) {
            consumer.subscribe(new SubscriptionPattern("match-["));
            assertThrows(InvalidRegularExpression.class, () -> pollUntil(List.of(consumer), () -> false));
        }
    }

    @Test
    void commitsOffsetsInTransactions() {
        clients.createTopic("taken", 1);
        clients.createTopic("made", 1);
        send("taken", 3);
        TopicPartition partition = new TopicPartition("taken", 0);
        try (KafkaConsumer<String, String> consumer = member("taking");
             KafkaProducer<String, String> producer = clients.transactional("takes")) {
            consumer.subscribe(List.of("taken"));
            read(consumer, 3);
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("made", "aborted"));
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(2)),
                    consumer.groupMetadata());
            producer.abortTransaction();
            assertEquals(null, consumer.committed(Set.of(partition)).get(partition));
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("made", "committed"));
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(3)),
                    consumer.groupMetadata());
            producer.commitTransaction();
            assertEquals(3, consumer.committed(Set.of(partition)).get(partition).offset());
            assertEquals(List.of("committed"), clients.values("made", 0, "read_committed"));
        }
    }

    @Test
    void changesItsProtocolThereAndBackWhileItReads() throws Exception {
        clients.createTopic("moved", 4);
        try (Admin admin = clients.admin(); KafkaConsumer<String, String> old = classicMember("moving")) {
            old.subscribe(List.of("moved"));
            pollUntil(List.of(old), () -> old.assignment().size() == 4);
            assertEquals(GroupType.CLASSIC, describe(admin, "moving").type());
            try (KafkaConsumer<String, String> modern = member("moving")) {
                modern.subscribe(List.of("moved"));
                pollUntil(List.of(old, modern), () -> old.assignment().size() == 2
                        && modern.assignment().size() == 2);
                assertEquals(4, union(old, modern).size());
                assertEquals(GroupType.CONSUMER, describe(admin, "moving").type());
                old.commitSync(Map.of(old.assignment().iterator().next(), new OffsetAndMetadata(0)));
            }
            pollUntil(List.of(old), () -> old.assignment().size() == 4);
            assertEquals(GroupType.CLASSIC, describe(admin, "moving").type());
            old.commitSync(Map.of(new TopicPartition("moved", 0), new OffsetAndMetadata(0)));
        }
    }

    @Test
    void isListedDeletedAndSetByAdministrators() throws Exception {
        clients.createTopic("administered", 1);
        TopicPartition partition = new TopicPartition("administered", 0);
        try (Admin admin = clients.admin()) {
            try (KafkaConsumer<String, String> consumer = member("administered-group")) {
                consumer.subscribe(List.of("administered"));
                pollUntil(List.of(consumer), () -> consumer.assignment().size() == 1);
                consumer.commitSync(Map.of(partition, new OffsetAndMetadata(0)));
                assertThrows(java.util.concurrent.ExecutionException.class,
                        () -> admin.deleteConsumerGroups(List.of("administered-group")).all().get());
                assertThrows(java.util.concurrent.ExecutionException.class,
                        () -> admin.deleteConsumerGroupOffsets("administered-group", Set.of(partition)).all()
                                .get());
            }
            assertEquals(GroupType.CONSUMER, admin.listGroups().all().get().stream()
                    .filter(group -> group.groupId().equals("administered-group")).findFirst().orElseThrow()
                    .type().orElseThrow());
            admin.alterConsumerGroupOffsets("administered-group",
                    Map.of(partition, new OffsetAndMetadata(7))).all().get();
            assertEquals(7L, admin.listConsumerGroupOffsets("administered-group")
                    .partitionsToOffsetAndMetadata().get().get(partition).offset());
            admin.deleteConsumerGroups(List.of("administered-group")).all().get();
            assertTrue(admin.listGroups().all().get().stream()
                    .noneMatch(group -> group.groupId().equals("administered-group")));
        }
    }

    private static ConsumerGroupDescription describe(Admin admin, String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group)).describedGroups().get(group).get();
    }

    private void send(String topic, int count) {
        try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            for (int index = 0; index < count; index++) {
                producer.send(new ProducerRecord<>(topic, "value " + index));
            }
        }
    }

    @SafeVarargs
    private static Set<TopicPartition> union(KafkaConsumer<String, String>... consumers) {
        Set<TopicPartition> all = new HashSet<>();
        for (KafkaConsumer<String, String> consumer : consumers) all.addAll(consumer.assignment());
        return all;
    }

    private static List<String> read(KafkaConsumer<String, String> consumer, int count) {
        List<String> values = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (values.size() < count) {
            if (System.nanoTime() > deadline) throw new AssertionError("read " + values + " in 30 s");
            ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
            for (ConsumerRecord<String, String> record : records) values.add(record.value());
        }
        return values;
    }

    private static void pollUntil(List<KafkaConsumer<String, String>> consumers, BooleanSupplier done) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                Set<String> assignments = new TreeSet<>();
                consumers.forEach(consumer -> assignments.add(consumer.assignment().toString()));
                throw new AssertionError("not assigned in 60 s: " + assignments);
            }
            for (KafkaConsumer<String, String> consumer : consumers) consumer.poll(Duration.ofMillis(50));
        }
    }
}

package io.semel.it.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Groups and transactions, with the tools that look at them and mend them. */
final class GroupChecks {
    private static final String GROUPS = "tools.consumer.group.ConsumerGroupCommand";
    private static final String TRANSACTIONS = "tools.TransactionsCommand";

    private GroupChecks() {
    }

    static List<Check> all() {
        return List.of(
                Check.of("kafka-consumer-groups", "list, state, members, offsets and lag of a live group",
                        GroupChecks::live),
                Check.of("kafka-consumer-groups", "reset offsets every way, export, delete offsets, delete",
                        GroupChecks::reset),
                Check.of("kafka-consumer-groups", "the same of a group of the consumer protocol (KIP-848)",
                        GroupChecks::modern),
                Check.of("kafka-groups", "list, by type and protocol", GroupChecks::list),
                Check.of("kafka-streams-application-reset", "input to the beginning, internal topics deleted",
                        GroupChecks::streamsReset),
                Check.of("kafka-transactions", "list, describe, describe-producers",
                        GroupChecks::transactions),
                Check.of("kafka-transactions", "abort an open one, force-terminate, find-hanging finds none",
                        GroupChecks::abort),
                Check.of("TransactionalMessageCopier", "copies once, with offsets in the transaction",
                        GroupChecks::copier));
    }

    private static KafkaConsumer<String, String> member(Scene scene, String group, String topic) {
        return member(scene, group, topic, "classic");
    }

    private static KafkaConsumer<String, String> member(Scene scene, String group, String topic,
            String protocol) {
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers",
                scene.bootstrap(), "group.id", group, "auto.offset.reset", "earliest", "enable.auto.commit",
                "false", "group.protocol", protocol), new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(topic));
        return consumer;
    }

    private static int consume(KafkaConsumer<String, String> consumer, int count) {
        int seen = 0;
        for (int polls = 0; seen < count && polls < 100; polls++) {
            seen += consumer.poll(Duration.ofMillis(200)).count();
        }
        consumer.commitSync();
        return seen;
    }

    private static void live(Scene scene) throws Exception {
        String topic = scene.topic(2);
        String group = scene.fresh("live");
        scene.produce(topic, 10);
        try (KafkaConsumer<String, String> consumer = member(scene, group, topic)) {
            assertEquals(10, consume(consumer, 10));
            scene.produce(topic, 4);
            scene.at(GROUPS, "--list").succeeded().says(group);
            scene.at(GROUPS, "--list", "--state", "stable").succeeded().says(group);
            scene.at(GROUPS, "--describe", "--group", group, "--state").succeeded().says("Stable")
                    .says("range");
            scene.at(GROUPS, "--describe", "--group", group, "--members", "--verbose").succeeded()
                    .says(topic + ":0,1");
            Tool.Outcome offsets = scene.at(GROUPS, "--describe", "--group", group).succeeded();
            String line = offsets.lines().stream().filter(one -> one.matches(".*" + topic + "\\s+0\\s.*"))
                    .findFirst().orElseThrow(() -> new AssertionError(offsets.out()));
            assertEquals(List.of("10", "14", "4"), List.of(line.split("\\s+")).subList(3, 6), line);
            scene.at(GROUPS, "--delete", "--group", group).says("GroupNotEmptyException");
        }
        scene.at(GROUPS, "--describe", "--group", group).succeeded().says("has no active members");
        scene.at(GROUPS, "--describe", "--group", scene.fresh("none")).says("not found");
    }

    private static void modern(Scene scene) throws Exception {
        String topic = scene.topic(2);
        String group = scene.fresh("modern");
        scene.produce(topic, 10);
        try (KafkaConsumer<String, String> consumer = member(scene, group, topic, "consumer")) {
            assertEquals(10, consume(consumer, 10));
            scene.at(GROUPS, "--list", "--type", "consumer").succeeded().says(group);
            scene.at(GROUPS, "--describe", "--group", group, "--state").succeeded().says("Stable")
                    .says("uniform");
            scene.at(GROUPS, "--describe", "--group", group, "--members", "--verbose").succeeded()
                    .says(topic + ":0,1").says("CURRENT-EPOCH");
            scene.at(GROUPS, "--describe", "--group", group).succeeded().says(topic);
            scene.at("tools.GroupsCommand", "--list", "--group-type", "consumer").succeeded().says(group);
            scene.at(GROUPS, "--delete", "--group", group).says("GroupNotEmptyException");
            scene.at(GROUPS, "--delete-offsets", "--group", group, "--topic", topic)
                    .says("GroupSubscribedToTopicException");
        }
        scene.at(GROUPS, "--reset-offsets", "--group", group, "--topic", topic, "--to-earliest", "--execute")
                .succeeded();
        assertEquals("0", offsetOf(scene, group, topic));
        scene.at(GROUPS, "--delete", "--group", group).succeeded().says("successful");
        scene.at(GROUPS, "--list").succeeded().doesNotSay(group);
    }

    private static void reset(Scene scene) throws Exception {
        String topic = scene.topic(1);
        String group = scene.fresh("reset");
        scene.produce(topic, 10);
        try (KafkaConsumer<String, String> consumer = member(scene, group, topic)) {
            consume(consumer, 10);
        }
        String[][] ways = {{"--to-earliest", "", "0"}, {"--to-latest", "", "10"}, {"--to-offset", "3", "3"},
            {"--shift-by", "2", "5"}, {"--shift-by", "-1", "4"}, {"--to-datetime", "2001-01-01T00:00:00.000",
                    "0"},
            {"--by-duration", "PT0S", "10"}, {"--to-current", "", "10"}};
        for (String[] way : ways) {
            Object[] arguments = java.util.stream.Stream.of("--reset-offsets", "--group", group, "--topic",
                    topic,
                    "--execute", way[0], way[1]).filter(word -> !word.isEmpty()).toArray();
            Tool.Outcome told = scene.at(GROUPS, arguments).succeeded();
            String last = told.lines().get(told.lines().size() - 1);
            assertEquals(List.of(group, topic, "0", way[2]), List.of(last.split("\\s+")), told.out());
            assertEquals(way[2], offsetOf(scene, group, topic), String.join(" ", way));
        }
        String plan = topic + ",0,6\n";
        scene.at(GROUPS, "--reset-offsets", "--group", group, "--from-file", scene.file("plan.csv", plan),
                "--execute").succeeded();
        assertEquals("6", offsetOf(scene, group, topic));
        scene.at(GROUPS, "--reset-offsets", "--group", group, "--topic", topic, "--to-earliest", "--dry-run",
                "--export").succeeded().says(topic + ",0,0");
        assertEquals("6", offsetOf(scene, group, topic));
        scene.at(GROUPS, "--delete-offsets", "--group", group, "--topic", topic).succeeded()
                .says("Successful");
        scene.at(GROUPS, "--delete", "--group", group).succeeded().says("successful");
        scene.at(GROUPS, "--list").succeeded().doesNotSay(group);
    }

    private static String offsetOf(Scene scene, String group, String topic) throws Exception {
        try (var admin = scene.admin()) {
            var offsets = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
            return Long.toString(offsets.get(new org.apache.kafka.common.TopicPartition(topic, 0)).offset());
        }
    }

    private static void list(Scene scene) throws Exception {
        String topic = scene.topic(1);
        String group = scene.fresh("listed");
        scene.produce(topic, 1);
        try (KafkaConsumer<String, String> consumer = member(scene, group, topic)) {
            consume(consumer, 1);
            scene.at("tools.GroupsCommand", "--list").succeeded().says(group).says("Classic");
            scene.at("tools.GroupsCommand", "--list", "--group-type", "classic").succeeded().says(group);
            scene.at("tools.GroupsCommand", "--list", "--protocol", "consumer").succeeded().says(group);
            scene.at("tools.GroupsCommand", "--list", "--consumer").succeeded().says(group);
            scene.at("tools.GroupsCommand", "--list", "--share").succeeded().doesNotSay(group);
        }
    }

    private static void streamsReset(Scene scene) throws Exception {
        String topic = scene.topic(1);
        String application = scene.fresh("app");
        scene.produce(topic, 10);
        try (KafkaConsumer<String, String> consumer = member(scene, application, topic)) {
            consume(consumer, 10);
        }
        scene.at("tools.TopicCommand", "--create", "--topic", application + "-store-changelog").succeeded();
        scene.at("tools.StreamsResetter", "--application-id", application, "--input-topics", topic, "--force")
                .succeeded().says(application + "-store-changelog");
        assertEquals("0", offsetOf(scene, application, topic));
        scene.at("tools.TopicCommand", "--list").succeeded().doesNotSay(application + "-store-changelog");
    }

    private static void transactions(Scene scene) throws Exception {
        String topic = scene.topic(1);
        String id = scene.fresh("txn");
        try (KafkaProducer<String, String> producer = scene.producer(Map.of("transactional.id", id))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "x")).get();
            scene.at(TRANSACTIONS, "list").succeeded().says(id).says("Ongoing");
            scene.at(TRANSACTIONS, "list", "--transactional-id-pattern", id).succeeded().says(id);
            scene.at(TRANSACTIONS, "list", "--duration-filter", 3_600_000).succeeded().doesNotSay(id);
            scene.at(TRANSACTIONS, "describe", "--transactional-id", id).succeeded().says("Ongoing")
                    .says(topic + "-0");
            scene.at(TRANSACTIONS, "describe-producers", "--topic", topic, "--partition", 0).succeeded()
                    .says("CurrentTransactionStartOffset");
            producer.commitTransaction();
        }
        scene.at(TRANSACTIONS, "describe", "--transactional-id", id).succeeded().says("CompleteCommit");
    }

    private static void abort(Scene scene) throws Exception {
        String topic = scene.topic(1);
        String id = scene.fresh("abort");
        try (KafkaProducer<String, String> producer = scene.producer(Map.of("transactional.id", id))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "x")).get();
            scene.at(TRANSACTIONS, "find-hanging", "--topic", topic, "--max-transaction-timeout",
                    0).succeeded()
                    .doesNotSay(topic);
            scene.at(TRANSACTIONS, "abort", "--topic", topic, "--partition", 0, "--start-offset",
                    0).succeeded();
            assertEquals(List.of(), scene.values(topic));
        }
        String other = scene.fresh("terminate");
        try (KafkaProducer<String, String> producer = scene.producer(Map.of("transactional.id", other))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "y")).get();
            scene.at(TRANSACTIONS, "forceTerminateTransaction", "--transactionalId", other).succeeded();
            scene.at(TRANSACTIONS, "describe", "--transactional-id", other).succeeded().doesNotSay("Ongoing");
        }
    }

    private static void copier(Scene scene) throws Exception {
        String from = scene.topic(1);
        String to = scene.topic(1);
        scene.produce(from, 300);
        scene.run("tools.TransactionalMessageCopier", "--broker-list", scene.bootstrap(), "--input-topic",
                from,
                "--input-partition", 0, "--output-topic", to, "--transactional-id", scene.fresh("copier"),
                "--consumer-group", scene.fresh("copiers"), "--max-messages", 300, "--transaction-size", 50,
                "--enable-random-aborts").succeeded();
        assertEquals(RecordChecks.values(0, 300), scene.values(to));
    }
}

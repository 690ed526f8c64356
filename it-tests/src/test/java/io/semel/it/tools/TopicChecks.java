package io.semel.it.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

/** Topics, their configs and their logs, with the tools that change and describe them. */
final class TopicChecks {
    private static final String TOPICS = "tools.TopicCommand";
    private static final String CONFIGS = "kafka.admin.ConfigCommand";

    private TopicChecks() {
    }

    static List<Check> all() {
        return List.of(
                Check.of("kafka-topics", "create, list, describe, add partitions, delete", TopicChecks::life),
                Check.of("kafka-topics",
                        "explicit assignment, --if-not-exists, a clear error for what is wrong",
                        TopicChecks::assignment),
                Check.of("kafka-topics", "describe filters: under-replicated, unavailable, overrides, by id",
                        TopicChecks::filters),
                Check.of("kafka-configs", "topic: alter, describe, append, delete, refuse an unknown key",
                        TopicChecks::topicConfigs),
                Check.of("kafka-configs", "broker: describe, describe --all, dynamic alter and delete",
                        TopicChecks::brokerConfigs),
                Check.of("kafka-configs",
                        "groups, users, clients, ips, client-metrics: described as nothing set",
                        TopicChecks::otherConfigs),
                Check.of("kafka-configs",
                        "group: alter, describe, delete, refuse an unknown key and a value out of bounds",
                        TopicChecks::groupConfigs),
                Check.of("kafka-get-offsets", "earliest, latest, max-timestamp, by time, several topics",
                        TopicChecks::offsets),
                Check.of("kafka-delete-records", "moves the low watermark, to an offset and to the end",
                        TopicChecks::deleteRecords),
                Check.of("kafka-log-dirs", "sizes of each partition", TopicChecks::logDirs),
                Check.of("kafka-reassign-partitions",
                        "list nothing, generate, execute onto where it is, verify",
                        TopicChecks::reassign),
                Check.of("kafka-leader-election", "preferred leaders lead", TopicChecks::elect),
                Check.of("kafka-replica-verification", "no replica lags", TopicChecks::replicas));
    }

    private static void life(Scene scene) {
        String topic = scene.fresh("life");
        scene.at(TOPICS, "--create", "--topic", topic, "--partitions", 2, "--replication-factor", 1,
                "--config", "retention.ms=1000000").succeeded().says("Created topic " + topic);
        scene.at(TOPICS, "--list").succeeded().says(topic);
        scene.at(TOPICS, "--list", "--exclude-internal").succeeded().says(topic)
                .doesNotSay("__consumer_offsets");
        scene.at(TOPICS, "--describe", "--topic", topic).succeeded().says("PartitionCount: 2")
                .says("ReplicationFactor: 1").says("retention.ms=1000000").says("Partition: 1");
        scene.at(TOPICS, "--alter", "--topic", topic, "--partitions", 5).succeeded();
        scene.at(TOPICS, "--describe", "--topic", topic).succeeded().says("PartitionCount: 5");
        scene.at(TOPICS, "--alter", "--topic", topic, "--partitions", 3).failed().says("5");
        scene.at(TOPICS, "--delete", "--topic", topic).succeeded();
        scene.at(TOPICS, "--list").succeeded().doesNotSay(topic);
        scene.at(TOPICS, "--describe", "--topic", topic).failed().says("does not exist");
    }

    private static void assignment(Scene scene) throws Exception {
        String topic = scene.fresh("assigned");
        int node = nodeOf(scene);
        scene.at(TOPICS, "--create", "--topic", topic, "--replica-assignment", node + "," + node)
                .succeeded();
        scene.at(TOPICS, "--describe", "--topic", topic).succeeded().says("PartitionCount: 2");
        scene.at(TOPICS, "--create", "--topic", topic).failed().says("already exists");
        scene.at(TOPICS, "--create", "--topic", topic, "--if-not-exists").succeeded();
        scene.at(TOPICS, "--alter", "--topic", topic, "--partitions", 3, "--replica-assignment",
                node + "," + node + "," + node).succeeded();
        scene.at(TOPICS, "--create", "--topic", scene.fresh("elsewhere"), "--replica-assignment", "777")
                .failed().says("InvalidReplicaAssignment");
        scene.at(TOPICS, "--create", "--topic", "no/such name").failed().says("InvalidTopicException");
        scene.at(TOPICS, "--create", "--topic", scene.fresh("bad"), "--config", "no.such.key=1").failed()
                .says("no.such.key");
    }

    private static void filters(Scene scene) throws Exception {
        String topic = scene.topic(2);
        String other = scene.topic(1, java.util.Map.of("segment.bytes", "2000000"));
        String id;
        try (var admin = scene.admin()) {
            id = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).topicId().toString();
        }
        scene.at(TOPICS, "--describe", "--topic-id", id).succeeded().says("Topic: " + topic).says(id);
        for (String none : List.of("--under-replicated-partitions", "--unavailable-partitions",
                "--under-min-isr-partitions")) {
            scene.at(TOPICS, "--describe", none).succeeded().doesNotSay(topic);
        }
        scene.at(TOPICS, "--describe", "--topics-with-overrides").succeeded().says(other)
                .says("segment.bytes=2000000");
    }

    private static void topicConfigs(Scene scene) throws Exception {
        String topic = scene.topic(1);
        Object[] describe = {"--describe", "--entity-type", "topics", "--entity-name", topic};
        alter(scene, topic, "--add-config", "retention.ms=5000,max.message.bytes=2000").succeeded();
        scene.at(CONFIGS, describe).succeeded().says("retention.ms=5000").says("max.message.bytes=2000");
        alter(scene, topic, "--add-config", "cleanup.policy=[compact,delete]").succeeded();
        scene.at(CONFIGS, describe).succeeded().says("cleanup.policy=compact,delete");
        alter(scene, topic, "--delete-config", "retention.ms").succeeded();
        scene.at(CONFIGS, describe).succeeded().doesNotSay("retention.ms=5000");
        scene.at(CONFIGS, "--describe", "--all", "--entity-type", "topics", "--entity-name", topic)
                .succeeded().says("retention.ms=604800000")
                .says("DYNAMIC_TOPIC_CONFIG:max.message.bytes=2000")
                .says("DEFAULT_CONFIG:");
        alter(scene, topic, "--add-config", "no.such.key=1").failed().says("no.such.key");
        alter(scene, topic, "--add-config", "retention.ms=soon").failed().says("retention.ms");
        scene.at(CONFIGS, "--describe", "--entity-type", "topics", "--entity-name", scene.fresh("none"))
                .says("doesn't exist");
    }

    private static Tool.Outcome alter(Scene scene, String topic, String how, String configs) {
        return scene.at(CONFIGS, "--alter", "--entity-type", "topics", "--entity-name", topic, how, configs);
    }

    private static void brokerConfigs(Scene scene) throws Exception {
        int node = nodeOf(scene);
        Object[] broker = {"--entity-type", "brokers", "--entity-name", node};
        scene.at(CONFIGS, with(broker, "--describe", "--all")).succeeded().says("message.max.bytes=")
                .says("num.partitions=").says("log.retention.ms").says("DEFAULT_CONFIG:");
        scene.at(CONFIGS, with(broker, "--alter", "--add-config", "log.retention.ms=345600000")).succeeded();
        scene.at(CONFIGS, with(broker, "--describe")).succeeded().says("log.retention.ms=345600000")
                .says("DYNAMIC_BROKER_CONFIG");
        scene.at(CONFIGS, with(broker, "--alter", "--delete-config", "log.retention.ms")).succeeded();
        scene.at(CONFIGS, with(broker, "--describe")).succeeded().doesNotSay("log.retention.ms=345600000");
        Object[] all = {"--entity-type", "brokers", "--entity-default"};
        scene.at(CONFIGS, with(all, "--alter", "--add-config", "log.retention.bytes=99999999")).succeeded();
        scene.at(CONFIGS, with(all, "--describe")).succeeded().says("log.retention.bytes=99999999");
        scene.at(CONFIGS, with(all, "--alter", "--delete-config", "log.retention.bytes")).succeeded();
        scene.at(CONFIGS, with(broker, "--alter", "--add-config", "node.id=7")).failed().says("node.id");
    }

    private static Object[] with(Object[] first, Object... more) {
        Object[] all = java.util.Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }

    private static void otherConfigs(Scene scene) {
        for (String type : List.of("groups", "users", "clients", "ips", "client-metrics")) {
            scene.at(CONFIGS, "--describe", "--entity-type", type).succeeded();
        }
    }

    private static void groupConfigs(Scene scene) {
        String group = scene.fresh("group");
        String key = "consumer.session.timeout.ms";
        scene.at(CONFIGS, "--alter", "--entity-type", "groups", "--entity-name", group, "--add-config",
                key + "=50000,consumer.heartbeat.interval.ms=6000").succeeded().says("Completed");
        scene.at(CONFIGS, "--describe", "--entity-type", "groups", "--entity-name", group).succeeded()
                .says(key + "=50000").says("consumer.heartbeat.interval.ms=6000");
        scene.at(CONFIGS, "--describe", "--entity-type", "groups").succeeded().says(group);
        scene.at(CONFIGS, "--alter", "--entity-type", "groups", "--entity-name", group, "--delete-config",
                key).succeeded().says("Completed");
        scene.at(CONFIGS, "--describe", "--entity-type", "groups", "--entity-name", group).succeeded()
                .doesNotSay(key + "=50000").says("consumer.heartbeat.interval.ms=6000");
        for (String wrong : List.of("no.such.key=1", key + "=1")) {
            scene.at(CONFIGS, "--alter", "--entity-type", "groups", "--entity-name", group, "--add-config",
                    wrong).failed().says(wrong.substring(0, wrong.indexOf('=')));
        }
    }

    private static void offsets(Scene scene) throws Exception {
        String topic = scene.topic(2);
        scene.produce(topic, 7);
        scene.at("tools.GetOffsetShell", "--topic", topic).succeeded().says(topic + ":0:7").says(topic
                + ":1:0");
        scene.at("tools.GetOffsetShell", "--topic", topic, "--time", "earliest").succeeded()
                .says(topic + ":0:0");
        scene.at("tools.GetOffsetShell", "--topic", topic, "--time", "max-timestamp").succeeded()
                .says(topic + ":0:6");
        scene.at("tools.GetOffsetShell", "--topic", topic, "--time", 1000).succeeded().says(topic + ":0:0");
        scene.at("tools.GetOffsetShell", "--topic-partitions", topic + ":0").succeeded().says(topic + ":0:7")
                .doesNotSay(topic + ":1");
        scene.at("tools.GetOffsetShell", "--topic", topic, "--time", "earliest-local").succeeded()
                .says(topic + ":0:0");
        scene.at("tools.GetOffsetShell", "--topic", topic, "--time", "latest-tiered").succeeded();
    }

    private static void deleteRecords(Scene scene) throws Exception {
        String topic = scene.topic(1);
        scene.produce(topic, 10);
        String json = "{\"partitions\":[{\"topic\":\"%s\",\"partition\":0,\"offset\":%d}],\"version\":1}";
        scene.at("tools.DeleteRecordsCommand", "--offset-json-file",
                scene.file("delete.json", json.formatted(topic, 4))).succeeded().says("low_watermark: 4");
        scene.at("tools.GetOffsetShell", "--topic", topic, "--time", "earliest").succeeded()
                .says(topic + ":0:4");
        assertEquals(6, scene.values(topic).size());
        scene.at("tools.DeleteRecordsCommand", "--offset-json-file",
                scene.file("delete-all.json", json.formatted(topic, -1))).succeeded()
                        .says("low_watermark: 10");
        scene.at("tools.DeleteRecordsCommand", "--offset-json-file",
                scene.file("delete-more.json", json.formatted(topic, 99))).says("OffsetOutOfRange");
    }

    private static void logDirs(Scene scene) throws Exception {
        String topic = scene.topic(2);
        scene.produce(topic, 100);
        Tool.Outcome told = scene.at("tools.LogDirsCommand", "--describe", "--topic-list", topic).succeeded();
        told.says("\"partition\":\"" + topic + "-0\"").says("\"partition\":\"" + topic + "-1\"");
        String size = told.out().replaceAll("(?s).*\"partition\":\"" + topic + "-0\",\"size\":(\\d+).*",
                "$1");
        assertTrue(Long.parseLong(size) > 100, told.out());
        told.says("\"error\":null").says("\"isFuture\":false");
    }

    private static void reassign(Scene scene) throws Exception {
        String topic = scene.topic(1);
        int node = nodeOf(scene);
        String tool = "tools.reassign.ReassignPartitionsCommand";
        scene.at(tool, "--list").succeeded().says("No partition reassignments found");
        scene.at(tool, "--generate", "--broker-list", node, "--topics-to-move-json-file",
                scene.file("move.json", "{\"topics\":[{\"topic\":\"" + topic + "\"}],\"version\":1}"))
                .succeeded().says("Proposed partition reassignment");
        String plan = "{\"version\":1,\"partitions\":[{\"topic\":\"" + topic
                + "\",\"partition\":0,\"replicas\":[" + node + "],\"log_dirs\":[\"any\"]}]}";
        scene.at(tool, "--execute", "--reassignment-json-file", scene.file("plan.json", plan)).succeeded()
                .says("Successfully started");
        scene.at(tool, "--verify", "--reassignment-json-file", scene.file("plan.json", plan)).succeeded()
                .says("Reassignment of partition " + topic + "-0 is completed");
    }

    private static void elect(Scene scene) throws Exception {
        String topic = scene.topic(1);
        scene.at("tools.LeaderElectionCommand", "--election-type", "preferred", "--topic", topic,
                "--partition",
                0).succeeded().says("Valid replica already elected");
        scene.at("tools.LeaderElectionCommand", "--election-type", "preferred", "--all-topic-partitions")
                .succeeded();
    }

    /**
     * The tool runs until it is stopped; it goes round every half second, so that it is stopped after some.
     */
    private static void replicas(Scene scene) throws Exception {
        String topic = scene.topic(1);
        scene.produce(topic, 10);
        Child.Outcome told = Child.of("org.apache.kafka.tools.ReplicaVerificationTool", "--broker-list",
                scene.bootstrap(), "--topics-include", topic, "--report-interval-ms", "500")
                .until(line -> line.contains("max lag is 0"));
        assertTrue(told.found(), told.toString());
    }

    static int nodeOf(Scene scene) throws Exception {
        try (var admin = scene.admin()) {
            return admin.describeCluster().nodes().get().iterator().next().id();
        }
    }
}

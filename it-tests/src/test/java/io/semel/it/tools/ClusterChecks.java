package io.semel.it.tools;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

/** The broker itself: versions, features, cluster, and what stays off. */
final class ClusterChecks {
    private ClusterChecks() {
    }

    static List<Check> all() {
        return List.of(
                Check.of("kafka-broker-api-versions", "every API with its range", ClusterChecks::apiVersions),
                Check.of("kafka-features", "describe; the feature that is finalized",
                        ClusterChecks::features),
                Check.of("kafka-cluster", "cluster id, endpoints", ClusterChecks::cluster),
                Check.of("kafka-acls", "told that security is disabled", ClusterChecks::acls),
                Check.of("kafka-client-metrics", "list: none", ClusterChecks::clientMetrics),
                Check.of("ClientCompatibilityTest", "every feature of the broker that it knows",
                        ClusterChecks::compatibility));
    }

    private static void apiVersions(Scene scene) {
        Tool.Outcome told = scene.at("tools.BrokerApiVersionsCommand").succeeded().says("Produce(0)")
                .says("Fetch(1)").says("ApiVersions(18)").doesNotSay("UNSUPPORTED Produce");
        assertTrue(told.out().contains("usable: "), told.out());
    }

    private static void features(Scene scene) {
        scene.at("tools.FeatureCommand", "describe").succeeded().says("Feature: transaction.version")
                .says("FinalizedVersionLevel: 2");
    }

    private static void cluster(Scene scene) {
        scene.run("tools.ClusterTool", "cluster-id", "--bootstrap-server", scene.bootstrap()).succeeded()
                .says("Cluster ID: ");
        scene.run("tools.ClusterTool", "list-endpoints", "--bootstrap-server", scene.bootstrap()).succeeded()
                .says("127.0.0.1");
    }

    private static void acls(Scene scene) {
        scene.at("tools.AclCommand", "--list").says("SecurityDisabledException");
    }

    private static void clientMetrics(Scene scene) {
        scene.at("tools.ClientMetricsCommand", "--list").succeeded();
    }

    private static void compatibility(Scene scene) throws Exception {
        String topic = scene.topic(1);
        scene.at("tools.ClientCompatibilityTest", "--topic", topic, "--num-cluster-nodes", 1,
                "--offsets-for-times-supported", "true", "--cluster-id-supported", "true",
                "--expect-record-too-large-exception", "false", "--create-topics-supported", "true",
                "--describe-acls-supported", "true", "--describe-configs-supported", "true",
                "--idempotent-producer-supported", "true").succeeded().says("SUCCESS");
    }
}

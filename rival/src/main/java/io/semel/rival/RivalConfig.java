package io.semel.rival;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The server.properties of a single Apache Kafka node that is broker and controller at once: its defaults
 * where one node can.
 */
final class RivalConfig {

    private RivalConfig() { }

    static Map<String, String> of(Path dataDir, int port, int controllerPort, Map<String, String> overrides) {
        Map<String, String> config = new TreeMap<>();
        config.put("process.roles", "broker,controller");
        config.put("node.id", "1");
        config.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        config.put("controller.listener.names", "CONTROLLER");
        config.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        String listener = "PLAINTEXT://127.0.0.1:" + port;
        config.put("listeners", listener + ",CONTROLLER://127.0.0.1:" + controllerPort);
        config.put("advertised.listeners", listener);
        config.put("log.dirs", dataDir.toString());
        config.put("offsets.topic.replication.factor", "1");
        config.put("transaction.state.log.replication.factor", "1");
        config.put("transaction.state.log.min.isr", "1");
        config.put("share.coordinator.state.topic.replication.factor", "1");
        config.put("share.coordinator.state.topic.min.isr", "1");
        config.put("group.initial.rebalance.delay.ms", "0");
        // A killed node would otherwise wait at its restart until its own old session of 9 s has run out.
        config.put("broker.session.timeout.ms", "1500");
        config.put("broker.heartbeat.interval.ms", "500");
        config.putAll(overrides);
        return config;
    }
}

package io.semel.it.tools;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.awaitility.Awaitility;

/**
 * Groups of Kafka Streams with {@code group.protocol=streams} (KIP-1071), with the tool that looks at them.
 */
final class StreamsGroupChecks {
    private static final String STREAMS = "tools.streams.StreamsGroupCommand";

    private StreamsGroupChecks() {
    }

    static List<Check> all() {
        return List.of(Check.of("kafka-streams-groups",
                "list, state, members, offsets of a live group; reset offsets, delete",
                StreamsGroupChecks::group));
    }

    private static void group(Scene scene) throws Exception {
        String topic = scene.topic(2);
        String group = scene.fresh("streams");
        scene.produce(topic, 10);
        try (KafkaStreams streams = counting(scene, group, topic)) {
            streams.start();
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> streams.state() == State.RUNNING);
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> scene.at(STREAMS, "--describe",
                    "--group", group, "--state").succeeded().out().contains("Stable"));
            scene.at(STREAMS, "--list").succeeded().says(group);
            scene.at(STREAMS, "--list", "--state", "stable").succeeded().says(group);
            scene.at("tools.GroupsCommand", "--list", "--group-type", "streams").succeeded().says(group);
            scene.at(STREAMS, "--describe", "--group", group, "--members", "--verbose").succeeded()
                    .says("ACTIVE").says("0:[");
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() ->
                    scene.at(STREAMS, "--describe", "--group", group).succeeded().out().contains(topic));
            scene.at(STREAMS, "--delete", "--group", group).says("GroupNotEmptyException");
            assertTrue(streams.close(Duration.ofSeconds(20)));
        }
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() ->
                scene.at(STREAMS, "--describe", "--group", group, "--state").out().contains("Empty"));
        scene.at(STREAMS, "--reset-offsets", "--group", group, "--input-topic", topic + ":0",
                "--to-earliest", "--execute").succeeded().says(topic);
        scene.at(STREAMS, "--delete", "--group", group).succeeded().says("successful");
        scene.at(STREAMS, "--list").succeeded().doesNotSay(group);
    }

    private static KafkaStreams counting(Scene scene, String group, String topic) throws Exception {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, group);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, scene.bootstrap());
        settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "streams");
        settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "200");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, scene.path("state-of-" + group).toString());
        StreamsBuilder builder = new StreamsBuilder();
        builder.<String, String>stream(topic).groupBy((key, value) -> value).count();
        return new KafkaStreams(builder.build(), settings);
    }
}

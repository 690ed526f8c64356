package io.semel.it.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Records in and out, with the console tools, the ones that measure and the ones that verify. */
final class RecordChecks {
    private static final String PRODUCER = "tools.ConsoleProducer";
    private static final String CONSUMER = "tools.consumer.ConsoleConsumer";

    private RecordChecks() {
    }

    static List<Check> all() {
        return List.of(
                Check.of("kafka-console-producer", "keys, headers, codecs, acks 0, 1 and all",
                        RecordChecks::consoleProducer),
                Check.of("kafka-console-consumer",
                        "from the beginning, an offset, a group; all that a record has",
                        RecordChecks::consoleConsumer),
                Check.of("kafka-console-consumer", "formatters of __consumer_offsets and __transaction_state",
                        RecordChecks::formatters),
                Check.of("kafka-verifiable-producer", "every record acknowledged once, idempotent",
                        RecordChecks::verifiableProducer),
                Check.of("kafka-verifiable-consumer", "every record once, in order, committed",
                        RecordChecks::verifiableConsumer),
                Check.of("kafka-producer-perf-test", "plain and in transactions", RecordChecks::producerPerf),
                Check.of("kafka-consumer-perf-test", "reads all", RecordChecks::consumerPerf),
                Check.of("kafka-e2e-latency", "every record comes back", RecordChecks::endToEnd));
    }

    private static void consoleProducer(Scene scene) throws Exception {
        String topic = scene.topic(1);
        for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            scene.tool(PRODUCER, "--topic", topic, "--compression-codec", codec, "--reader-property",
                    "parse.key=true", "--reader-property", "key.separator=:").reading("a:" + codec
                            + "\n").run()
                    .succeeded();
        }
        for (String acks : List.of("0", "1", "all")) {
            scene.tool(PRODUCER, "--topic", topic, "--command-property", "acks=" + acks, "--command-property",
                    "enable.idempotence=false").reading("acks " + acks + "\n").run().succeeded();
        }
        scene.tool(PRODUCER, "--topic", topic, "--reader-property", "parse.headers=true")
                .reading("h1:v1,h2:v2\twith headers\n").run().succeeded();

        assertEquals(List.of("none", "gzip", "snappy", "lz4", "zstd", "acks 0", "acks 1", "acks all",
                "with headers"), scene.values(topic));
        scene.at(CONSUMER, "--topic", topic, "--from-beginning", "--max-messages", 9, "--formatter-property",
                "print.headers=true").succeeded().says("h1:v1,h2:v2");
    }

    private static void consoleConsumer(Scene scene) throws Exception {
        String topic = scene.topic(2);
        scene.produce(topic, 20);
        assertEquals(values(0, 20), scene.at(CONSUMER, "--topic", topic, "--from-beginning",
                "--max-messages", 20)
                .succeeded().lines());
        assertEquals(values(12, 15), scene.at(CONSUMER, "--topic", topic, "--partition", 0, "--offset", 12,
                "--max-messages", 3).succeeded().lines());
        String group = scene.fresh("group");
        assertEquals(values(0, 8), scene.at(CONSUMER, "--topic", topic, "--group", group, "--max-messages", 8,
                "--command-property", "auto.offset.reset=earliest").succeeded().lines());
        assertEquals(values(8, 20), scene.at(CONSUMER, "--topic", topic, "--group", group, "--max-messages",
                12)
                .succeeded().lines());
        scene.at(CONSUMER, "--topic", topic, "--from-beginning", "--max-messages", 1, "--formatter-property",
                "print.key=true", "--formatter-property", "print.timestamp=true", "--formatter-property",
                "print.offset=true", "--formatter-property", "print.partition=true").succeeded()
                .says("CreateTime:").says("Partition:0").says("Offset:0").says("key 0").says("value 0");
        Tool.Outcome include = scene.at(CONSUMER, "--include", topic.substring(0, topic.length() - 1) + ".",
                "--from-beginning", "--max-messages", 20, "--isolation-level", "read_committed").succeeded();
        assertEquals(values(0, 20), include.lines());
    }

    private static void formatters(Scene scene) throws Exception {
        String topic = scene.topic(1);
        scene.produce(topic, 5);
        String group = scene.fresh("formatted");
        scene.at(CONSUMER, "--topic", topic, "--group", group, "--max-messages", 5, "--command-property",
                "auto.offset.reset=earliest").succeeded();
        String id = scene.fresh("transaction");
        try (var producer = scene.producer(java.util.Map.of("transactional.id", id))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new org.apache.kafka.clients.producer.ProducerRecord<>(topic, "x"));
            producer.commitTransaction();
        }
        read(scene, "__consumer_offsets", "OffsetsMessageFormatter").says("\"group\":\"" + group + "\"")
                .says("\"topic\":\"" + topic + "\"").says("\"offset\":5");
        read(scene, "__consumer_offsets", "GroupMetadataMessageFormatter").says(group);
        read(scene, "__transaction_state", "TransactionLogMessageFormatter")
                .says("\"transactionalId\":\"" + id + "\"").says(topic);
    }

    private static Tool.Outcome read(Scene scene, String topic, String formatter) {
        return scene.at(CONSUMER, "--topic", topic, "--from-beginning", "--formatter",
                "org.apache.kafka.tools.consumer." + formatter, "--timeout-ms", 1_000, "--command-property",
                "exclude.internal.topics=false").succeeded();
    }

    /** It counts what was acknowledged when it is told to stop: in a process of its own. */
    private static void verifiableProducer(Scene scene) throws Exception {
        String topic = scene.topic(1);
        List<String> told = Child.of("org.apache.kafka.tools.VerifiableProducer", "--bootstrap-server",
                scene.bootstrap(), "--topic", topic, "--max-messages", 500, "--acks", -1, "--command-config",
                scene.file("idempotent.properties", "enable.idempotence=true\nretries=100\n")).untilItEnds();
        long acknowledged = told.stream().filter(line -> line.contains("producer_send_success")).count();
        assertEquals(500, acknowledged, told::toString);
        assertTrue(told.get(told.size() - 1).contains("\"acked\":500"), told.get(told.size() - 1));
        assertEquals(IntStream.range(0, 500).mapToObj(Integer::toString).toList(), scene.values(topic));
    }

    private static void verifiableConsumer(Scene scene) throws Exception {
        String topic = scene.topic(1);
        scene.produce(topic, 100);
        Tool.Outcome told = scene.at("tools.VerifiableConsumer", "--topic", topic, "--group-id",
                scene.fresh("verified"), "--max-messages", 100, "--verbose", "--reset-policy", "earliest",
                "--session-timeout", 6_000).succeeded();
        List<String> data = told.lines().stream().filter(line -> line.contains("\"record_data\""))
                .collect(Collectors.toList());
        assertEquals(100, data.size());
        for (int index = 0; index < 100; index++) {
            assertTrue(data.get(index).contains("\"offset\":" + index + "}")
                    || data.get(index).contains("\"offset\":" + index + ","), data.get(index));
        }
        told.says("offsets_committed").says("\"success\":true");
    }

    private static void producerPerf(Scene scene) throws Exception {
        String topic = scene.topic(1);
        scene.at("tools.ProducerPerformance", "--topic", topic, "--num-records", 2_000, "--record-size", 100,
                "--throughput", -1).succeeded().says("2000 records sent");
        scene.at("tools.ProducerPerformance", "--topic", topic, "--num-records", 2_000, "--record-size", 100,
                "--throughput", -1, "--transactional-id", scene.fresh("perf"), "--transaction-duration-ms",
                        20)
                .succeeded().says("2000 records sent");
        assertEquals(4_000, scene.values(topic).size());
    }

    private static void consumerPerf(Scene scene) throws Exception {
        String topic = scene.topic(1);
        scene.produce(topic, 3_000);
        Tool.Outcome told = scene.at("tools.ConsumerPerformance", "--topic", topic, "--num-records", 3_000)
                .succeeded();
        List<String> lines = told.lines();
        String[] figures = lines.get(lines.size() - 1).split(", ");
        assertEquals("3000", figures[4], told.out());
    }

    private static void endToEnd(Scene scene) throws Exception {
        String topic = scene.topic(1);
        scene.at("tools.EndToEndLatency", "--topic", topic, "--num-records", 200, "--producer-acks", "all",
                "--record-size", 100).succeeded().says("Avg latency").says("Percentiles");
    }

    static List<String> values(int from, int to) {
        return IntStream.range(from, to).mapToObj(index -> "value " + index).toList();
    }
}

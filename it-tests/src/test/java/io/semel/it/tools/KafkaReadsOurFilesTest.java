package io.semel.it.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.Engine;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.EngineConfig;
import io.semel.committed.AbortedRange;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble.VerificationFlag;
import org.apache.kafka.server.util.KafkaScheduler;
import org.apache.kafka.server.util.Scheduler;
import org.apache.kafka.storage.internals.checkpoint.LeaderEpochCheckpointFile;
import org.apache.kafka.storage.internals.checkpoint.OffsetCheckpointFile;
import org.apache.kafka.storage.internals.checkpoint.PartitionMetadataFile;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.log.metrics.BrokerTopicStats;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A directory that we left behind, read by Apache Kafka's own classes: DumpLogSegments with its decoders and
 * checks of indexes, and the readers of every small file (checklist row S4).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaReadsOurFilesTest {
    private static final String GROUP = "group-of-the-story";
    private static final String MODERN = "group-of-the-consumer-protocol";
    private static final String TRANSACTION = "transaction-of-the-story";
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final List<String> COMPLAINTS = List.of("Mismatches in",
            "timestamp mismatch", "out of order timestamp", "trailing bytes", "isvalid: false", "Exception");

    private Path directory;
    private Uuid topicId;
    private long end;

    @BeforeAll
    void aStory(@TempDir Path shared) throws Exception {
        directory = shared;
        BrokerConfig broker = BrokerConfig.defaults("127.0.0.1", 0).withInternalPartitions(2)
                .withSegmentBytes(20_000);
        try (Engine engine = Engine.start(EngineConfig.in(directory, "127.0.0.1", 0), broker)) {
            Map<String, Object> common = Map.of("bootstrap.servers", engine.bootstrap());
            try (Admin admin = Admin.create(common)) {
                admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
                topicId = admin.describeTopics(List.of("t")).allTopicNames().get().get("t").topicId();
            }
            for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) produce(common, codec);
            commitOffsets(common, GROUP, "classic");
            commitOffsets(common, MODERN, "consumer");
            try (Admin admin = Admin.create(common)) {
                end = admin.listOffsets(Map.of(PARTITION, OffsetSpec.latest()))
                        .partitionResult(PARTITION).get().offset();
            }
        }
    }

    private static void produce(Map<String, Object> common, String codec) {
        Properties settings = new Properties();
        settings.putAll(common);
        settings.put("compression.type", codec);
        settings.put("transactional.id", TRANSACTION);
        settings.put("batch.size", 4_000);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings, new StringSerializer(),
                new StringSerializer())) {
            producer.initTransactions();
            for (int transaction = 0; transaction < 6; transaction++) {
                producer.beginTransaction();
                for (int index = 0; index < 60; index++) {
                    String value = "value of " + codec + " " + index + " " + "x".repeat(100);
                    producer.send(new ProducerRecord<>("t", "key-" + index, value));
                }
                if (transaction % 3 == 2) producer.abortTransaction();
                else producer.commitTransaction();
            }
        }
    }

    private static void commitOffsets(Map<String, Object> common, String group, String protocol) {
        Properties settings = new Properties();
        settings.putAll(common);
        settings.put("group.id", group);
        settings.put("group.protocol", protocol);
        settings.put("auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings, new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("t"));
            for (int polls = 0; consumer.assignment().isEmpty() && polls < 100; polls++) {
                consumer.poll(Duration.ofMillis(200));
            }
            consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(7, "of the story")));
        }
    }

    @Test
    void dumpLogSegmentsReadsEverything() throws Exception {
        Tool.Outcome logs = dump("t-0", ".log", "--deep-iteration", "--print-data-log");
        assertTrue(files("t-0", ".log").size() > 2, "several segments");
        assertEquals(end, logs.lines().stream().filter(line -> line.startsWith("| offset: ")).count());
        for (String said : List.of("compresscodec: none", "compresscodec: gzip", "compresscodec: snappy",
                "compresscodec: lz4", "compresscodec: zstd", "isTransactional: true", "endTxnMarker: COMMIT",
                "endTxnMarker: ABORT", "payload: value of zstd 59")) {
            logs.says(said);
        }
        dump("t-0", ".index", "--index-sanity-check").says("passed sanity check");
        dump("t-0", ".timeindex", "--index-sanity-check").says("passed sanity check");
        dump("t-0", ".index", "--verify-index-only");
        dump("t-0", ".timeindex", "--verify-index-only");
        dump("t-0", ".txnindex").says("lastStableOffset");
        dump("t-0", ".snapshot").says("producerId: 0 ");
        dump("t-0", ".txnindex.crc").says("Ignoring unknown file");
    }

    /** Ours has a check sum beside each file of aborted ranges, which Kafka has not. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void kafkasLogOpensTheDirectoryWithAllThatStandsInIt(boolean clean, @TempDir Path theirs)
            throws Exception {
        Path copy = Files.createDirectories(theirs.resolve("t-0"));
        try (Stream<Path> files = Files.list(directory.resolve("t-0"))) {
            for (Path file : files.toList()) Files.copy(file, copy.resolve(file.getFileName()));
        }
        Scheduler scheduler = new KafkaScheduler(1);
        scheduler.startup();
        try {
            UnifiedLog log = UnifiedLog.create(copy.toFile(), new LogConfig(Map.of()), 0L, 0L, scheduler,
                    new BrokerTopicStats(), Time.SYSTEM, 300_000, new ProducerStateManagerConfig(86_400_000,
                    false), 600_000, new LogDirFailureChannel(1), clean, Optional.of(topicId));

            assertEquals(end, log.logEndOffset());
            log.updateHighWatermark(end);
            long bytes = 0;
            for (String index : files("t-0", ".txnindex")) bytes += Files.size(Path.of(index));
            assertTrue(bytes > 0, "no aborted transaction");
            assertEquals(bytes / AbortedRange.SIZE, log.collectAbortedTransactions(0, end).size());
            assertEquals(files("t-0", ".log").size(), log.numberOfSegments());
            log.close();
        } finally {
            scheduler.shutdown();
        }
        for (String sum : files("t-0", ".crc")) {
            Path name = Path.of(sum).getFileName();
            assertArrayEquals(Files.readAllBytes(Path.of(sum)), Files.readAllBytes(copy.resolve(name)));
        }
    }

    @Test
    void theDecodersOfTheInternalTopicsReadTheJournals() throws Exception {
        String transactions = "";
        String offsets = "";
        for (int shard = 0; shard < 2; shard++) {
            transactions += journal("__transaction_state-" + shard, "--transaction-log-decoder");
            offsets += journal("__consumer_offsets-" + shard, "--offsets-decoder");
        }

        assertTrue(transactions.contains(TRANSACTION), transactions);
        // Empty, Ongoing, PrepareCommit, PrepareAbort, CompleteCommit, CompleteAbort
        for (int state = 0; state <= 5; state++) {
            assertTrue(transactions.contains("\"transactionStatus\":" + state), "no state " + state);
        }
        assertTrue(offsets.contains(GROUP), offsets);
        assertTrue(offsets.contains("of the story"), offsets);
        assertTrue(offsets.contains(MODERN), offsets);
        for (int kind : new int[] {1, 2, 3, 5, 6, 7, 8}) {
            assertTrue(offsets.contains("\"type\":\"" + kind + "\""), "no record of kind " + kind);
        }
    }

    /** A shard that was never used has no directory. */
    private String journal(String partition, String decoder) throws Exception {
        if (!Files.exists(directory.resolve(partition))) return "";
        return dump(partition, ".log", "--deep-iteration", decoder).out();
    }

    @Test
    void theSmallFilesAreReadByKafkasReaders() throws Exception {
        LogDirFailureChannel failures = new LogDirFailureChannel(1);
        File partition = directory.resolve("t-0").toFile();
        File epochFile = LeaderEpochCheckpointFile.newFile(partition);
        var epochs = new LeaderEpochCheckpointFile(epochFile, failures).read();
        assertEquals("[EpochEntry[epoch=0, startOffset=0]]", epochs.toString());
        var metadata = new PartitionMetadataFile(PartitionMetadataFile.newFile(partition), failures).read();
        assertEquals(topicId, metadata.topicId());
        File points = directory.resolve("recovery-point-offset-checkpoint").toFile();
        assertEquals(end, new OffsetCheckpointFile(points, failures).read().get(PARTITION));
        var ensemble = new MetaPropertiesEnsemble.Loader().addLogDirs(List.of(directory.toString())).load();
        ensemble.verify(Optional.empty(), OptionalInt.of(1),
                EnumSet.of(VerificationFlag.REQUIRE_AT_LEAST_ONE_VALID));
        assertTrue(ensemble.clusterId().isPresent());
    }

    /** Nothing that Kafka's tool finds wrong is said on the way. */
    private Tool.Outcome dump(String partition, String extension, String... options) throws Exception {
        List<String> files = files(partition, extension);
        assertFalse(files.isEmpty(), "no " + extension + " in " + partition);
        Object[] arguments = Stream.concat(Stream.of("--files", String.join(",", files)), Stream.of(options))
                .toArray();
        Tool.Outcome outcome = Tool.of("tools.DumpLogSegments", arguments).run().succeeded();
        COMPLAINTS.forEach(outcome::doesNotSay);
        // of the first offset of every file but a log's first one, Kafka's own included, the tool says so
        for (String line : outcome.lines()) {
            assertTrue(!line.contains(" is followed by ") || line.startsWith("-1 is followed by "), line);
        }
        return outcome;
    }

    private List<String> files(String partition, String extension) throws Exception {
        try (Stream<Path> files = Files.list(directory.resolve(partition))) {
            return files.map(Path::toString).filter(name -> name.endsWith(extension)).sorted()
                    .collect(Collectors.toList());
        }
    }
}

package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.admin.StreamsGroupMemberAssignment.TaskIds;
import org.apache.kafka.clients.admin.StreamsGroupMemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.Stores;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Apache Kafka's own Streams library with {@code group.protocol=streams} (KIP-1071) and {@code
 * exactly_once_v2} (FEATURES row 62): the broker makes the internal topics and hands out the tasks.
 */
@Tag("against-kafka")
class StreamsProtocolStoryTest {
    private static final String APPLICATION = "word-count";
    private static final int PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path directory;
    private EngineUnderTest engine;
    private Clients clients;
    private final List<KafkaStreams> running = new ArrayList<>();
    private final Map<String, Long> expected = new TreeMap<>();
    private final Map<String, Long> seen = new HashMap<>();
    private int sent;

    @BeforeEach
    void start() {
        engine = EngineUnderTest.inProcess();
        clients = new Clients(engine.bootstrap());
        clients.createTopic("lines", PARTITIONS);
        clients.createTopic("counts", 1);
    }

    @AfterEach
    void stop() {
        running.forEach(streams -> streams.close(Duration.ofSeconds(20)));
        engine.close();
    }

    @Test
    void countsWordsWhileInstancesComeAndGoAndTheBrokerRestarts() throws Exception {
        send(100);
        KafkaStreams first = run("first");
        awaitCounts();
        assertEquals(Set.of("first"), ownersOfTasks());

        run("second");
        Awaitility.await().atMost(PATIENCE).until(() -> ownersOfTasks().equals(Set.of("first", "second")));
        send(100);
        awaitCounts();

        engine.restartInPlace();
        send(100);
        awaitCounts();

        first.close(Duration.ofSeconds(20));
        Awaitility.await().atMost(PATIENCE).until(() -> ownersOfTasks().equals(Set.of("second")));
        send(100);
        awaitCounts();
        assertEquals(expected, new TreeMap<>(seen));
    }

    @Test
    void theBrokerMakesInternalTopicsAndShowsTheGroup() throws Exception {
        run("only");
        try (Admin admin = clients.admin()) {
            Awaitility.await().atMost(PATIENCE).until(
                    () -> describe(admin).groupState() == GroupState.STABLE);
            StreamsGroupDescription group = describe(admin);

            assertTrue(admin.listTopics().names().get(10, TimeUnit.SECONDS).containsAll(Set.of(
                    APPLICATION + "-word-counts-changelog", APPLICATION + "-words-repartition")));
            ConfigResource changelog = new ConfigResource(ConfigResource.Type.TOPIC,
                    APPLICATION + "-word-counts-changelog");
            assertEquals("compact", admin.describeConfigs(List.of(changelog)).all().get(10, TimeUnit.SECONDS)
                    .get(changelog).get("cleanup.policy").value());
            assertEquals(2, group.subtopologies().size());
            GroupListing listed = admin
                    .listGroups(new ListGroupsOptions().withTypes(Set.of(GroupType.STREAMS))).all()
                    .get(10, TimeUnit.SECONDS).iterator().next();
            assertEquals(APPLICATION, listed.groupId());
            assertEquals("streams", listed.protocol());
        }
    }

    @Test
    void standbyCopiesFollowTheGroupsSetting() throws Exception {
        try (Admin admin = clients.admin()) {
            ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, APPLICATION);
            admin.incrementalAlterConfigs(Map.of(group, List.of(new AlterConfigOp(
                    new ConfigEntry("streams.num.standby.replicas", "1"), AlterConfigOp.OpType.SET)))).all()
                    .get(10, TimeUnit.SECONDS);
            run("first");
            run("second");

            Awaitility.await().atMost(PATIENCE).until(() -> {
                StreamsGroupDescription now = describe(admin);
                return now.groupState() == GroupState.STABLE && now.members().size() == 2
                        && now.members().stream().allMatch(each -> !each.assignment().activeTasks().isEmpty()
                        && count(each.assignment().standbyTasks()) == PARTITIONS / 2);
            });
        }
        send(50);
        awaitCounts();
    }

    @Test
    void oneInstanceStopsThemAllWhenItAsksForIt() throws Exception {
        KafkaStreams first = create("first", line -> {
            if (line.startsWith("poison")) throw new IllegalStateException("poison");
        });
        first.setUncaughtExceptionHandler(failure -> StreamThreadExceptionResponse.SHUTDOWN_APPLICATION);
        first.start();
        running.add(first);
        KafkaStreams second = run("second");
        Awaitility.await().atMost(PATIENCE).until(() -> first.state() == State.RUNNING);

        try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                producer.send(new ProducerRecord<>("lines", partition, null, "poison"));
            }
        }

        Awaitility.await().atMost(PATIENCE).until(() -> first.state() == State.ERROR
                && second.state() == State.ERROR);
    }

    @Test
    void aSourceThatIsMissingIsSaidByName() throws Exception {
        StreamsBuilder builder = new StreamsBuilder();
        builder.<String, String>stream("nowhere").to("counts");
        KafkaStreams streams = new KafkaStreams(builder.build(), settings("only"));
        StringBuilder said = new StringBuilder();
        streams.setUncaughtExceptionHandler(failure -> {
            synchronized (said) {
                said.append(failure);
            }
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        running.add(streams);
        streams.start();

        Awaitility.await().atMost(PATIENCE).until(() -> streams.state() == State.ERROR);
        synchronized (said) {
            assertTrue(said.toString().contains("nowhere"), said.toString());
        }
    }

    // The application

    /** Looks at a line before it is counted. */
    private interface Look {
        void at(String line);
    }

    private KafkaStreams run(String name) {
        KafkaStreams streams = create(name, line -> { });
        streams.start();
        running.add(streams);
        Awaitility.await().atMost(PATIENCE).until(() -> streams.state() == State.RUNNING);
        return streams;
    }

    private KafkaStreams create(String name, Look look) {
        return new KafkaStreams(wordCount(look), settings(name));
    }

    private Properties settings(String name) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        settings.put(StreamsConfig.CLIENT_ID_CONFIG, name);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, engine.bootstrap());
        settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "streams");
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, directory.resolve(name).toString());
        return settings;
    }

    private static Topology wordCount(Look look) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.<String, String>stream("lines").peek((key, line) -> look.at(line))
                .flatMapValues(line -> Arrays.asList(line.split(" ")))
                .groupBy((key, word) -> word,
                        Grouped.<String, String>as("words").withKeySerde(Serdes.String())
                                .withValueSerde(Serdes.String()))
                .count(Materialized.<String, Long>as(Stores.inMemoryKeyValueStore("word-counts"))
                        .withKeySerde(Serdes.String()).withValueSerde(Serdes.Long()))
                .toStream().to("counts", Produced.with(Serdes.String(), Serdes.Long()));
        return builder.build();
    }

    private void send(int lines) {
        try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            for (int line = 0; line < lines; line++) {
                String text = "the quick fox and the lazy dog " + sent % 10;
                producer.send(new ProducerRecord<>("lines", sent % PARTITIONS, null, text));
                for (String word : text.split(" ")) expected.merge(word, 1L, Long::sum);
                sent++;
            }
        }
    }

    /** Reads all counts from the start; the last of each word is as expected, and none was ever above it. */
    private void awaitCounts() {
        seen.clear();
        try (KafkaConsumer<String, Long> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers",
                engine.bootstrap(), "isolation.level", "read_committed", "auto.offset.reset", "earliest",
                "group.id", "checker-" + sent), new StringDeserializer(), new LongDeserializer())) {
            consumer.subscribe(List.of("counts"));
            Awaitility.await().atMost(PATIENCE).until(() -> {
                for (ConsumerRecord<String, Long> record : consumer.poll(Duration.ofMillis(200))) {
                    seen.put(record.key(), record.value());
                    assertTrue(record.value() <= expected.getOrDefault(record.key(), 0L), record.toString());
                }
                return expected.equals(seen);
            });
        }
    }

    private StreamsGroupDescription describe(Admin admin) throws Exception {
        return admin.describeStreamsGroups(List.of(APPLICATION)).all().get(10, TimeUnit.SECONDS)
                .get(APPLICATION);
    }

    /** The names of the instances, once all tasks are with somebody. */
    private Set<String> ownersOfTasks() throws Exception {
        try (Admin admin = clients.admin()) {
            StreamsGroupDescription group = describe(admin);
            Set<String> owners = new TreeSet<>();
            int tasks = 0;
            for (StreamsGroupMemberDescription member : group.members()) {
                int own = count(member.assignment().activeTasks());
                tasks += own;
                if (own > 0) owners.add(member.clientId().substring(0, member.clientId().indexOf('-')));
            }
            return group.groupState() == GroupState.STABLE && tasks == 2 * PARTITIONS ? owners : Set.of();
        }
    }

    private static int count(List<TaskIds> tasks) {
        return tasks.stream().mapToInt(each -> each.partitions().size()).sum();
    }
}

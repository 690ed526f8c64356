package io.semel.it.streams;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.Suppressed.BufferConfig;
import org.apache.kafka.streams.kstream.TimeWindows;

/**
 * A program of Apache Kafka's own Streams library with {@code exactly_once_v2}, in a process that can be
 * killed: counts words through a repartition topic and joins each count with a table; counts them by window
 * and tells each window once, when it is closed.
 */
final class KafkaStreamsApp {
    static final String WORDS = "ks-words";
    static final String NAMES = "ks-names";
    static final String COUNTS = "ks-counts";
    static final String WINDOWS = "ks-windows";
    static final Duration WINDOW = Duration.ofSeconds(1);
    static final Duration GRACE = Duration.ofHours(1);
    static final String CHANGELOG = "ks-app-counted-changelog";

    private KafkaStreamsApp() {
    }

    private static Topology topology() {
        StreamsBuilder builder = new StreamsBuilder();
        KTable<String, String> names = builder.table(NAMES);
        KGroupedStream<String, String> words = builder.<String, String>stream(WORDS)
                .groupBy((key, word) -> word, Grouped.with("by-word", Serdes.String(), Serdes.String()));
        words.count(Materialized.as("counted")).toStream().mapValues(String::valueOf)
                .join(names, (count, name) -> name + "=" + count).to(COUNTS);
        words.windowedBy(TimeWindows.ofSizeAndGrace(WINDOW, GRACE))
                .count(Materialized.with(Serdes.String(), Serdes.Long()))
                .suppress(Suppressed.untilWindowCloses(BufferConfig.unbounded())).toStream()
                .map((window, count) -> KeyValue.pair(window.key(),
                        window.window().start() + ":" + count)).to(WINDOWS);
        return builder.build();
    }

    /** In a process of its own, with state and log in {@code directory}. */
    static Process launch(String bootstrap, Path directory) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin",
                "java").toString(), "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp",
                System.getProperty("java.class.path"), KafkaStreamsApp.class.getName(), bootstrap,
                directory.resolve("state").toString()));
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("app.log").toFile()))
                .start();
    }

    /** Arguments: bootstrap servers, state directory. Ends when killed. */
    public static void main(String[] arguments) throws InterruptedException {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "ks-app");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, arguments[1]);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        // every change of a count is told, and a successor takes over at once
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        settings.put("group.instance.id", "only");
        try (KafkaStreams streams = new KafkaStreams(topology(), settings)) {
            streams.setUncaughtExceptionHandler(broken -> StreamThreadExceptionResponse.REPLACE_THREAD);
            streams.start();
            new CountDownLatch(1).await();
        }
    }
}

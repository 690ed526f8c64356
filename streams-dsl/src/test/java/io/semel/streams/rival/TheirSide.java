package io.semel.streams.rival;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;

/** Runs a topology in Kafka Streams' own test driver, without caches and without pauses between results. */
final class TheirSide implements AutoCloseable {
    private final TopologyTestDriver driver;
    private final Map<String, TestInputTopic<String, String>> inputs = new TreeMap<>();
    private final Map<String, TestOutputTopic<byte[], byte[]>> outputs = new TreeMap<>();
    private final Map<String, Function<byte[], String>> keyReaders;
    private final Outcome outcome = new Outcome();

    TheirSide(Topology topology, Set<String> inputTopics, Map<String, Function<byte[], String>> keyReaders,
              Path stateDir) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "app");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, "0");
        settings.put(StreamsConfig.InternalConfig.EMIT_INTERVAL_MS_KSTREAMS_WINDOWED_AGGREGATION, 0L);
        settings.put(StreamsConfig.InternalConfig.EMIT_INTERVAL_MS_KSTREAMS_OUTER_JOIN_SPURIOUS_RESULTS_FIX,
                0L);
        this.keyReaders = keyReaders;
        this.driver = new TopologyTestDriver(topology, settings, Instant.ofEpochMilli(0));
        for (String topic : inputTopics) {
            inputs.put(topic, driver.createInputTopic(topic, new StringSerializer(), new StringSerializer()));
        }
        for (String topic : keyReaders.keySet()) {
            outputs.put(topic, driver.createOutputTopic(topic, new ByteArrayDeserializer(),
                    new ByteArrayDeserializer()));
        }
    }

    void pipe(Input input) {
        inputs.get(input.topic()).pipeInput(input.key(), input.value(), input.timestampMs());
    }

    /** Reads the stores, as the generator says for each, by the stream time our own have seen. */
    void rows(Iterable<StoreReader> stores, Map<String, Long> clocks) {
        stores.forEach(reader -> reader.read(driver, clocks, outcome));
    }

    /** What came out. */
    Outcome outcome(Set<String> tableTopics) {
        outputs.forEach((topic, output) -> output.readRecordsToList().forEach(record -> {
            String key = keyReaders.get(topic).apply(record.key());
            if (tableTopics.contains(topic)) {
                outcome.addOfTable(topic, key, OurSide.text(record.value()), record.timestamp());
            } else {
                outcome.add(topic, key, OurSide.text(record.value()), record.timestamp());
            }
        }));
        return outcome;
    }

    /** Reads one of the rival's stores. */
    interface StoreReader {
        void read(TopologyTestDriver driver, Map<String, Long> clocks, Outcome into);
    }

    @Override
    public void close() {
        driver.close();
    }
}

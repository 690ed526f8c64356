package io.semel.bench.streams;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Topology;
import io.semel.streams.dsl.Via;
import io.semel.streams.run.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.common.utils.Bytes;

/**
 * A program that keeps the newest value of every key and sends it on: one stateful step, and on request a
 * second one behind a repartition topic. Values are the times at which records were due. One thread uses it.
 */
interface App extends AutoCloseable {
    /** What to run and where. {@code settings} are Kafka Streams' own. */
    record Spec(String name, String bootstrap, int hops, Path stateDir, Map<String, String> settings) {
        String in() {
            return name + "-in";
        }

        String out() {
            return name + "-out";
        }
    }

    boolean awaitRunning(Duration wait) throws InterruptedException;

    /** Records replayed into stores since the start. */
    long restored();

    @Override
    void close();

    static App start(String kind, Spec spec) {
        return kind.equals("semel") ? semel(spec) : kafkaStreams(spec);
    }

    /** The DSL with its defaults. */
    static App semel(Spec spec) {
        Topic<String, Long> in = Topic.of(spec.in(), Serdes.string(), Serdes.int64());
        Topic<String, Long> out = Topic.of(spec.out(), Serdes.string(), Serdes.int64());
        Topic<String, Long> hop = Topic.of(spec.name() + "-hop", Serdes.string(), Serdes.int64());
        Store<String, Long> first = Store.keyed("first", Serdes.string(), Serdes.int64());
        Store<String, Long> second = Store.keyed("second", Serdes.string(), Serdes.int64());
        Topology topology = Topology.of(spec.name(), sources -> {
            var stream = sources.from(in).aggregate(first, () -> 0L, (all, value) -> value).toStream();
            if (spec.hops() > 0) {
                stream = stream.rekey((key, value) -> "r" + key, Via.via(hop))
                        .aggregate(second, () -> 0L, (all, value) -> value).toStream();
            }
            stream.to(out);
        });
        Running running = topology.start(io.semel.streams.run.StreamsConfig.of(spec.bootstrap())
                .stateDir(spec.stateDir()));
        return new App() {
            @Override
            public boolean awaitRunning(Duration wait) throws InterruptedException {
                return running.awaitRunning(wait);
            }

            @Override
            public long restored() {
                return running.stats().restored();
            }

            @Override
            public void close() {
                running.close();
            }
        };
    }

    /** Kafka Streams with exactly_once_v2 and otherwise its defaults, but for what {@code settings} say. */
    static App kafkaStreams(Spec spec) {
        StreamsBuilder builder = new StreamsBuilder();
        var strings = org.apache.kafka.common.serialization.Serdes.String();
        var longs = org.apache.kafka.common.serialization.Serdes.Long();
        KStream<String, Long> stream = builder.stream(spec.in(), Consumed.with(strings, longs))
                .groupByKey(Grouped.with(strings, longs))
                .aggregate(() -> 0L, (key, value, all) -> value,
                        Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as("first")
                                .withKeySerde(strings).withValueSerde(longs)).toStream();
        if (spec.hops() > 0) {
            stream = stream.selectKey((key, value) -> "r" + key)
                    .repartition(Repartitioned.with(strings, longs).withName("hop"))
                    .groupByKey(Grouped.with(strings, longs))
                    .aggregate(() -> 0L, (key, value, all) -> value,
                            Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as("second")
                                    .withKeySerde(strings).withValueSerde(longs)).toStream();
        }
        stream.to(spec.out(), Produced.with(strings, longs));
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, spec.name());
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, spec.bootstrap());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, spec.stateDir().toString());
        settings.put("auto.offset.reset", "earliest");
        settings.putAll(spec.settings());
        KafkaStreams streams = new KafkaStreams(builder.build(), settings);
        AtomicLong restored = new AtomicLong();
        streams.setGlobalStateRestoreListener(new Counting(restored));
        streams.start();
        return new App() {
            @Override
            public boolean awaitRunning(Duration wait) throws InterruptedException {
                long end = System.nanoTime() + wait.toNanos();
                while (streams.state() != KafkaStreams.State.RUNNING) {
                    if (System.nanoTime() > end) {
                        return false;
                    }
                    LockSupport.parkNanos(5_000_000);
                }
                return true;
            }

            @Override
            public long restored() {
                return restored.get();
            }

            @Override
            public void close() {
                streams.close(Duration.ofSeconds(30));
            }
        };
    }

    /** Counts what Kafka Streams replays. */
    record Counting(AtomicLong restored) implements StateRestoreListener {
        @Override
        public void onRestoreStart(TopicPartition partition, String store, long from, long end) {
        }

        @Override
        public void onBatchRestored(TopicPartition partition, String store, long end, long count) {
            restored.addAndGet(count);
        }

        @Override
        public void onRestoreEnd(TopicPartition partition, String store, long count) {
        }
    }
}

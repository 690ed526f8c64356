package io.semel.bench.streams;

import io.semel.streams.run.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.StateRestoreListener;

/** A program that runs in this process. One thread uses it. */
interface App extends AutoCloseable {
    String OURS = "semel";
    /** Ours, whose table tells only the newest change of a transaction. */
    String OURS_LATEST = "semel, latest()";

    /** What to run and where. {@code settings} are Kafka Streams' own. */
    record Spec(Program program, String name, String bootstrap, Path stateDir,
                Map<String, String> settings) {
        String in() {
            return name + "-in";
        }

        String out() {
            return name + "-out";
        }

        String hop() {
            return name + "-hop";
        }
    }

    boolean awaitRunning(Duration wait) throws InterruptedException;

    /** Records replayed into stores since the start. */
    long restored();

    @Override
    void close();

    static App start(String kind, Spec spec) {
        return kind.startsWith(OURS) ? semel(spec, kind.equals(OURS_LATEST)) : kafkaStreams(spec);
    }

    /** The DSL with its defaults. */
    static App semel(Spec spec, boolean latest) {
        Running running = spec.program().ours(spec, latest).start(io.semel.streams.run.StreamsConfig
                .of(spec.bootstrap()).stateDir(spec.stateDir()));
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
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, spec.name());
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, spec.bootstrap());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, spec.stateDir().toString());
        settings.put("auto.offset.reset", "earliest");
        settings.putAll(spec.settings());
        KafkaStreams streams = new KafkaStreams(spec.program().theirs(spec).build(), settings);
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

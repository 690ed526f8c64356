package io.semel.it.kit.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.Engine;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.EngineConfig;
import io.semel.it.kit.Workbench;
import io.semel.it.kit.check.Checker;
import io.semel.it.kit.check.Report;
import io.semel.it.kit.history.Recorder;
import io.semel.it.kit.work.AppendLists;
import io.semel.it.kit.work.Plan;
import io.semel.log.disk.RealClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A wall clock that is set while the broker is away (FAULTS C.4 row 9): it runs by monotonic time, so that
 * only its next life meets another hour, or ten milliseconds that were before.
 */
class ClocksTest {
    private static final long HOUR_MS = 3_600_000;
    /** In milliseconds, against the first life. */
    private static final long[] LIVES = {0, -10, HOUR_MS, HOUR_MS - 10, -HOUR_MS, 0};
    private static final TopicPartition STAMPED = new TopicPartition("stamped", 0);

    @TempDir
    Path directory;

    @Test
    void thatAreSetBetweenTwoLivesChangeNothing() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Engine engine = start(0, LIVES[0]);
        int port = engine.port();
        try (Recorder recorder = Recorder.inMemory()) {
            stamped(engine);
            Plan plan = Plan.against(engine.bootstrap()).named("clocks").withClients(3).withPartitions(3)
                    .withOperations(Long.MAX_VALUE).within(Duration.ofSeconds(8))
                    .healingWithin(Duration.ofSeconds(30)).with("reconnect.backoff.ms", "5");
            Future<?> work = thread.submit(() -> new AppendLists().run(plan, recorder));
            for (int life = 1; life < LIVES.length; life++) {
                long seen = recorder.count();
                Awaitility.await().until(() -> recorder.count() > seen + 100 || work.isDone());
                engine.halt();
                engine = start(port, LIVES[life]);
                stamp(engine, life);
            }
            work.get();
            Report report = Checker.check(recorder.history());
            assertTrue(report.isClean(), report::text);
            timesAreFound(engine);
        } finally {
            engine.close();
            thread.shutdown();
        }
    }

    private Engine start(int port, long againstMs) {
        RealClock real = new RealClock();
        EngineConfig config = EngineConfig.in(directory, "127.0.0.1", port);
        return Engine.start(config, BrokerConfig.defaults("127.0.0.1", port), () -> real.nowMs() + againstMs);
    }

    /** A topic whose records carry the broker's time. */
    private static void stamped(Engine engine) throws Exception {
        try (Admin admin = Workbench.at(engine.bootstrap()).admin()) {
            admin.createTopics(List.of(new NewTopic(STAMPED.topic(), 1, (short) 1)
                    .configs(Map.of("message.timestamp.type", "LogAppendTime")))).all().get();
        }
        stamp(engine, 0);
    }

    private static void stamp(Engine engine, int life) throws Exception {
        try (KafkaProducer<String, String> producer = Workbench.at(engine.bootstrap()).producer("stamper")) {
            producer.send(new ProducerRecord<>(STAMPED.topic(), 0, null, "life " + life)).get();
        }
    }

    /** For every time there is, the first record that is not older, though times go up and down. */
    private static void timesAreFound(Engine engine) {
        try (KafkaConsumer<String, String> reader = Workbench.at(engine.bootstrap()).consumer("reader")) {
            reader.assign(List.of(STAMPED));
            reader.seekToBeginning(List.of(STAMPED));
            List<Long> times = new ArrayList<>();
            while (times.size() < LIVES.length) {
                reader.poll(Duration.ofMillis(100)).forEach(record -> times.add(record.timestamp()));
            }
            for (long time : times) {
                int first = 0;
                while (times.get(first) < time) first++;
                OffsetAndTimestamp found = reader.offsetsForTimes(Map.of(STAMPED, time)).get(STAMPED);
                assertEquals(first, found.offset(), () -> time + " among " + times);
            }
        }
    }
}

package io.semel.streams.tools;

import static io.semel.streams.dsl.Dlq.dlq;
import static io.semel.streams.dsl.Retry.retry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.Engine;
import io.semel.broker.config.EngineConfig;
import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Topology;
import io.semel.streams.run.Running;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * One story: letters are written, listed, shown, sent back once; the application's state is shown and reset.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ToolsTest {
    private static final Topic<String, String> NUMBERS =
            Topic.of("numbers", Serdes.string(), Serdes.string());
    private static final Topic<String, Integer> SUMS =
            Topic.of("sums", Serdes.string(), Serdes.text(String::valueOf, Integer::parseInt));
    private static final Store<String, Integer> SUM =
            Store.keyed("sum", Serdes.string(), Serdes.text(String::valueOf, Integer::parseInt));
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path directory;
    private Engine engine;

    @BeforeAll
    void start() throws Exception {
        engine = Engine.start(EngineConfig.in(directory, "127.0.0.1", 0));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", engine.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic("numbers", Optional.of(2), Optional.empty()),
                    new NewTopic("sums", Optional.of(2), Optional.empty()))).all().get();
        }
    }

    @AfterAll
    void stop() {
        engine.close();
    }

    @Test
    void lettersAreListedShownAndSentBackOnceAndTheStateIsShownAndReset() throws Exception {
        produce("a", "1", "a", "one", "b", "2", "b", "two", "a", "3");
        runUntil(5, strict());

        String list = done("dlq", "list", "-t", "letters");
        assertTrue(list.contains("2 letters, 0 of them sent back"), list);
        assertTrue(list.contains("     2  1-mapValues  java.lang.NumberFormatException"), list);
        String show = done("dlq", "show", "-t", "letters", "--at", "0@" + firstOffset(list));
        assertTrue(show.contains("value     one") || show.contains("value     two"), show);
        assertTrue(show.contains("step      1-mapValues of app"), show);
        assertTrue(show.contains("Integer.parseInt"), show);

        String dry = done("dlq", "redrive", "-t", "letters", "--dry-run");
        assertTrue(dry.contains("2 inputs would be sent back"), dry);
        assertEquals("1 inputs sent back, 0 letters without input passed over\n",
                done("dlq", "redrive", "-t", "letters", "--max", "1"));
        assertEquals("1 inputs sent back, 0 letters without input passed over\n",
                done("dlq", "redrive", "-t", "letters"));
        assertEquals("0 inputs sent back, 0 letters without input passed over\n",
                done("dlq", "redrive", "-t", "letters"));
        assertTrue(done("dlq", "list", "-t", "letters").contains("2 letters, 2 of them sent back"));
        String waiting = done("streams", "status", "-a", "app");
        assertEquals(2, waiting.lines().filter(line -> line.contains("lag 1")).count()
                + 2 * waiting.lines().filter(line -> line.contains("lag 2")).count(), waiting);
        runUntil(2, lenient());

        String status = done("streams", "status", "-a", "app");
        assertTrue(status.contains("application app: 0 members"), status);
        assertTrue(status.contains("store sum"), status);
        assertTrue(status.contains("in app-sum-changelog"), status);
        assertTrue(done("streams", "reset", "-a", "app").contains("nothing was done; add --yes"));
        assertTrue(done("streams", "reset", "-a", "app", "--yes")
                .contains("changelog app-sum-changelog deleted"));
        assertTrue(failed("streams", "status", "-a", "app").contains("neither a group nor a store"));
    }

    @Test
    void saysWhatIsWrong() {
        assertTrue(failed("dlq", "list", "-t", "nothing").contains("there is no topic 'nothing'"));
        assertTrue(failed("dlq", "show", "-t", "numbers", "--at", "17").contains("wants PARTITION@OFFSET"));
        assertTrue(failed("dlq", "show", "-t", "numbers", "--at", "7@1").contains("has no partition 7"));
        assertTrue(failed("streams", "reset", "-a", "nobody")
                .contains("there is nothing of application 'nobody'"));
        assertTrue(failed("streams", "status", "-a", "app2", "--command-config", "/no/such/file")
                .contains("cannot read --command-config"));
        StringWriter err = new StringWriter();
        assertEquals(2, DlqMain.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true)));
        assertTrue(err.toString().contains("say which command"), err::toString);
        assertEquals(2, DlqMain.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), "list"));
        assertTrue(err.toString().contains("Missing required option: '--topic=TOPIC'"), err::toString);
    }

    private Topology strict() {
        return Topology.of("app", s -> s.from(NUMBERS).mapValues(Integer::parseInt)
                .recover(retry(0), dlq("letters")).reduce(SUM, Integer::sum).to(SUMS));
    }

    /** The step repaired. */
    private Topology lenient() {
        return Topology.of("app", s -> s.from(NUMBERS).mapValues(String::length)
                .recover(retry(0), dlq("letters")).reduce(SUM, Integer::sum).to(SUMS));
    }

    private void runUntil(int records, Topology topology) {
        try (Running running = topology.start(engine.bootstrap())) {
            Awaitility.await().atMost(PATIENCE).until(() -> running.stats().recordsIn() >= records);
        }
    }

    private void produce(String... keysAndValues) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", engine.bootstrap()), new StringSerializer(),
                        new StringSerializer())) {
            for (int i = 0; i < keysAndValues.length; i += 2) {
                producer.send(new ProducerRecord<>("numbers", keysAndValues[i], keysAndValues[i + 1]));
            }
        }
    }

    private static String firstOffset(String list) {
        return list.substring(2, list.indexOf(' '));
    }

    private String done(String... args) {
        StringWriter err = new StringWriter();
        StringWriter out = new StringWriter();
        assertEquals(0, run(out, err, args), err::toString);
        return out.toString().replace("\r", "");
    }

    private String failed(String... args) {
        StringWriter err = new StringWriter();
        assertEquals(1, run(new StringWriter(), err, args), err::toString);
        return err.toString();
    }

    private int run(StringWriter out, StringWriter err, String... args) {
        String[] rest = new String[args.length + 1];
        System.arraycopy(args, 1, rest, 0, args.length - 1);
        rest[args.length - 1] = "-b";
        rest[args.length] = engine.bootstrap();
        return args[0].equals("dlq")
                ? DlqMain.run(new PrintWriter(out, true), new PrintWriter(err, true), rest)
                : StreamsMain.run(new PrintWriter(out, true), new PrintWriter(err, true), rest);
    }
}

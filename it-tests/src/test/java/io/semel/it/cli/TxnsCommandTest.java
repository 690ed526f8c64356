package io.semel.it.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.cli.TxnsMain;
import io.semel.it.client.EngineUnderTest;
import io.semel.it.client.HangingTransaction;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Who blocks the stable offset, since when and until when, and how to end it: {@code ./semel txns}. */
@Tag("against-kafka")
class TxnsCommandTest {
    private static EngineUnderTest engine;

    /** What a command printed, and its exit code. */
    private record Said(int exit, String out, String err) {
        List<String> line(String word) {
            return out.lines().filter(line -> line.contains(word)).findFirst()
                    .map(line -> Arrays.asList(line.split("  +")))
                    .orElseThrow(() -> new AssertionError(out + err));
        }
    }

    @BeforeAll
    static void start() throws Exception {
        engine = HangingTransaction.broker();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", engine.bootstrap()))) {
            admin.createTopics(List.of("blocked", "orphaned", "idle").stream()
                    .map(name -> new NewTopic(name, 2, (short) 1)).toList()).all().get();
        }
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @Test @DisplayName("FEATURES 56, 60: shows whom readers wait for, since when, until when, and ends it")
    void showsWhoBlocksAndAbortsIt() {
        try (KafkaProducer<String, String> first = producer("orders-1");
                KafkaProducer<String, String> second = producer("orders-2")) {
            begin(first);
            begin(second);
            first.send(new ProducerRecord<>("blocked", 0, null, "a"));
            first.flush();
            second.send(new ProducerRecord<>("blocked", 0, null, "b"));
            second.flush();

            List<String> blocker = semel("--blocking", "--topic", "blocked").line("blocked-0");
            assertEquals(List.of("blocked-0", "0", "2", "0", "orders-1"), blocker.subList(0, 5));
            assertEquals("Ongoing", blocker.get(6));
            assertTrue(blocker.get(8).matches("5\\d s|1 min 0 s"), "time left: " + blocker.get(8));
            assertEquals("1", blocker.get(9), "also open");
            assertEquals(List.of("blocked-0"), semel().line("orders-1").subList(5, 6));

            Said aborted = semel("abort", "orders-1");
            assertEquals(0, aborted.exit, aborted.err);
            assertEquals("orders-2", semel("--blocking").line("blocked-0").get(4));
            assertEquals("Empty", semel("describe", "orders-1").line("orders-1").get(1));
            assertThrows(KafkaException.class, first::commitTransaction);
            second.commitTransaction();
            assertTrue(semel("--blocking").out.startsWith("nobody waits"), semel("--blocking").out);
        }
    }

    @Test @DisplayName("FEATURES 58, 59: finds a transaction that no coordinator knows, and ends it")
    void findsAndAbortsAHangingTransaction() throws Exception {
        long startOffset = HangingTransaction.leaveOn(engine, "orphaned", 1);

        List<String> hanging = semel("find-hanging").line("orphaned");
        assertEquals(List.of("orphaned", "1", Long.toString(startOffset)), hanging.subList(0, 3));
        assertEquals("(hanging)", semel("--blocking", "--topic", "orphaned").line("orphaned-1").get(4));

        Said missed = semel("abort", "--topic", "orphaned", "--partition", "1", "--start-offset", "99");
        assertEquals(1, missed.exit);
        assertTrue(missed.err.contains("find-hanging"), missed.err);
        Said aborted = semel("abort", "--topic", "orphaned", "--partition", "1", "--start-offset",
                Long.toString(startOffset));
        assertEquals(0, aborted.exit, aborted.err);
        assertEquals("no transaction hangs", semel("find-hanging").out.strip());
    }

    @Test
    void saysWhatIsWrongAndWhatToDo() {
        assertTrue(semel("describe", "nobody").err.contains("no transactional id nobody"));
        assertTrue(semel("abort", "nobody").err.contains("--all lists them"));
        assertEquals(1, semel("abort").exit);
        assertEquals(1, semel("--topic", "idle").exit);
        assertTrue(semel("--help").out.contains("--blocking"));
        Said wrong = run("--bootstrap", "nowhere");
        assertEquals(1, wrong.exit);
        assertTrue(wrong.err.contains("HOST:PORT"), wrong.err);
    }

    private static void begin(KafkaProducer<String, String> producer) {
        producer.initTransactions();
        producer.beginTransaction();
    }

    private static KafkaProducer<String, String> producer(String id) {
        return new KafkaProducer<>(Map.of("bootstrap.servers", engine.bootstrap(), "transactional.id", id),
                new StringSerializer(), new StringSerializer());
    }

    private static Said semel(String... words) {
        String[] all = Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--bootstrap";
        all[words.length + 1] = engine.bootstrap();
        return run(all);
    }

    private static Said run(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = TxnsMain.commandLine().setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        return new Said(command.execute(words), out.toString(), err.toString());
    }
}

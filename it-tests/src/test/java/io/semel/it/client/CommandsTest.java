package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.cli.ConsumeMain;
import io.semel.broker.cli.GroupsMain;
import io.semel.broker.cli.ProduceMain;
import io.semel.broker.cli.TopicsMain;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** {@code ./semel topics, groups, produce, consume}: what they print, and how they end. */
class CommandsTest {
    private static EngineUnderTest engine;

    @BeforeAll
    static void start() {
        engine = EngineUnderTest.inProcess();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private record Told(int exit, String out, String err) {
        Told is(int expected) {
            assertEquals(expected, exit, out + err);
            return this;
        }

        Told says(String text) {
            assertTrue(out.contains(text) || err.contains(text), "'" + text + "' in\n" + out + err);
            return this;
        }

        List<String> lines() {
            return out.lines().toList();
        }
    }

    private static Told run(CommandLine line, String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exit = line.execute(words);
        return new Told(exit, out.toString(), err.toString());
    }

    /** The address behind the other words. */
    private static Told at(CommandLine line, String... words) {
        String[] all = java.util.Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--bootstrap";
        all[words.length + 1] = engine.bootstrap();
        return run(line, all);
    }

    private static Told produce(String input, String... words) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return at(ProduceMain.commandLine(), words);
        } finally {
            System.setIn(before);
        }
    }

    private static Told topics(String... words) {
        return at(TopicsMain.commandLine(), words);
    }

    private static Told consume(String... words) {
        return at(ConsumeMain.commandLine(), words);
    }

    private static Told groups(String... words) {
        return at(GroupsMain.commandLine(), words);
    }

    @Test
    void aTopicFromItsBirthToItsEnd() {
        topics("create", "life", "-p", "2", "-c", "retention.ms=5000000").is(0).says("created: life");
        topics().is(0).says("life");
        topics("describe", "life").is(0).says("retention.ms=5000000").says("PARTITION");
        topics("describe", "life", "--json").is(0).says("\"configs\":{\"retention.ms\":\"5000000\"}")
                .says("{\"partition\":1,\"leader\":1,\"start\":0,\"end\":0,\"stableEnd\":0}");
        topics("alter", "life", "-p", "3", "-c", "max.message.bytes=9000", "--unset", "retention.ms").is(0);
        topics("describe", "life", "--json").is(0).says("\"configs\":{\"max.message.bytes\":\"9000\"}")
                .says("\"partition\":2");
        topics("--json").is(0).says("\"topic\":\"life\"");
        topics("delete", "life").is(0).says("deleted: life");
        topics("describe", "life").is(1).says("there is no topic life: ./semel topics lists them");
    }

    @Test
    void whatCannotBeDoneIsToldAndEndsWithOne() {
        topics("create", "twice").is(0);
        topics("create", "twice").is(1).says("already exists");
        topics("create", "twice", "--if-not-exists").is(0).says("is there: twice");
        topics("create", "bad", "-c", "no.such.key=1").is(1).says("no.such.key");
        topics("alter", "twice").is(1).says("takes --partitions, --config or --unset");
        topics("alter", "twice", "-c", "retention.ms=soon").is(1).says("retention.ms");
        topics("delete", "none").is(1).says("there is no topic none");
        consume("none", "-e").is(1).says("there is no topic none");
        consume("twice", "-p", "7", "-e").is(1).says("there is no 7");
        consume("twice", "-o", "soon", "-e").is(1).says("-o takes");
        groups("describe", "none").is(1).says("there is no group none");
        groups("reset", "none", "--topic", "twice", "--to", "soon").is(1).says("2026-01-31T00:00:00Z");
        produce("x\n", "twice", "-z", "brotli").is(1).says("brotli");
    }

    @Test
    void whatIsNotUnderstoodEndsWithTwoAndShowsTheUsage() {
        topics("describe").is(2).says("TOPIC");
        consume().is(2).says("Usage: semel consume");
        groups("reset", "g").is(2).says("--topic");
        run(TopicsMain.commandLine(), "--help").is(0).says("Examples:");
        run(ConsumeMain.commandLine(), "--help").is(0).says("./semel consume");
    }

    @Test
    void nobodyThereIsToldWithWhatToDo() {
        run(TopicsMain.commandLine(), "--bootstrap", "127.0.0.1:1").is(1).says("no broker answers at");
        run(TopicsMain.commandLine(), "--bootstrap", "nonsense").is(1).says("--bootstrap takes HOST:PORT");
        run(ConsumeMain.commandLine(), "t", "--bootstrap", "nonsense").is(1).says("nonsense");
        run(ProduceMain.commandLine(), "t", "--bootstrap", "nonsense").is(1).says("nonsense");
    }

    /** Each line waited 10 s for the topic, one after the other. */
    @Test @Timeout(60)
    void linesThatNobodyTakesAreNotTriedOneByOne() {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("line\n".repeat(1_000).getBytes(StandardCharsets.UTF_8)));
        try {
            run(ProduceMain.commandLine(), "t", "--bootstrap", "127.0.0.1:1").is(1).says("no broker answers");
        } finally {
            System.setIn(before);
        }
        topics("create", "one").is(0);
        produce("line\n".repeat(1_000), "one", "-p", "7").is(1).says("Partition 7");
    }

    @Test
    void anOffsetThatIsNotThereYetIsWaitedFor() throws Exception {
        topics("create", "ahead").is(0);
        produce("old\nold\nold\n", "ahead").is(0);

        CompletableFuture<Told> told = CompletableFuture.supplyAsync(() -> consume("ahead", "-o", "50",
                "-c", "1"));
        Awaitility.await().until(() -> {
            produce("new\n", "ahead").is(0);
            return told.isDone();
        });

        assertEquals(List.of("new"), told.get().is(0).lines());
    }

    @Test
    void aGroupTakesNoOffset() {
        topics("create", "grouped").is(0);
        consume("grouped", "-g", "g", "-o", "5").is(1).says("beginning or end");
        groups("reset", "g", "--topic", "nowhere", "--to", "earliest").is(1)
                .says("there is no topic nowhere");
    }

    @Test
    void recordsGoInAndComeOut() {
        topics("create", "records").is(0);
        produce("a:1\nb:2\nno key\n:4\n", "records", "-K", ":", "-z", "zstd", "-H", "h=v").is(0)
                .says("4 record(s) written to records");

        assertEquals(List.of("1", "2", "no key", "4"), consume("records", "-e").is(0).lines());
        assertEquals(List.of("0 a=1 h=v", "1 b=2 h=v"),
                consume("records", "-e", "-c", "2", "-f", "%o %k=%s %h\\n").is(0).lines());
        assertEquals(List.of("no key", "4"), consume("records", "-o", "-2", "-e").is(0).lines());
        assertEquals(List.of("2"), consume("records", "-o", "1", "-c", "1").is(0).lines());
        assertEquals(List.of(), consume("records", "-o", "end", "-e").is(0).lines());
        consume("records", "-e", "-c", "1", "--json").is(0).says("\"headers\":{\"h\":\"v\"},\"key\":\"a\","
                + "\"value\":\"1\"}");
        produce("\n", "records", "-k", "a", "-Z", "--json").is(0)
                .says("{\"topic\":\"records\",\"partition\":0,\"offset\":4}");
        consume("records", "-o", "4", "-e", "--json").is(0).says("\"key\":\"a\",\"value\":null");
        consume("records", "-e", "-f", "%x").is(1).says("--format has no %x");
    }

    @Test
    void aTransactionIsSeenWhenItIsCommitted() {
        topics("create", "txn").is(0);
        produce("a\nb\n", "txn", "--transaction").is(0);
        try (KafkaProducer<String, String> open = new Clients(engine.bootstrap()).transactional("cli")) {
            open.beginTransaction();
            open.send(new ProducerRecord<>("txn", "c"));
            open.flush();

            assertEquals(List.of("a", "b"), consume("txn", "-c", "2").is(0).lines());
            assertEquals(List.of("a", "b", "c"), consume("txn", "-c", "3", "--uncommitted").is(0).lines());
            topics("describe", "txn", "--json").is(0).says("\"end\":4,\"stableEnd\":3");
            open.abortTransaction();
        }
        assertEquals(List.of("a", "b"), consume("txn", "-e").is(0).lines());
    }

    @Test
    void aGroupRemembersAndIsMoved() {
        topics("create", "read").is(0);
        produce("1\n2\n3\n4\n5\n", "read").is(0);

        assertEquals(List.of("1", "2"), consume("read", "-g", "readers", "-c", "2").is(0).lines());
        groups().is(0).says("readers");
        groups("--json").is(0).says("{\"group\":\"readers\",\"type\":");
        groups("describe", "readers", "--json").is(0).says("\"offset\":2,\"end\":5,\"lag\":3");
        assertEquals(List.of("3", "4", "5"), consume("read", "-g", "readers", "-e").is(0).lines());
        groups("reset", "readers", "--topic", "read", "--to", "earliest", "--dry-run").is(0)
                .says("nothing was changed");
        groups("describe", "readers", "--json").is(0).says("\"lag\":0");
        groups("reset", "readers", "--topic", "read", "--to", "4").is(0);
        groups("describe", "readers", "--json").is(0).says("\"lag\":1");
        groups("reset", "readers", "--topic", "read", "--to", "2001-01-01T00:00:00Z").is(0);
        groups("describe", "readers").is(0).says("read   0          0       5    5    -");
        groups("delete", "readers").is(0).says("deleted: readers");
        groups("describe", "readers").is(1);
    }
}

package io.semel.it.kit.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Histories survive their file, and files of other languages are read as HISTORY.md promises. */
class HistoryTest {
    private static final Place PLACE = new Place("my.topic-1_x", 3);

    @TempDir
    Path directory;

    private long nowNs;
    private final Recorder recorder = Recorder.onClock(() -> nowNs++);

    private void done(Operation operation, Outcome outcome) {
        recorder.begin(operation);
        recorder.end(operation, outcome);
    }

    private History everything() {
        done(Operation.of("a", Kind.INIT).under("id").epoch(3).timeoutMs(5_000), Outcome.OK);
        done(Operation.of("a", Kind.BEGIN).in("a/1").under("id"), Outcome.OK);
        done(Operation.of("a", Kind.SEND).in("a/1").under("id").to(PLACE).at(41).key("k\"\\")
                .value("line\nbreak \u0001 \u00e9 \u4e16").from(new Source(PLACE, 7)), Outcome.OK);
        done(Operation.of("a", Kind.SEND_OFFSETS).in("a/1").group("g").offsets(Map.of(PLACE, 8L)),
                Outcome.OK);
        Operation failed = recorder.begin(Operation.of("a", Kind.COMMIT).in("a/1").under("id"));
        recorder.end(failed, Outcome.UNKNOWN, new IllegalStateException("no \"answer\""));
        done(Operation.of("r", Kind.SEEK).offsets(Map.of(PLACE, 0L)), Outcome.OK);
        done(Operation.of("r", Kind.POLL).readCommitted(false).records(List.of(new Seen(PLACE, 41, "x"),
                new Seen(PLACE, 42, "y"), new Seen(new Place("other", 0), 0, "z"))), Outcome.OK);
        done(Operation.of("r", Kind.ENDS).offsets(Map.of(PLACE, 43L)), Outcome.OK);
        done(Operation.of("r", Kind.COMMITTED).group("g").offsets(Map.of(PLACE, -1L)), Outcome.OK);
        recorder.drained("r", List.of(PLACE));
        recorder.note("nemesis", "killed");
        recorder.begin(Operation.of("b", Kind.SEND).to(new Place("t", Place.UNKNOWN))
                .value("never heard of"));
        return recorder.history();
    }

    @Test
    void comesBackFromItsFileAsItWas() {
        Path file = directory.resolve("history.jsonl");
        History written = everything();

        written.write(file);
        History read = History.read(file);

        assertEquals(describe(written), describe(read));
    }

    private static List<String> describe(History history) {
        return history.operations().stream().map(one -> one + " key " + one.key() + " from " + one.from()
                + " epoch " + one.epoch() + " timeout " + one.timeoutMs() + " committed "
                + one.readCommitted() + " records " + one.records() + " completed " + one.completed()
                + " end " + one.endNs()).toList();
    }

    @Test
    void isWrittenLineByLineAsItHappens() throws Exception {
        Path file = directory.resolve("live.jsonl");
        try (Recorder live = Recorder.writingTo(file)) {
            Operation send = live.begin(Operation.of("a", Kind.SEND).to(PLACE).value("v"));

            assertEquals(1, Files.readAllLines(file).size());
            assertEquals(Outcome.UNKNOWN, History.read(file).operations().get(0).outcome());

            live.end(send.at(5), Outcome.OK);
            assertEquals(5, History.read(file).operations().get(0).offset());
        }
    }

    @Test
    void isReadFromOtherLanguages() throws Exception {
        Path file = directory.resolve("foreign.jsonl");
        Files.writeString(file, """
                {"n": 7, "e": "invoke", "t": 200, "process": "js", "f": "poll"}
                { "n" : 3 , "e" : "invoke", "t" : 100, "process" : "py", "f" : "send", \
                "to" : "t/0", "value" : "\\u0041" }

                {"n":3,"e":"ok","t":150,"offset":9}
                {"n":7,"e":"ok","t":300,"records":{"t/0":[[9,"A"]]}, "more": [1.5, true, null, {}]}
                """);

        List<Operation> read = History.read(file).operations();

        assertEquals(List.of("py", "js"), read.stream().map(Operation::process).toList());
        assertEquals("A", read.get(0).value());
        assertEquals(9, read.get(0).offset());
        assertEquals(List.of(new Seen(new Place("t", 0), 9, "A")), read.get(1).records());
        assertTrue(read.get(1).readCommitted());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{", "[]", "{}", "{\"n\":1}", "{\"n\":\"one\",\"e\":\"invoke\"}",
        "{\"n\":1,\"e\":\"ok\",\"t\":1}",
        "{\"n\":1,\"e\":\"invoke\",\"process\":\"a\",\"f\":\"dance\"}",
        "{\"n\":1,\"e\":\"invoke\",\"process\":\"a\",\"f\":\"send\",\"to\":\"nowhere\"}",
        "{\"n\":1,\"e\":\"invoke\",\"process\":\"a\",\"f\":\"poll\"} x",
        "{\"n\":1,\"e\":\"invoke\",\"process\":\"a\",\"f\":\"poll\",\"x\":\"\\u12\"}",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["})
    void namesTheLineThatIsWrong(String line) throws Exception {
        Path file = directory.resolve("wrong.jsonl");
        Files.writeString(file, "\n" + line + "\n");

        IllegalArgumentException wrong = assertThrows(IllegalArgumentException.class, () -> History
                .read(file));

        assertTrue(wrong.getMessage().contains("line 2: "), wrong.getMessage());
    }

    @Test
    void anOperationThatHasEndedChangesNoMore() {
        Operation operation = recorder.begin(Operation.of("a", Kind.SEND));
        recorder.end(operation, Outcome.OK);

        assertThrows(IllegalStateException.class, () -> operation.at(1));
        assertThrows(IllegalStateException.class, () -> recorder.end(operation, Outcome.FAILED));
    }
}

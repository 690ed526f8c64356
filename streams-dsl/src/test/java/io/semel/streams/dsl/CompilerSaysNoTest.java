package io.semel.streams.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringWriter;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaCompiler.CompilationTask;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The mistakes other libraries report at run time do not compile here; what is right beside each of them
 * does.
 */
class CompilerSaysNoTest {
    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
    /** One for all, so that the class path is read once. */
    private static final StandardJavaFileManager FILES = COMPILER.getStandardFileManager(null, null, null);
    private static final String FRAME = """
        import static io.semel.streams.dsl.Via.via;
        import io.semel.streams.*;
        import io.semel.streams.dsl.*;
        class Program {
            static final Topic<String, String> IN = Topic.of("in", Serdes.string(), Serdes.string());
            static final Topic<String, String> HOP = Topic.of("hop", Serdes.string(), Serdes.string());
            static final Topic<Long, String> NUMBERED = Topic.of("numbered", Serdes.int64(), Serdes.string());
            static final Topic<String, String> OUT = Topic.of("out", Serdes.string(), Serdes.string());
            static final Topic<String, Long> COUNTS = Topic.of("counts", Serdes.string(), Serdes.int64());
            static final Store<String, Long> COUNT = Store.keyed("count", Serdes.string(), Serdes.int64());
            static final Store<String, String> LAST = Store.keyed("last", Serdes.string(), Serdes.string());
            static final Topic<String, Long> COUNTED = Topic.of("counted", Serdes.string(), Serdes.int64());
            static final Topic<Windowed<String>, Long> WINDOWS = Topic.of("windows",
                Serdes.windowed(Serdes.string(), java.time.Duration.ofSeconds(10)), Serdes.int64());
            static final TimeWindows TEN = TimeWindows.tumbling(java.time.Duration.ofSeconds(10));
            static final Within NEAR = Within.within(java.time.Duration.ofSeconds(10));
            static final Store<String, String> LAST2 = Store.keyed("l2", Serdes.string(), Serdes.string());
            static final Topology APP = Topology.of("app", s -> {
                %s
            });
        }
        """;

    static Stream<Arguments> mistakes() {
        return Stream.concat(plainMistakes(), mistakesWithState());
    }

    private static Stream<Arguments> plainMistakes() {
        return Stream.of(
                Arguments.of("an aggregation after a change of key without repartitioning",
                        "s.from(IN).map((k, v) -> KeyValue.of(v, k)).count(COUNT).to(COUNTS);",
                        "s.from(IN).map((k, v) -> KeyValue.of(v, k)).rekey((k, v) -> k, via(HOP))"
                                + ".count(COUNT).to(COUNTS);",
                        "cannot find symbol"),
                Arguments.of("a join of a stream whose key may have changed",
                        "s.from(IN).flatMap((k, v) -> java.util.List.of(KeyValue.of(v, k)))"
                                + ".join(s.table(HOP), (v, t) -> v + t).to(OUT);",
                        "s.from(IN).flatMapValues(v -> java.util.List.of(v))"
                                + ".join(s.table(HOP), (v, t) -> v + t).to(OUT);",
                        "cannot be applied"),
                Arguments.of("a topic of other types than the stream",
                        "s.from(IN).count(COUNT).to(OUT);",
                        "s.from(IN).count(COUNT).to(COUNTS);",
                        "cannot be converted"),
                Arguments.of("a store of other types than what is folded into it",
                        "s.from(IN).count(LAST).to(COUNTS);",
                        "s.from(IN).reduce(LAST, (a, b) -> b).to(OUT);",
                        "cannot be converted"),
                Arguments.of("a join with a table of another key",
                        "s.from(IN).join(s.table(NUMBERED), (v, t) -> v + t).to(OUT);",
                        "s.from(IN).join(s.table(HOP), (v, t) -> v + t).to(OUT);",
                        "incompatible equality constraints"),
                Arguments.of("a repartition topic of another key than the one made",
                        "s.from(IN).rekey(v -> v.length(), via(HOP)).to(OUT);",
                        "s.from(IN).rekey(v -> v.substring(1), via(HOP)).to(OUT);",
                        "incompatible"),
                Arguments.of("a topic without serdes",
                        "s.from(Topic.of(\"in\")).to(OUT);",
                        "s.from(Topic.of(\"in\", Serdes.string(), Serdes.string())).to(OUT);",
                        "cannot be applied"));
    }

    private static Stream<Arguments> mistakesWithState() {
        return Stream.of(
                Arguments.of("a split that forgets the records no branch wants",
                        "s.from(IN).split(b -> b.branch((k, v) -> v.isEmpty(), e -> e.to(OUT)));",
                        "s.from(IN).split(b -> b.branch((k, v) -> v.isEmpty(), e -> e.to(OUT))"
                                + ".otherwise(o -> o.to(HOP)));",
                        "bad return type"),
                Arguments
                        .of("a join of windowed results, which are partitioned by the key without the window",
                        "s.from(IN).windowed(TEN).count(COUNT).toStream()"
                                + ".join(s.table(HOP), (n, t) -> n).to(WINDOWS);",
                        "s.from(IN).windowed(TEN).count(COUNT).toStream()"
                                + ".rekey((k, n) -> k.key(), via(COUNTS)).join(s.table(HOP), (n, t) -> n)"
                                + ".to(COUNTED);",
                        "cannot be applied"),
                Arguments.of("windowed results in a topic of plain keys",
                        "s.from(IN).windowed(TEN).count(COUNT).to(COUNTS);",
                        "s.from(IN).windowed(TEN).count(COUNT).to(WINDOWS);",
                        "cannot be converted"),
                Arguments.of("a session whose aggregates cannot be merged",
                        "s.from(IN).windowed(SessionWindows.session(java.time.Duration.ofMinutes(1)))"
                                + ".aggregate(COUNT, () -> 0L, (n, v) -> n + 1);",
                        "s.from(IN).windowed(SessionWindows.session(java.time.Duration.ofMinutes(1)))"
                                + ".aggregate(COUNT, () -> 0L, (n, v) -> n + 1, Long::sum);",
                        "cannot be applied"),
                Arguments.of("a join of two streams by different keys",
                        "s.from(IN).join(s.from(NUMBERED), NEAR, LAST, LAST2, (a, b) -> a + b).to(OUT);",
                        "s.from(IN).join(s.from(HOP), NEAR, LAST, LAST2, (a, b) -> a + b).to(OUT);",
                        "incompatible equality constraints"),
                Arguments.of("a table regrouped without taking out what a row was",
                        "s.table(IN).rekey((k, v) -> KeyValue.of(v, v), via(HOP))"
                                + ".aggregate(COUNT, () -> 0L, (n, v) -> n + 1).to(COUNTS);",
                        "s.table(IN).rekey((k, v) -> KeyValue.of(v, v), via(HOP))"
                                + ".aggregate(COUNT, () -> 0L, (n, v) -> n + 1, (n, v) -> n - 1).to(COUNTS);",
                        "cannot be applied"),
                Arguments.of("the newest change of a stream, whose records take no other's place",
                        "s.from(IN).latest().to(OUT);",
                        "s.table(IN).latest().to(OUT);",
                        "cannot find symbol"),
                Arguments.of("a step that uses a store it was not given",
                        "s.from(IN).<String, Long, String>process(COUNT,"
                                + " (e, n, out) -> { LAST.put(e.key(), e.value()); out.emit(e.value()); })"
                                + ".to(OUT);",
                        "s.from(IN).<String, Long, String, String, String>process(COUNT, LAST,"
                                + " (e, n, last, out) -> { last.put(e.key(), e.value()); })"
                                + ".to(OUT);",
                        "cannot find symbol"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void refuses(String what, String wrong, String right, String message) {
        assertEquals(List.of(), errors(right), what);

        List<String> errors = errors(wrong);

        assertFalse(errors.isEmpty(), what + " compiles");
        assertTrue(errors.stream().anyMatch(error -> error.contains(message)), errors::toString);
    }

    @Test
    void understandsTheProgramOfThePackagePage() {
        assertEquals(List.of(), errors("""
                Table<String, String> airports = s.table(OUT);
                s.from(IN)
                    .filter((id, flight) -> flight != null)
                    .rekey(flight -> flight.substring(0, 3), via(HOP).partitions(2))
                    .aggregate(COUNT, () -> 0L, (count, flight) -> count + 1)
                    .toStream()
                    .leftJoin(airports, (count, airport) -> count)
                    .to(COUNTS);
                """));
    }

    private static List<String> errors(String body) {
        String source = String.format(Locale.ROOT, FRAME, body);
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///Program.java"),
                JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        CompilationTask task = COMPILER.getTask(new StringWriter(), FILES, said,
                List.of("-proc:none", "-implicit:none", "-d", System.getProperty("java.io.tmpdir"),
                "-classpath",
                        System.getProperty("java.class.path"), "-XDshould-stop.ifError=ATTR",
                        "-XDshould-stop.ifNoError=ATTR"),
                null, List.of(file));
        task.call();
        return said.getDiagnostics().stream().filter(one -> one.getKind() == Diagnostic.Kind.ERROR)
                .map(one -> one.getMessage(Locale.ENGLISH)).toList();
    }
}

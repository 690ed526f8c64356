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
import javax.tools.JavaCompiler.CompilationTask;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
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
            static final Topology APP = Topology.of("app", s -> {
                %s
            });
        }
        """;

    static Stream<Arguments> mistakes() {
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
                        "cannot find symbol"),
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
                        "cannot be"),
                Arguments.of("a repartition topic of another key than the one made",
                        "s.from(IN).rekey(v -> v.length(), via(HOP)).to(OUT);",
                        "s.from(IN).rekey(v -> v.substring(1), via(HOP)).to(OUT);",
                        "incompatible"),
                Arguments.of("a topic without serdes",
                        "s.from(Topic.of(\"in\")).to(OUT);",
                        "s.from(Topic.of(\"in\", Serdes.string(), Serdes.string())).to(OUT);",
                        "cannot be applied"));
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
        CompilationTask task = ToolProvider.getSystemJavaCompiler().getTask(new StringWriter(), null, said,
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

package io.semel.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The house keeps its rules: each rule is checked on the tree as it lies on the disk, less what {@code
 * house-exemptions.txt} forgives, and each is shown to find what it is for.
 */
class HouseRulesTest {
    @Test
    void everyRuleHoldsInTheWholeTree() throws IOException {
        SourceTree tree = SourceTree.read(SourceTree.root());
        Map<String, List<Breach>> found = new LinkedHashMap<>(HouseRules.check(tree.sources()));
        found.put("floors", Floors.check(tree.poms()));
        found.put("circles", Circles.check(tree.main()));
        List<Breach> all = new ArrayList<>();
        found.values().forEach(all::addAll);

        List<Breach> left = exemptions().apply(List.copyOf(found.keySet()), all);

        String told = left.stream().map(Breach::toString).collect(Collectors.joining("\n"));
        assertEquals("", told, left.size() + " breaches of the rules of the house");
    }

    @Test
    void theTreeThatIsCheckedIsTheWholeTree() throws IOException {
        SourceTree tree = SourceTree.read(SourceTree.root());
        int uses = Circles.uses(tree.main()).values().stream().mapToInt(TreeSet::size).sum();

        assertTrue(tree.poms().size() > 10, "poms: " + tree.poms().keySet());
        assertTrue(tree.sources().size() > 300, "sources: " + tree.sources().size());
        assertTrue(uses > 60, "uses between packages: " + uses);
    }

    @Test
    void everyExemptionIsOfARuleThatIsChecked() throws IOException {
        List<String> rules = new ArrayList<>(HouseRules.check(List.of()).keySet());
        rules.addAll(List.of("floors", "circles"));

        for (Exemptions.Exemption one : exemptions().list()) {
            assertTrue(rules.contains(one.rule()), one.toString());
        }
    }

    private static Exemptions exemptions() throws IOException {
        try (InputStream list = HouseRulesTest.class.getResourceAsStream("/house-exemptions.txt")) {
            return Exemptions.parse(new String(list.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Planted snippets: a rule that finds nothing wrong with these is no rule. */
    @Nested
    class CanFail {
        @ParameterizedTest
        @ValueSource(strings = {
            "long now = System.nanoTime();",
            "long now = System.currentTimeMillis();",
            "int r = new Random().nextInt();",
            "Thread.yield();",
            "synchronized void f() { }",
            "volatile int x;",
            "import java.util.concurrent.TimeUnit;",
            "import java.io.File;",
            "import java.nio.file.Path;",
            "import java.nio.channels.FileChannel;",
            "import org.slf4j.Logger;",
            "Object o = new HashMap<String, String>();",
            "Object o = new HashSet<>();",
            "Object o = Set.of(1, 2);",
            "Object o = Map.of(k, v);",
            "Object o = Map.copyOf(other);",
            "Object o = s.collect(Collectors.toSet());",
            "Object o = UUID.randomUUID();",
            "Object o = Instant.now();",
            "list.parallelStream();"})
        void aPureModuleThatReachesForTheWorld(String line) {
            assertFound("pure", "read-committed/src/main/java/io/semel/committed/Bad.java", line);
            assertClean("pure", "broker/src/main/java/io/semel/broker/desk/Fine.java", line);
            assertClean("pure", "read-committed/src/test/java/io/semel/committed/FineTest.java", line);
        }

        @ParameterizedTest
        @ValueSource(strings = {
            "Object o = new LinkedHashMap<>();",
            "Object o = Map.of();",
            "Object o = Set.of();",
            "// as HashMap does",
            "String s = \"synchronized HashMap\";",
            "import java.nio.ByteBuffer;",
            "/* new Random() */",
            "String threadless = null;",
            "char c = '\"'; // Thread"})
        void notWhatOnlyLooksImpure(String line) {
            assertClean("pure", "read-committed/src/main/java/io/semel/committed/Fine.java", line);
        }

        @ParameterizedTest
        @ValueSource(strings = {
            "synchronized void f() { }",
            "private volatile int x;",
            "import java.util.concurrent.locks.ReentrantLock;",
            "import java.util.concurrent.ConcurrentHashMap;",
            "import java.util.concurrent.atomic.AtomicLong;",
            "import java.util.concurrent.LinkedBlockingQueue;",
            "Object o = Collections.synchronizedList(list);"})
        void aLockOutsideTheThreeRooms(String line) {
            assertFound("locks", "broker/src/main/java/io/semel/broker/desk/Bad.java", line);
            assertFound("locks", "streams-dsl/src/main/java/io/semel/streams/task/Bad.java", line);
            assertClean("locks", "broker/src/main/java/io/semel/broker/net/Fine.java", line);
            assertClean("locks", "kernel/src/main/java/io/semel/kernel/lane/Fine.java", line);
            assertClean("locks", "examples/src/main/java/io/semel/examples/Fine.java", line);
        }

        @ParameterizedTest
        @CsvSource({"io.netty.channel.Channel, broker, io.semel.broker.desk, io.semel.broker.net",
            "net.openhft.chronicle.bytes.Bytes, log-engine, io.semel.log, io.semel.log.disk",
            "org.apache.kafka.common.Uuid, log-engine, io.semel.log, io.semel.wire",
            "net.jpountz.lz4.LZ4Factory, wire, io.semel.wire, io.semel.compression"})
        void aThirdPartyAwayFromHome(String type, String module, String away, String home) {
            String homeModule = home.matches("io.semel.(wire|compression)") ? home.substring(9) : module;
            assertFound("homes", pathOf(module, away), "import " + type + ";");
            assertFound("homes", pathOf(module, away), "Object o = new " + type + "();");
            assertClean("homes", pathOf(homeModule, home), "import " + type + ";");
        }

        @Test
        void aSleep() {
            assertFound("sleep", "broker/src/test/java/io/semel/broker/BadTest.java", "Thread.sleep(5);");
            assertFound("sleep", "broker/src/main/java/io/semel/broker/Bad.java",
                    "TimeUnit.SECONDS.sleep(1);");
            assertClean("sleep", "broker/src/main/java/io/semel/broker/Fine.java", "// Thread.sleep(5)");
        }

        @Test
        void whatIsLeftLying() {
            assertFound("leftovers", "wire/src/main/java/io/semel/wire/Bad.java", "// TO" + "DO later");
            assertFound("leftovers", "wire/src/test/java/io/semel/wire/BadTest.java", "/* FIX" + "ME */");
            assertFound("leftovers", "wire/src/test/java/io/semel/wire/BadTest.java", "Path.of(\"/wo"
                    + "rk/main\")");
            assertClean("leftovers", "wire/src/main/java/io/semel/wire/Fine.java",
                    "// nothing to do; network/x");
        }

        @Test
        void aPackageThatDoesNotExplainItself() {
            JavaSource type = source("wire/src/main/java/io/semel/wire/A.java", "class A { }");
            String path = "wire/src/main/java/io/semel/wire/package-info.java";

            assertEquals(1, found("package-info", type).size());
            assertEquals(1, found("package-info", type, JavaSource.of(path, "package io.semel.wire;"))
                    .size());
            assertEquals(1, found("package-info", type,
                    JavaSource.of(path, "/** One. Two. */\npackage io.semel.wire;")).size());
            assertEquals(0, found("package-info", type,
                    JavaSource.of(path,
                            "/** Does.\n * Never does.\n * Start reading at A. */\npackage io.semel.wire;"))
                            .size());
        }

        @Test
        void aPublicTypeWithoutAWord() {
            assertFound("docstring", "wire/src/main/java/io/semel/wire/Bad.java",
                    "public final class Bad { }");
            assertFound("docstring", "wire/src/main/java/io/semel/wire/Bad.java",
                    "/** Not its own. */ import a.B;\n\npublic record Bad() { }");
            assertClean("docstring", "wire/src/main/java/io/semel/wire/Fine.java",
                    "/** Says so. */\n@Deprecated\npublic class Fine { }");
            assertClean("docstring", "wire/src/main/java/io/semel/wire/Fine.java", "class Fine { }");
        }

        @Test
        void whatIsTooLongOrTooWide() {
            String path = "wire/src/main/java/io/semel/wire/Bad.java";
            String body = "        f();\n";
            assertFound("class-size", path, "\n".repeat(500));
            assertFound("columns", path, " ".repeat(111));
            assertClean("columns", path, " ".repeat(110));
            assertFound("method-size", path, "class Bad {\n    void f(int a) {\n" + body.repeat(59)
                    + "    }\n}");
            assertClean("method-size", path, "class Bad {\n    void f(int a) {\n" + body.repeat(58)
                    + "    }\n}");
        }

        @Test
        void aMethodIsMeasuredFromItsSignatureToItsBrace() {
            JavaSource source = source("wire/src/main/java/io/semel/wire/Bad.java", """
                    class Bad {
                        private static final int[] TABLE = {
                            1, 2 };
                        private final Runnable task = () -> {
                        };
                        Bad() {
                        }
                        <T extends Comparable<T>> void two(List<? super T> a,
                                int b) throws IOException, Failure {
                            if (b > 0) {
                                new Thread(new Runnable() {
                                    public void run() {
                                    }
                                });
                            }
                        }
                        record Pair(int a) {
                            Pair {
                                check(a);
                            }
                        }
                    }
                    """);

            assertEquals(Map.of("Bad", 2, "two", 9, "Pair", 3), MethodLengths.of(source));
        }

        @Test
        void packagesInACircle() {
            JavaSource a = source("wire/src/main/java/io/semel/a/A.java", "import io.semel.b.inner.B;");
            JavaSource b = source("wire/src/main/java/io/semel/b/inner/B.java",
                    "Object o = io.semel.c.C.Nested.of();");
            JavaSource c = source("kernel/src/main/java/io/semel/c/C.java", "import static io.semel.a.A.of;");
            JavaSource d = source("kernel/src/main/java/io/semel/d/D.java", "import io.semel.a.A;");

            List<Breach> found = Circles.check(List.of(a, b, c, d));

            assertEquals(1, found.size());
            assertEquals("goes round through [io.semel.a, io.semel.b.inner, io.semel.c]",
                    found.get(0).what());
            assertEquals(List.of(), Circles.check(List.of(a, b, d)));
        }

        @Test
        void aModuleThatStandsOnWhatItMustNot() {
            assertEquals(1, floors("read-committed", "io.semel", "semel-producer-idempotence", "compile")
                    .size());
            assertEquals(1, floors("kernel", "io.semel", "semel-wire", "compile").size());
            assertEquals(1, floors("broker", "io.semel", "semel-sim", "runtime").size());
            assertEquals(1, floors("txn-coordinator", "org.slf4j", "slf4j-api", "compile").size());
            assertEquals(1, floors("streams-dsl", "org.apache.kafka", "kafka-streams", "compile").size());
            assertEquals(1, floors("attic", "org.slf4j", "slf4j-api", "compile").size());
            assertEquals(0, floors("broker", "io.semel", "semel-sim", "test").size());
            assertEquals(0, floors("broker", "io.semel", "semel-log-engine", "compile").size());
        }

        @Test
        void aSourceThatLooksUpwards() {
            JavaSource broker = source("broker/src/main/java/io/semel/broker/B.java", "class B { }");
            JavaSource wire = source("wire/src/main/java/io/semel/wire/W.java", "import io.semel.broker.B;");

            assertEquals(1, found("upward", broker, wire).size());
            assertEquals(0, found("upward", broker,
                    source("bench/src/main/java/io/semel/bench/W.java", "import io.semel.broker.B;")).size());
        }

        @Test
        void anExemptionThatIsExceededOrNotNeeded() {
            Exemptions list = Exemptions.parse("# why\nlocks | a | 2 | because\n");

            assertEquals(List.of(), list.apply(List.of("locks"), List.of(new Breach("locks", "a", 2, ""))));
            assertEquals(1, list.apply(List.of("locks"), List.of(new Breach("locks", "a", 3, ""))).size());
            assertEquals(2, list.apply(List.of("locks"), List.of(new Breach("locks", "b", 1, ""))).size());
            assertEquals(1, list.apply(List.of("locks"), List.of()).size());
            assertEquals(0, list.apply(List.of("pure"), List.of()).size());
            assertThrows(IllegalArgumentException.class, () -> Exemptions.parse("locks | a | 2 | "));
        }

        private List<Breach> floors(String module, String group, String artifact, String scope) {
            String pom = "<project><parent><groupId>io.semel</groupId></parent><dependencies><dependency>"
                    + "<groupId>" + group + "</groupId><artifactId>" + artifact + "</artifactId>"
                    + "<scope>" + scope + "</scope></dependency></dependencies></project>";
            return Floors.check(new TreeMap<>(Map.of(module, pom)));
        }

        private void assertFound(String rule, String path, String line) {
            assertEquals(1, found(rule, source(path, line)).size(), rule + " must find: " + line);
        }

        private void assertClean(String rule, String path, String line) {
            assertEquals(List.of(), found(rule, source(path, line)));
        }

        private List<Breach> found(String rule, JavaSource... sources) {
            return HouseRules.check(List.of(sources)).get(rule);
        }

        private String pathOf(String module, String packageName) {
            return module + "/src/main/java/" + packageName.replace('.', '/') + "/Planted.java";
        }

        private JavaSource source(String path, String body) {
            String folder = path.substring(path.indexOf("/java/") + 6, path.lastIndexOf('/'));
            return JavaSource.of(path, "package " + folder.replace('/', '.') + ";\n" + body + "\n");
        }
    }
}

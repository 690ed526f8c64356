package io.semel.it.mutants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Would the test of a row of the checklist notice that the row does not hold? Each mutant is compiled and
 * put before the right class in a JVM of its own, in which the row's test must fail; or not end, which no
 * build takes for success. All of them under soak, every sixteenth otherwise. {@code -Dsemel.row=N} plays
 * those of one row.
 */
class MutantsTest {
    private static final Path ROOT = Path.of(System.getProperty("semel.root"));
    private static final boolean SOAK = Integer.getInteger("semel.scale", 1) > 1;
    private static final int ROW = Integer.getInteger("semel.row", 0);
    private static final int ONE_IN = 16;
    private static final int PATIENCE_S = 90;
    private static final int NEVER_ENDED = -1;

    static List<Mutant> mutants() throws IOException {
        List<Mutant> all = Mutant.all(ROOT);
        if (ROW > 0) return all.stream().filter(mutant -> mutant.row() == ROW).toList();
        List<Mutant> some = new ArrayList<>();
        for (int index = 0; index < all.size(); index += SOAK ? 1 : ONE_IN) some.add(all.get(index));
        return some;
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isNoticed(Mutant mutant, @TempDir Path directory) throws Exception {
        Path source = directory.resolve("src").resolve(mutant.file().getFileName());
        Path classes = Files.createDirectories(directory.resolve("classes"));
        Files.createDirectories(source.getParent());
        Files.writeString(source, mutant.source());
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none", "-nowarn",
                "-cp", classPath(), "-d", classes.toString(), source.toString()), "it compiles");

        Path said = directory.resolve("said");
        int end = run(classes + File.pathSeparator, List.of(mutant.test()), said);

        System.out.println("mutant " + mutant + ": " + (end == NEVER_ENDED ? "never ended" : "noticed"));
        assertTrue(end == RunTests.FAILED || end == NEVER_ENDED, () -> mutant + " went unnoticed by "
                + mutant.test() + ", exit code " + end + ":\n" + text(said));
    }

    /** Otherwise it would be the way they are run that fails. */
    @Test
    void nothingFailsWithoutMutants(@TempDir Path directory) throws Exception {
        Set<String> tests = new LinkedHashSet<>();
        for (Mutant mutant : mutants()) tests.add(mutant.test());
        Path said = directory.resolve("said");

        assertEquals(RunTests.PASSED, run("", tests, said), () -> text(said));
    }

    @Test
    void everyRowHasAMutantOfATestOfItsOwn() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/checklist.md"));
        Set<Integer> rows = new TreeSet<>();
        for (Mutant mutant : Mutant.all(ROOT)) {
            mutant.source();
            rows.add(mutant.row());
            boolean named = page.lines().anyMatch(line -> line.startsWith("| " + mutant.row() + " |")
                    && line.contains("`" + mutant.test() + "`") && line.contains(mutant.name()));
            assertTrue(named, () -> "row " + mutant.row() + " names " + mutant.test() + " and its mutation: "
                    + mutant.name());
        }
        assertEquals(64, rows.size(), rows::toString);
    }

    private static int run(String before, Collection<String> tests, Path said) throws Exception {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(List.of("--add-opens", "java.base/java.lang.reflect=ALL-UNNAMED", "--add-exports",
                "java.base/sun.nio.ch=ALL-UNNAMED", "--add-exports",
                "java.base/jdk.internal.ref=ALL-UNNAMED", "-Xmx768m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-Dsemel.root=" + ROOT,
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off", "-cp", before + classPath(),
                RunTests.class.getName()));
        for (String test : tests) command.add(fullName(test));
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(said.toFile()).directory(ROOT.resolve("it-tests").toFile()).start();
        try {
            boolean ended = process.waitFor((long) PATIENCE_S * tests.size(), TimeUnit.SECONDS);
            return ended ? process.exitValue() : NEVER_ENDED;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** This test's, and what the tests of the other modules are compiled to. */
    private static String classPath() throws IOException {
        StringBuilder path = new StringBuilder(System.getProperty("java.class.path"));
        for (Path module : modules()) {
            path.append(File.pathSeparator).append(module.resolve("target/test-classes"));
        }
        return path.toString();
    }

    private static String fullName(String test) throws IOException {
        String name = test.substring(0, test.indexOf('#'));
        for (Path module : modules()) {
            Path sources = module.resolve("src/test/java");
            try (Stream<Path> files = Files.walk(sources)) {
                Path found = files.filter(file -> file.endsWith(name + ".java")).findFirst().orElse(null);
                if (found == null) continue;
                String type = sources.relativize(found).toString().replace(".java", "").replace('/', '.');
                return type + test.substring(name.length());
            }
        }
        throw new IllegalStateException("no such test: " + test);
    }

    private static List<Path> modules() throws IOException {
        try (Stream<Path> all = Files.list(ROOT)) {
            return all.filter(module -> Files.isDirectory(module.resolve("src/test/java"))).sorted().toList();
        }
    }

    private static String text(Path said) {
        try {
            String all = Files.readString(said);
            return all.substring(Math.max(0, all.length() - 4_000));
        } catch (IOException failure) {
            return failure.toString();
        }
    }
}

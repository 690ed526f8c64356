package io.semel.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every row of docs/checklist.md names tests, and every test it names is there. */
class ChecklistTest {
    private static final Path ROOT = Path.of(System.getProperty("semel.root"));
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| [^|]+ \\| ([^|]+) \\|");
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

    @Test
    void everyRowHasItsTests() throws IOException {
        Map<Integer, List<String>> rows = rows();

        assertEquals(IntStream.concat(IntStream.rangeClosed(1, 60), IntStream.rangeClosed(63, 66)).boxed()
                .toList(), List.copyOf(rows.keySet()));
        rows.forEach((row, tests) -> assertTrue(tests.size() > 0, "row " + row + " names no test"));
    }

    @Test
    void everyTestThatIsNamedIsThere() throws IOException {
        Map<String, String> sources = testSources();
        List<String> missing = new ArrayList<>();
        Matcher test = TEST.matcher(Files.readString(ROOT.resolve("docs/checklist.md")));
        while (test.find()) {
            String source = sources.getOrDefault(test.group(1), "");
            if (!source.contains("void " + test.group(2) + "(")) missing.add(test.group());
        }
        assertEquals(List.of(), missing);
    }

    private static Map<Integer, List<String>> rows() throws IOException {
        Map<Integer, List<String>> rows = new TreeMap<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/checklist.md"))) {
            Matcher row = ROW.matcher(line);
            if (!row.matches()) continue;
            List<String> tests = new ArrayList<>();
            Matcher test = TEST.matcher(row.group(2));
            while (test.find()) tests.add(test.group(1) + "#" + test.group(2));
            rows.put(Integer.valueOf(row.group(1)), tests);
        }
        return rows;
    }

    private static Map<String, String> testSources() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        List<Path> modules;
        try (Stream<Path> all = Files.list(ROOT)) {
            modules = all.map(module -> module.resolve("src/test/java")).filter(Files::isDirectory).toList();
        }
        for (Path module : modules) {
            try (Stream<Path> files = Files.walk(module)) {
                for (Path file : files.filter(one -> one.toString().endsWith("Test.java")).toList()) {
                    sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
                }
            }
        }
        return sources;
    }
}

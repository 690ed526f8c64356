package io.semel.it;

import static java.util.Map.entry;
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

/** Every row of the four checklists in docs names tests that are there. */
class ChecklistTest {
    private static final Path ROOT = Path.of(System.getProperty("semel.root"));
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| [^|]+ \\| ([^|]+) \\| [^|]+ \\|");
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

    @Test
    void everyRowHasItsTests() throws IOException {
        Map<Integer, List<String>> rows = rows();

        assertEquals(IntStream.concat(IntStream.rangeClosed(1, 60), IntStream.rangeClosed(63, 66)).boxed()
                .toList(), List.copyOf(rows.keySet()));
        rows.forEach((row, tests) -> assertTrue(tests.size() > 0, "row " + row + " names no test"));
    }

    @Test
    void everyRowOfGroupsProtocolAndToolsHasItsTests() throws IOException {
        Map<String, Boolean> named = new TreeMap<>();
        Pattern line = Pattern.compile("\\| (\\d+|[GPA]\\d) \\| [^|]+ \\| ([^|]+) \\| [^|]+ \\|");
        Matcher row = line.matcher(Files.readString(ROOT.resolve("docs/checklist-clients.md")));
        while (row.find()) named.put(row.group(1), TEST.matcher(row.group(2)).find());

        assertEquals(Map.ofEntries(entry("61", true), entry("62", true), entry("G1", true),
                entry("G2", true), entry("G3", true), entry("G4", true), entry("G5", true), entry("P1", true),
                entry("P2", true), entry("P3", true), entry("P4", true), entry("P5", true),
                entry("P6", true), entry("A1", true), entry("A2", true)), named);
    }

    /** Row C6.9, logins, is not built, and says so. */
    @Test
    void everyRowOfStorageHasItsTests() throws IOException {
        List<String> rows = new ArrayList<>();
        Pattern line = Pattern.compile("\\| ([SC][\\d.]+) \\| [^|]+ \\| ([^|]+) \\|");
        Matcher row = line.matcher(Files.readString(ROOT.resolve("docs/checklist-storage.md")));
        while (row.find()) if (TEST.matcher(row.group(2)).find()) rows.add(row.group(1));

        assertEquals(List.of("S1", "S2", "S3", "S4", "C2.1", "C2.2", "C2.3", "C2.4", "C2.5", "C2.6", "C3.1",
                "C3.2", "C3.3", "C3.4", "C3.5", "C3.6", "C3.7", "C3.8", "C3.9", "C3.10", "C6.1", "C6.2",
                "C6.3", "C6.4", "C6.5", "C6.6", "C6.7", "C6.8", "C6.10", "C6.11", "C6.12", "C6.13"), rows);
    }

    @Test
    void everyRowOfFaultsHasItsTests() throws IOException {
        List<String> rows = new ArrayList<>();
        Pattern line = Pattern.compile("\\| (C[147]\\.\\d+) \\| [^|]+ \\| ([^|]+) \\|");
        Matcher row = line.matcher(Files.readString(ROOT.resolve("docs/checklist-faults.md")));
        while (row.find()) if (TEST.matcher(row.group(2)).find()) rows.add(row.group(1));

        assertEquals(List.of("C1.1", "C1.2", "C1.3", "C1.4", "C1.5", "C1.6", "C1.7", "C4.1", "C4.2", "C4.3",
                "C4.4", "C4.5", "C4.6", "C4.7", "C4.8", "C4.9", "C4.10", "C7.1", "C7.2", "C7.3", "C7.4",
                "C7.5", "C7.6"), rows);
    }

    @Test
    void everyTestThatIsNamedIsThere() throws IOException {
        Map<String, String> sources = testSources();
        List<String> missing = new ArrayList<>();
        Matcher test = TEST.matcher(Files.readString(ROOT.resolve("docs/checklist.md"))
                + Files.readString(ROOT.resolve("docs/checklist-clients.md"))
                + Files.readString(ROOT.resolve("docs/checklist-storage.md"))
                + Files.readString(ROOT.resolve("docs/checklist-faults.md")));
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
                    sources.merge(file.getFileName().toString().replace(".java", ""),
                            Files.readString(file), String::concat);
                }
            }
        }
        return sources;
    }
}

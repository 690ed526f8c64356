package io.semel.it.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * docs/compatibility.md: the table in it is what ran. A run writes the cells of what it tried; what it did
 * not try
 * keeps its cell. One thread.
 */
final class CompatibilityPage {
    static final String PASSES = "passes";
    private static final String BEGIN = "<!-- rows -->";
    private static final String END = "<!-- end of rows -->";
    private static final String HEAD = """
            | client | version | feature | Semel | Apache Kafka %s | run by |
            |---|---|---|---|---|---|
            """;

    private final Path file;
    private final Map<String, String> semel = new LinkedHashMap<>();
    private final Map<String, String> kafka = new LinkedHashMap<>();

    CompatibilityPage(Path root) {
        this.file = root.resolve("docs/compatibility.md");
    }

    /** A check has passed against one of the two. */
    void passed(boolean atKafka, Check check) {
        (atKafka ? kafka : semel).put(check.row(), PASSES);
    }

    /** The rows as they are on the page, without the table's head. */
    List<String> rows() throws IOException {
        String text = Files.readString(file);
        List<String> rows = new ArrayList<>();
        for (String line : text.substring(text.indexOf(BEGIN), text.indexOf(END)).split("\n")) {
            if (line.startsWith("| ") && !line.startsWith("| client |")) rows.add(line);
        }
        return rows;
    }

    /** The rows as they should be: what was tried now, and otherwise what the page says. */
    List<String> rowsOf(List<Check> checks) throws IOException {
        Map<String, String[]> before = new LinkedHashMap<>();
        for (String row : rows()) {
            String[] cells = row.split(" \\| ");
            before.put(String.join(" | ", cells[0].substring(2), cells[1], cells[2]), cells);
        }
        List<String> rows = new ArrayList<>();
        for (Check check : checks) {
            String[] old = before.get(check.row());
            String here = semel.getOrDefault(check.row(), old == null ? "." : old[3]);
            String there = kafka.getOrDefault(check.row(), old == null ? "." : old[4]);
            rows.add("| " + check.row() + " | " + here + " | " + there + " | "
                    + (check.soak() ? "soak" : "verify") + " |");
        }
        return rows;
    }

    void write(List<Check> checks) throws IOException {
        String text = Files.readString(file);
        String table = HEAD.formatted(Versions.KAFKA) + String.join("\n", rowsOf(checks)) + "\n";
        Files.writeString(file, text.substring(0, text.indexOf(BEGIN)) + BEGIN + "\n" + table
                + text.substring(text.indexOf(END)));
    }
}

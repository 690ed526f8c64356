package io.semel.it.kit.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/testing.md shows is what the build compiles and runs, letter by letter. */
class GuideTest {
    private static final Path ROOT = Path.of(System.getProperty("semel.root"));
    private static final Path SOURCES = ROOT.resolve("it-tests/src/test/java/io/semel/it/kit/guide");
    private static final Pattern SNIPPET = Pattern.compile("<!-- guide: (\\w+) -->\n```java\n(.*?)```\n",
            Pattern.DOTALL);

    @Test
    void showsWhatIsCompiledAndRun() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        for (String name : List.of("Billing.java", "BillingTest.java")) {
            collect(Files.readAllLines(SOURCES.resolve(name)), sources);
        }
        Map<String, String> shown = new TreeMap<>();
        String page = Files.readString(ROOT.resolve("docs/testing.md"));
        for (Matcher match = SNIPPET.matcher(page); match.find();) shown.put(match.group(1), match.group(2));

        assertFalse(sources.isEmpty());
        for (String name : sources.keySet()) assertEquals(sources.get(name), shown.get(name), name);
        assertEquals(sources.keySet(), shown.keySet());
    }

    /** What stands between the markers, moved to the left. */
    private static void collect(List<String> lines, Map<String, String> snippets) {
        List<String> open = null;
        String name = null;
        for (String line : lines) {
            if (line.strip().startsWith("// guide: ")) {
                name = line.strip().substring("// guide: ".length());
                open = new ArrayList<>();
            } else if (line.strip().equals("// end")) {
                snippets.put(name, moved(open));
                open = null;
            } else if (open != null) {
                open.add(line);
            }
        }
    }

    private static String moved(List<String> lines) {
        int indent = lines.stream().filter(line -> !line.isBlank())
                .mapToInt(line -> line.length() - line.stripLeading().length()).min().orElse(0);
        StringBuilder text = new StringBuilder();
        for (String line : lines) text.append(line.isBlank() ? "" : line.substring(indent)).append('\n');
        return text.toString();
    }
}

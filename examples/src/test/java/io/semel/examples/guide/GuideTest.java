package io.semel.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.streams.dsl.Sources;
import io.semel.streams.dsl.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The guide shows nothing that is not compiled here. */
class GuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "streams.md");
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void everySnippetIsInASourceThatTheBuildCompiles() throws IOException {
        String sources = sources();
        List<String> missing = new ArrayList<>();
        int count = 0;
        for (Matcher snippet = JAVA.matcher(Files.readString(GUIDE)); snippet.find(); count++) {
            if (!sources.contains(plain(snippet.group(1)))) {
                missing.add(snippet.group(1));
            }
        }

        assertEquals(List.of(), missing);
        assertTrue(count >= 6, "found only " + count);
    }

    @Test
    void everyTopologyOfItIsOne() {
        List<Consumer<Sources>> snippets = List.of(Snippets::split, Snippets::windows, Snippets::join,
            Snippets::timers, Snippets::latest);

        snippets.forEach(snippet -> assertTrue(Topology.of("guide", snippet).describe().length() > 100));
        assertTrue(Totals.topology().describe().contains("store total <- billing-total-changelog"));
    }

    private static String sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            List<Path> java = files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
            StringBuilder all = new StringBuilder();
            for (Path file : java) {
                all.append(plain(Files.readString(file)));
            }
            return all.toString();
        }
    }

    /** Without white space: a page has wider lines. */
    private static String plain(String text) {
        return text.replaceAll("\\s+", "");
    }
}

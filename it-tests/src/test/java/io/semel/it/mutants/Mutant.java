package io.semel.it.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A small bug with a name, for a row of docs/checklist.md: in one source file one piece of text stands for
 * another, and a test of that row must fail. Immutable.
 *
 * @param test {@code Class#method}
 */
record Mutant(int row, String name, Path file, String was, String becomes, String test) {
    private static final Path LIST = Path.of("it-tests/src/test/resources/mutants.txt");

    /** All of them, in the order of their rows. */
    static List<Mutant> all(Path root) throws IOException {
        List<String> lines = Files.readAllLines(root.resolve(LIST)).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
        List<Mutant> mutants = new ArrayList<>();
        for (int at = 0; at < lines.size(); at += 5) {
            String head = lines.get(at);
            int blank = head.indexOf(' ');
            mutants.add(new Mutant(Integer.parseInt(head.substring(0, blank)), head.substring(blank + 1),
                    root.resolve(after(lines.get(at + 1), "  in ")), after(lines.get(at + 2), "  - "),
                    after(lines.get(at + 3), "  + "), after(lines.get(at + 4), "  = ")));
        }
        return mutants;
    }

    private static String after(String line, String mark) {
        if (!line.startsWith(mark)) throw new IllegalArgumentException("not " + mark + ": " + line);
        return line.substring(mark.length());
    }

    /** The file with the bug in it. */
    String source() throws IOException {
        String right = Files.readString(file);
        int at = right.indexOf(was);
        if (at < 0 || right.indexOf(was, at + 1) >= 0) {
            throw new IllegalStateException("not there, or more than once, in " + file + ": " + was);
        }
        return right.substring(0, at) + becomes + right.substring(at + was.length());
    }

    @Override
    public String toString() {
        return row + " " + name;
    }
}

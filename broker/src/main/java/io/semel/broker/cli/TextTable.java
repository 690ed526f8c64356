package io.semel.broker.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Lines of words in aligned columns, with a head. One thread. */
final class TextTable {
    private final List<List<String>> lines = new ArrayList<>();

    TextTable(String... head) {
        lines.add(List.of(head));
    }

    void add(Object... words) {
        List<String> line = new ArrayList<>(words.length);
        for (Object word : words) line.add(String.valueOf(word));
        lines.add(line);
    }

    boolean isEmpty() {
        return lines.size() == 1;
    }

    void print(PrintWriter out) {
        int[] widths = new int[lines.get(0).size()];
        for (List<String> line : lines) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], line.get(column).length());
            }
        }
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String word = line.get(column);
                text.append(word).append(" ".repeat(widths[column] - word.length() + 2));
            }
            out.println(text.toString().stripTrailing());
        }
    }
}

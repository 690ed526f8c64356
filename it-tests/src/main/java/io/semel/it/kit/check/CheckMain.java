package io.semel.it.kit.check;

import io.semel.it.kit.history.History;
import java.nio.file.Path;
import java.util.List;

/**
 * Checks a history file from a shell, for clients in any language: {@code CheckMain history.jsonl [--json]}.
 * Ends with 0 when nothing is wrong, 1 for anomalies, 2 when the file cannot be read.
 */
public final class CheckMain {
    private CheckMain() {
    }

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    static int run(List<String> arguments) {
        boolean json = arguments.contains("--json");
        List<String> files = arguments.stream().filter(argument -> !argument.startsWith("--")).toList();
        if (files.size() != 1) {
            System.err.println("CheckMain history.jsonl [--json]");
            return 2;
        }
        try {
            Report report = Checker.check(History.read(Path.of(files.get(0))));
            System.out.println(json ? report.json() : report.text());
            return report.isClean() ? 0 : 1;
        } catch (RuntimeException wrong) {
            System.err.println(wrong.getMessage());
            return 2;
        }
    }
}

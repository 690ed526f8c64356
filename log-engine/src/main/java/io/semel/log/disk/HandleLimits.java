package io.semel.log.disk;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many files this process may open, and how many mappings it may have, as Linux tells; elsewhere what is
 * usual. Immutable; any thread.
 */
public record HandleLimits(int openFiles, int mappings) {
    private static final HandleLimits USUAL = new HandleLimits(4_096, 65_530);
    private static final String OPEN_FILES = "Max open files";

    /** A JVM raises its own limit to the highest it may have: ask when it runs. */
    public static HandleLimits found() {
        return found(Path.of("/proc/self/limits"), Path.of("/proc/sys/vm/max_map_count"));
    }

    static HandleLimits found(Path limits, Path mapCount) {
        int openFiles = USUAL.openFiles;
        int mappings = USUAL.mappings;
        try {
            for (String line : Files.readAllLines(limits)) {
                if (line.startsWith(OPEN_FILES)) openFiles = number(line.substring(OPEN_FILES.length()));
            }
            mappings = number(firstLine(mapCount));
        } catch (IOException | NumberFormatException notLinux) {
            return new HandleLimits(openFiles, mappings);
        }
        return new HandleLimits(openFiles, mappings);
    }

    /** In one read: a second one of such a file finds nothing, and the JDK begins with a single byte. */
    private static String firstLine(Path file) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            String line = reader.readLine();
            return line == null ? "" : line;
        }
    }

    /** The first word, which may be too large for an int, or say that there is no limit. */
    private static int number(String text) {
        String word = text.trim().split(" +")[0];
        if (word.equals("unlimited")) return Integer.MAX_VALUE;
        return (int) Math.min(Integer.MAX_VALUE, Long.parseLong(word));
    }
}

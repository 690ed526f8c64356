package io.semel.log;

import io.semel.kernel.world.DiskFailure;
import java.util.List;

/**
 * Kafka's checkpoint text, version 0: a line with the version, one with the number of entries, then a line
 * for each. Stateless.
 */
final class Checkpoint {
    private static final String VERSION = "0";

    private Checkpoint() {
    }

    static String text(List<String> entries) {
        StringBuilder text = new StringBuilder(VERSION + '\n' + entries.size() + '\n');
        for (String entry : entries) text.append(entry).append('\n');
        return text.toString();
    }

    /** @param text null for a file that does not exist: no entries */
    static List<String> parse(String path, String text) {
        if (text == null || text.isEmpty()) return List.of();
        List<String> lines = text.lines().toList();
        if (lines.size() < 2 || !lines.get(0).equals(VERSION)) {
            throw unreadable(path, "is not of version 0", null);
        }
        int count;
        try {
            count = Integer.parseInt(lines.get(1));
        } catch (NumberFormatException malformed) {
            throw unreadable(path, "has no number of entries", malformed);
        }
        if (count != lines.size() - 2) {
            throw unreadable(path, "has " + (lines.size() - 2) + " entries, not " + count, null);
        }
        return lines.subList(2, lines.size());
    }

    static DiskFailure unreadable(String path, String what, Throwable cause) {
        return new DiskFailure(path + " " + what
                + ": delete it, and what it tells is found out again by reading the logs", cause);
    }
}

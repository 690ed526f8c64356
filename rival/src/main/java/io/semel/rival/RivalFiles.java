package io.semel.rival;

import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Where a rival keeps what it has. An immutable value; the directory is absolute. */
record RivalFiles(Path dir) {

    private static final int TAIL_LINES = 20;

    static RivalFiles in(Path dir) {
        return new RivalFiles(dir.toAbsolutePath());
    }

    Path data() {
        return dir.resolve("data");
    }

    Path log() {
        return dir.resolve("kafka.log");
    }

    Path properties() {
        return dir.resolve("server.properties");
    }

    void writeProperties(int port, Map<String, String> overrides) {
        try {
            Files.createDirectories(dir);
            Properties properties = new Properties();
            properties.putAll(RivalConfig.of(data(), port, freePort(), overrides));
            try (Writer out = Files.newBufferedWriter(properties())) {
                properties.store(out, null);
            }
        } catch (IOException unwritable) {
            throw new RivalFailure("cannot write " + dir, unwritable);
        }
    }

    /** The last lines of the log, to end an error message with. */
    String logTail() {
        try {
            List<String> lines = Files.readAllLines(log());
            List<String> tail = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
            return "; " + log() + " ends:\n" + String.join("\n", tail);
        } catch (IOException unreadable) {
            return "; no log: " + unreadable;
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new RivalFailure("no free port", none);
        }
    }
}

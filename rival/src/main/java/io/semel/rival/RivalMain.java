package io.semel.rival;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Runs an Apache Kafka broker by hand: {@code --dir DIR [--port N] [--set key=value]...}. Prints one line
 * when it answers and ends with it; Ctrl-C stops both.
 */
public final class RivalMain {

    private static final String USAGE = "usage: RivalMain --dir DIR [--port N] [--set key=value]...";

    private RivalMain() { }

    /** Exit codes: the broker's own, or 2 for arguments that make no sense. */
    public static void main(String[] args) {
        Path dir = null;
        int port = 9092;
        Map<String, String> overrides = new LinkedHashMap<>();
        if (args.length % 2 != 0) refuse("an option without a value");
        for (int i = 0; i < args.length; i += 2) {
            String value = args[i + 1];
            switch (args[i]) {
                case "--dir" -> dir = Path.of(value);
                case "--port" -> port = Integer.parseInt(value);
                case "--set" -> set(overrides, value);
                default -> refuse("unknown option " + args[i]);
            }
        }
        if (dir == null) refuse("--dir is missing");
        run(dir, port, overrides);
    }

    private static void run(Path dir, int port, Map<String, String> overrides) {
        long startNs = System.nanoTime();
        RivalKafka rival = RivalKafka.start(dir, port, overrides);
        Runtime.getRuntime().addShutdownHook(new Thread(rival::close));
        long ms = (System.nanoTime() - startNs) / 1_000_000;
        String ready = "READY Apache Kafka on %s, process %d, after %d ms%n";
        System.out.printf(ready, rival.bootstrap(), rival.pid(), ms);
        System.exit(rival.awaitExit());
    }

    private static void set(Map<String, String> overrides, String keyValue) {
        int at = keyValue.indexOf('=');
        if (at < 1) refuse("--set wants key=value, not " + keyValue);
        overrides.put(keyValue.substring(0, at), keyValue.substring(at + 1));
    }

    private static void refuse(String why) {
        System.err.println(why + System.lineSeparator() + USAGE);
        System.exit(2);
    }
}

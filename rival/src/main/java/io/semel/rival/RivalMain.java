package io.semel.rival;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Runs an Apache Kafka broker in this very process: {@code --dir DIR [--port N] [--set key=value]...}.
 * Prints one line when it answers; ends as Kafka ends. Exit code 2 for arguments that make no sense,
 * otherwise Kafka's own.
 */
public final class RivalMain {

    private static final String USAGE = "usage: RivalMain --dir DIR [--port N] [--set key=value]...";

    private RivalMain() { }

    /** Never returns but with the process. */
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
        run(RivalFiles.in(dir), port, overrides);
    }

    private static void run(RivalFiles files, int port, Map<String, String> overrides) {
        RivalLogging.PROPERTIES.forEach(System::setProperty);
        files.writeProperties(port, overrides);
        Thread announcer = new Thread(() -> announce(port, System.nanoTime()), "announcer");
        announcer.setDaemon(true);
        announcer.start();
        RivalChild.becomeKafka(files.properties(), files.data());
    }

    private static void announce(int port, long startNs) {
        boolean answers = false;
        while (!answers) answers = Probe.answers(port);
        long ms = (System.nanoTime() - startNs) / 1_000_000;
        System.out.printf("READY Apache Kafka on 127.0.0.1:%d after %d ms%n", port, ms);
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

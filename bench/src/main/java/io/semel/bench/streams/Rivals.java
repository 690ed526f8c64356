package io.semel.bench.streams;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Who is measured beside whom, and under which names of topics and directories. Owned by one thread. */
final class Rivals {
    static final String DEFAULTS = "kafka streams";
    static final String TUNED = "kafka streams, commit 10 ms";
    static final String NO_CACHE = "kafka streams, no cache";
    private static final Map<String, String> NOTHING = Map.of();

    private final Path directory;
    private int number;

    Rivals(Path directory) {
        this.directory = directory;
    }

    /** For latencies: commits more often cost throughput, and are tried. */
    static Map<String, Map<String, String>> bySettings(String tuned, Map<String, String> settings) {
        Map<String, Map<String, String>> all = new LinkedHashMap<>();
        all.put(App.OURS, NOTHING);
        all.put(DEFAULTS, NOTHING);
        all.put(tuned, settings);
        return all;
    }

    /** A program with topics and a directory of its own. */
    App.Spec spec(Program program, Broker broker, Map<String, String> settings) {
        String name = "app" + ++number;
        Path place = directory.resolve(broker.name().replace(' ', '-')).resolve(name);
        return new App.Spec(program, name, broker.bootstrap(), place, settings);
    }
}

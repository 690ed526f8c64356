package io.semel.bench.streams;

import java.nio.file.Path;
import java.util.Map;

/** Who is measured beside whom, and under which names of topics and directories. Owned by one thread. */
final class Rivals {
    static final String DEFAULTS = "kafka streams";
    static final String TUNED = "kafka streams, commit 10 ms";
    static final String NO_CACHE = "kafka streams, no cache";

    private final Path directory;
    private int number;

    Rivals(Path directory) {
        this.directory = directory;
    }

    /** A program with topics and a directory of its own. */
    App.Spec spec(Program program, Broker broker, Map<String, String> settings) {
        String name = "app" + ++number;
        Path place = directory.resolve(broker.name().replace(' ', '-')).resolve(name);
        return new App.Spec(program, name, broker.bootstrap(), place, settings);
    }
}

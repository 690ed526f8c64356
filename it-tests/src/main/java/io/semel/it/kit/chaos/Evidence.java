package io.semel.it.kit.chaos;

import io.semel.it.kit.engine.RunningEngine;
import io.semel.it.kit.history.History;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a round that was not clean leaves what it saw: a history for each workload, what the broker told, the
 * segments of its logs. Immutable.
 *
 * @param directory null when nothing is kept
 */
record Evidence(Path directory) {
    static final Evidence NONE = new Evidence(null);

    /** @param name of round and workload */
    void keep(String name, History history) {
        if (directory == null) return;
        try {
            Files.createDirectories(directory);
            history.write(directory.resolve(name + ".jsonl"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** @param engine null when it is not ours */
    void keep(String name, RunningEngine engine) {
        if (directory != null && engine != null) engine.keep(directory.resolve(name));
    }
}

package io.semel.broker.config;

import java.nio.file.Path;

/**
 * Where and how an engine runs as a real process or in an embedding JVM. Immutable.
 *
 * @param dataDirectory created when it is not there; one engine at a time
 * @param listenHost    address to bind
 * @param listenPort    0 for a free one
 * @param lanes         threads that own partitions; 0 for one per core
 * @param ioThreads     threads that force, open and delete files
 */
public record EngineConfig(Path dataDirectory, String listenHost, int listenPort, Durability durability,
        int lanes, int ioThreads) {
    /** {@code force}, a lane per core, sixteen I/O threads: forces of many files at once share their work. */
    public static EngineConfig in(Path dataDirectory, String listenHost, int listenPort) {
        return new EngineConfig(dataDirectory, listenHost, listenPort, Durability.FORCE, 0, 16);
    }

    public EngineConfig withDurability(Durability setting) {
        return new EngineConfig(dataDirectory, listenHost, listenPort, setting, lanes, ioThreads);
    }
}

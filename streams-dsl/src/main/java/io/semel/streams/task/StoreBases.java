package io.semel.streams.task;

import java.nio.file.Path;

/**
 * Where the base stores of an instance's tasks come from. Asked by the threads of all hosts; throws
 * {@link java.io.UncheckedIOException} if it keeps files and the disk fails.
 */
public interface StoreBases {
    /** The default: state on the heap, with snapshots in the state directory if there is one. */
    StoreBases IN_MEMORY = place -> new MemoryBase();

    /**
     * A store that keeps what it has in {@code place}, a directory of its own that may hold what it kept
     * before, or not.
     */
    StoreBase open(Path place);
}

package io.semel.streams.task;

import java.util.NavigableMap;

/**
 * Committed state of one store of one task: only effects of committed transactions ever get in, so that
 * nothing has to be wiped after a crash. May lag behind its log, never lead it. Owned by the task's thread;
 * throws {@link java.io.UncheckedIOException} if it keeps files and the disk fails.
 */
public interface StoreBase extends StoreView {
    /** Applies changes and the log position they lead to, both or neither. */
    void apply(NavigableMap<byte[], StampedBytes> changes, long position);

    /** Forgets everything and returns to position 0. */
    void clear();

    /** The store as it is now, for any thread; changes that come later may be seen by none or all. */
    StoreView view();

    /**
     * When the newest of what it found in files of its own was applied, in milliseconds of the wall clock; 0
     * for a store that keeps none.
     */
    default long foundFromMs() {
        return 0;
    }

    /** The task goes elsewhere: what the store keeps open is let go. Views then show nothing. */
    default void close() {
    }
}

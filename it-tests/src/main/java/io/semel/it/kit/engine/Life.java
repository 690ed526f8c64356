package io.semel.it.kit.engine;

import io.semel.it.kit.storage.Storage;
import java.nio.file.Path;
import java.time.Duration;

/** One life of an engine after another on the same directory and port. Owned by its {@link RunningEngine}. */
interface Life {
    /** Starts; returns when it serves. @return the port */
    int start(int port);

    /** Begins to start, and returns when it has opened its data: it recovers then. */
    default void begin(int port) {
        throw new UnsupportedOperationException("only a process can be left alone while it starts");
    }

    /** Whether it serves, after {@link #begin}. */
    default boolean serves() {
        return true;
    }

    /** What it has told on its standard error, over all lives; null when it has none of its own. */
    default Path log() {
        return null;
    }

    /** Ends in order. */
    void stop();

    /** Ends on the spot. */
    void crash();

    /** Ends on the spot, and what was not forced is gone. */
    void cutPower();

    /** What goes wrong with its disk. */
    Storage storage();

    void pause();

    void resume();

    /** What ended this life unasked; null while it goes on. */
    Throwable defect();

    void moveClock(Duration forward);

    /** After the last life: gives back what lay under all of them. */
    default void end() { }
}

package io.semel.it.kit.engine;

/** Where the engine of a test runs. Immutable. */
public enum Mode {
    /** In the JVM of the test: quickest to start. Cannot be paused. */
    IN_PROCESS,
    /** In a JVM of its own, which can be killed and paused like any process. */
    PROCESS
}

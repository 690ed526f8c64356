package io.semel.bench.contender;

/** A broker under measurement, in a process of its own. Used by the thread that started it. */
public interface Contender extends AutoCloseable {
    /** What it is called in tables: "semel force", "kafka tuned". */
    String name();

    /** What to set as {@code bootstrap.servers}; the same after {@link #restart}. */
    String bootstrap();

    /** A new one after each {@link #restart}. */
    long pid();

    /** SIGKILL; returns when the process is gone. */
    void kill9();

    /** Begins again on the same port with the data it has; returns when it serves. */
    void restart();

    @Override
    void close();
}

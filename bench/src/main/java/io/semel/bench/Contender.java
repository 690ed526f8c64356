package io.semel.bench;

/** A broker under measurement, in a process of its own. Used by the thread that started it. */
interface Contender extends AutoCloseable {
    String name();

    String bootstrap();

    long pid();

    @Override
    void close();
}

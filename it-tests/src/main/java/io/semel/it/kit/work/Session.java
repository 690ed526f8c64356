package io.semel.it.kit.work;

/** One life of a client: it works until it fails, is crashed, or all is done. Used by one thread. */
interface Session {
    /** One step, as a transaction. */
    void step();

    /** Gives its connections back without a word to the broker. */
    void abandon();
}
